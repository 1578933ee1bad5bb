/** Which lots a command's events gave to whom: fills, takeovers, awards of auctions, tear-ups. */
import { SIDE } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";

export const FILL_CODE: number = EVENTS.fill.code;
export const AWARD_CODE: number = EVENTS.bidFilled.code;
export const SALE_CODE: number = EVENTS.positionLiquidated.code;
const TEAR_CODE = EVENTS.positionTornUp.code;

/** Where events name what is looked at. */
export const FILL = { market: 1, maker: 3, taker: 4, side: 5, lots: 7 } as const;
export const SALE = { market: 1, bucket: 2, lots: 3, how: 4, counterparty: 5 } as const;
const TEAR = { market: 1, bucket: 2, lots: 3 } as const;
const AWARD = { market: 2, bucket: 3, lots: 4 } as const;
/** How a position was liquidated: in the book and in a call auction, where its fills tell of the lots, and by the backstop. */
const IN_BOOK = 1;
const IN_CALL_AUCTION = 5;
export const TAKEOVER = 2;

/** Lots of a market that an event gave to a bucket; negative if it took them. */
export function lotsOf(words: Float64Array, at: number, bucketId: number, market: number): number {
  const of = (column: number): number => words[at + column] as number;
  switch (of(0)) {
    case FILL_CODE: {
      if (of(FILL.market) !== market) return 0;
      const bought = of(FILL.side) === SIDE.buy ? of(FILL.lots) : -of(FILL.lots);
      return (of(FILL.taker) === bucketId ? bought : 0) - (of(FILL.maker) === bucketId ? bought : 0);
    }
    case SALE_CODE:
      if (of(SALE.market) !== market || of(SALE.how) === IN_BOOK || of(SALE.how) === IN_CALL_AUCTION)
        return 0;
      return (
        (of(SALE.counterparty) === bucketId ? of(SALE.lots) : 0) -
        (of(SALE.bucket) === bucketId ? of(SALE.lots) : 0)
      );
    case AWARD_CODE:
      return of(AWARD.market) === market && of(AWARD.bucket) === bucketId ? of(AWARD.lots) : 0;
    case TEAR_CODE:
      return of(TEAR.market) === market && of(TEAR.bucket) === bucketId ? -of(TEAR.lots) : 0;
    default:
      return 0;
  }
}

/** A book kept from messages is the node's, level by level; if it is not, it says so. */
import {
  type BookLevelText,
  amountText,
  bookChecksum,
  directoryOf,
  instrumentNamed,
  priceText,
} from "@bulkhead/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LocalBook } from "./localBook.ts";

const instrument = instrumentNamed(
  directoryOf({
    assets: [],
    tiers: [{ tier: 1, name: "majors" }],
    instruments: [
      {
        symbol: "BTC-PERP",
        tier: 1,
        market: 1,
        base: "BTC",
        quote: "USD",
        tickSize: "0.5",
        lotSize: "0.001",
      },
    ],
  }),
  "BTC-PERP",
  "symbol",
);

/** The node's side of it: lots by tick. */
type Side = ReadonlyMap<number, number>;

function textsOf(side: Side, order: number): BookLevelText[] {
  return [...side]
    .toSorted(([a], [b]) => order * (a - b))
    .map(([ticks, lots]) => [priceText(instrument, ticks), amountText(instrument, lots)]);
}

const head = { channel: "book", symbol: "BTC-PERP", time: 1 } as const;

function snapshotOf(bids: Side, asks: Side, sequence: number) {
  const [bid, ask] = [textsOf(bids, -1), textsOf(asks, 1)];
  return {
    ...head,
    type: "snapshot" as const,
    sequence,
    bids: bid,
    asks: ask,
    checksum: bookChecksum(bid, ask),
  };
}

const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(3)), {
  minLength: 1,
  maxLength: 12,
});

describe("a local book", () => {
  test("is the node's after any changes", () => {
    fc.assert(
      fc.property(
        changes,
        changes,
        fc.array(fc.tuple(fc.boolean(), changes), { maxLength: 20 }),
        (bid, ask, updates) => {
          const sides = {
            bids: new Map(bid.filter(([, lots]) => lots > 0)),
            asks: new Map(ask.filter(([, lots]) => lots > 0)),
          };
          const book = new LocalBook(instrument);
          expect(book.apply(snapshotOf(sides.bids, sides.asks, 10))).toBe(true);
          let sequence = 10;
          for (const [isBid, levels] of updates) {
            const side = isBid ? sides.bids : sides.asks;
            for (const [ticks, lots] of levels)
              if (lots === 0) side.delete(ticks);
              else side.set(ticks, lots);
            const changed = [...new Map(levels)].map(([ticks]): BookLevelText => [
              priceText(instrument, ticks),
              amountText(instrument, side.get(ticks) ?? 0),
            ]);
            const previous = sequence;
            sequence += 3;
            const checksum = bookChecksum(textsOf(sides.bids, -1), textsOf(sides.asks, 1));
            const [bids, asks] = isBid ? [changed, []] : [[], changed];
            expect(book.apply({ ...head, type: "update", previous, sequence, bids, asks, checksum })).toBe(
              true,
            );
          }
          expect(book.bids).toEqual(textsOf(sides.bids, -1));
          expect(book.asks).toEqual(textsOf(sides.asks, 1));
          expect(book.bestBid).toEqual(book.bids[0]);
          expect(book.bestAsk).toEqual(book.asks[0]);
          expect(book.sequence).toBe(sequence);
        },
      ),
    );
  });

  test("says so when a message is missing, the checksum is another, or there was no snapshot", () => {
    const bids = new Map([[10, 5]]);
    const asks = new Map([[11, 7]]);
    const book = new LocalBook(instrument);
    const update = {
      ...head,
      type: "update" as const,
      previous: 10,
      sequence: 12,
      bids: [["5.0", "0.000"]] as [string, string][],
      asks: [],
      checksum: bookChecksum([], textsOf(asks, 1)),
    };
    expect(book.apply(update)).toBe(false);
    expect(book.apply(snapshotOf(bids, asks, 10))).toBe(true);
    expect(book.apply({ ...update, previous: 11 })).toBe(false);
    expect(book.apply({ ...update, checksum: update.checksum ^ 1 })).toBe(false);
    expect(book.apply(snapshotOf(bids, asks, 10))).toBe(true);
    expect(book.apply(update)).toBe(true);
    expect(book.bids).toEqual([]);
    book.clear();
    expect([book.sequence, book.asks]).toEqual([0, []]);
  });
});

/** Fills as their owners are told of them, whatever changed hands: by a trade, by a take-over in a liquidation, or at a market's end. */
import { EVENTS } from "@bulkhead/engine";
import { type Fill, usdText } from "@bulkhead/protocol";
import { tellFill } from "../telling/fills.ts";
import type { Labels } from "../telling/labels.ts";

/** A fill, by the bucket whose it is; told once somebody is known to watch. */
export interface OwnFill {
  readonly bucket: number;
  /** @param account - that owns the bucket */
  readonly tell: (account: number) => Omit<Fill, "realizedPnl"> & { readonly realizedPnl: string | null };
}

interface Part {
  readonly bucket: number;
  readonly orderId: string | null;
  /** Signed: above 0 = bought. */
  readonly lots: number;
  readonly isMaker: boolean;
  readonly fee: number;
  /** Micro-dollars; undefined = the event does not say. */
  readonly realised: number | undefined;
}

const HOW_BACKSTOP = 2;
const HOW_TORN_UP = 3;

/** Of which command a fill is, and what it is called. */
export interface FillHead {
  readonly id: string;
  readonly tier: number;
  readonly sequence: number;
  readonly time: number;
}

/** What the event of a trade does not say. */
export interface TradeTerms {
  readonly kind: "trade" | "liquidation" | "auction";
  readonly maker: string;
  readonly taker: string | null;
}

/** Both sides of a trade. */
export function tellTrade(
  labels: Labels,
  head: FillHead,
  events: Float64Array,
  at: number,
  { kind, maker, taker }: TradeTerms,
): OwnFill[] {
  const word = (index: number): number => events[at + index] as number;
  const bought = word(5) === 0 ? word(7) : -word(7);
  return told(labels, head, word(1), word(6), kind, [
    {
      bucket: word(3),
      orderId: maker,
      lots: -bought,
      isMaker: true,
      fee: word(8),
      realised: word(10),
    },
    {
      bucket: word(4),
      orderId: taker,
      lots: bought,
      isMaker: false,
      fee: word(9),
      realised: word(11),
    },
  ]);
}

/** What changed hands otherwise, one fill per bucket that had a part in it; none if trades tell of it, or the event of somebody else does. */
export function tellClosing(labels: Labels, where: FillHead, events: Float64Array, at: number): OwnFill[] {
  const word = (index: number): number => events[at + index] as number;
  const none = { orderId: null, isMaker: false, fee: 0, realised: undefined };
  switch (events[at]) {
    case EVENTS.positionLiquidated.code: {
      const [bucket, lots, how, counterparty] = [word(2), word(3), word(4), word(5)];
      if (how === HOW_TORN_UP)
        return told(labels, where, word(1), word(6), "tear-up", [{ ...none, bucket, lots: -lots }]);
      if (how !== HOW_BACKSTOP) return [];
      return told(labels, where, word(1), word(6), "backstop", [
        { ...none, bucket, lots: -lots },
        { ...none, bucket: counterparty, lots },
      ]);
    }
    case EVENTS.bidFilled.code:
      return told(labels, where, word(2), word(5), "keeper", [
        { ...none, bucket: word(1), lots: -word(4) },
        { ...none, bucket: word(3), lots: word(4) },
      ]);
    case EVENTS.positionTornUp.code:
      return told(labels, where, word(1), word(4), "tear-up", [{ ...none, bucket: word(2), lots: -word(3) }]);
    case EVENTS.positionSettled.code:
      return told(labels, where, word(1), word(4), "settlement", [
        { ...none, bucket: word(2), lots: -word(3), realised: word(5) },
      ]);
    default:
      return [];
  }
}

function told(
  labels: Labels,
  { id, tier, sequence, time }: FillHead,
  market: number,
  price: number,
  kind: Fill["kind"],
  parts: readonly Part[],
): OwnFill[] {
  return parts.map(({ bucket, orderId, lots, isMaker, fee, realised }) => ({
    bucket,
    tell: (account) => ({
      ...tellFill(labels, {
        id,
        tier,
        market,
        kind,
        price,
        sequence,
        time,
        account,
        bucket,
        orderId,
        isMaker,
        fee,
        isBought: lots > 0,
        lots: Math.abs(lots),
      }),
      realizedPnl: realised === undefined ? null : usdText(realised),
    }),
  }));
}

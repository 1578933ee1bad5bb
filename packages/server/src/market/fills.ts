/** Fills as their owners are told of them, whatever changed hands: by a trade, by a take-over in a liquidation, or at a market's end. */
import { EVENTS, EVENT_WORDS } from "@bulkhead/engine";
import { type Fill, usdText } from "@bulkhead/protocol";
import { tellFill } from "../telling/fills.ts";
import { type EventPlace, fillId } from "../telling/ids.ts";
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
/** What changes hands in a closing has no order, and costs no fee. */
const CLOSED = { orderId: null, fee: 0, realised: undefined } as const;

/** Of which command a fill is, and which of its events tells of it. */
export interface FillHead extends EventPlace {
  readonly tier: number;
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

/** What changed hands otherwise: a fill of whose position is closed, and one of who takes it over; none if trades tell of it, or another event does. */
export function tellClosing(labels: Labels, head: FillHead, events: Float64Array, at: number): OwnFill[] {
  const word = (index: number): number => events[at + index] as number;
  const hand = (market: number, price: number, kind: Fill["kind"], lots: number, from: number, to: number) =>
    told(labels, head, market, price, kind, [
      { ...CLOSED, bucket: from, lots: -lots, isMaker: true },
      { ...CLOSED, bucket: to, lots, isMaker: false },
    ]);
  switch (events[at]) {
    case EVENTS.positionLiquidated.code:
      return word(4) === HOW_BACKSTOP ? hand(word(1), word(6), "backstop", word(3), word(2), word(5)) : [];
    case EVENTS.bidFilled.code:
      return hand(word(2), word(5), "keeper", word(4), word(1), word(3));
    case EVENTS.positionTornUp.code: {
      const bankrupt = bankruptOf(events, at, head.event);
      return hand(word(1), word(4), "tear-up", -word(3), bankrupt, word(2));
    }
    case EVENTS.positionSettled.code:
      return told(labels, head, word(1), word(4), "settlement", [
        { ...CLOSED, bucket: word(2), lots: -word(3), isMaker: false, realised: word(5) },
      ]);
    default:
      return [];
  }
}

/** Against whose position another is torn up, which an event before it told. @param event - its place in the command, from 1 */
function bankruptOf(events: Float64Array, at: number, event: number): number {
  for (let left = event - 1, before = at - EVENT_WORDS; left > 0; left--, before -= EVENT_WORDS)
    if (
      events[before] === EVENTS.positionLiquidated.code &&
      events[before + 4] === HOW_TORN_UP &&
      events[before + 1] === events[at + 1]
    )
      return events[before + 2] as number;
  throw new RangeError("a position was torn up against nobody's");
}

function told(
  labels: Labels,
  { tier, sequence, event, time }: FillHead,
  market: number,
  price: number,
  kind: Fill["kind"],
  parts: readonly Part[],
): OwnFill[] {
  return parts.map(({ bucket, orderId, lots, isMaker, fee, realised }) => ({
    bucket,
    tell: (account) => ({
      ...tellFill(labels, {
        id: fillId({ sequence, event }, isMaker),
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

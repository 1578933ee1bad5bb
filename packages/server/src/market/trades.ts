/** The trades of a batch, command by command, as everybody may see them. */
import { EVENTS, EVENT_WORDS } from "@bulkhead/engine";
import type { Traded } from "../telling/trades.ts";

/** Its kind: between orders, in a call auction, or to close a position in distress. */
export interface Trade extends Traded {
  readonly market: number;
}

const FILL = EVENTS.fill.code;
const PAIRED = EVENTS.ordersPaired.code;
const LIQUIDATED = EVENTS.positionLiquidated.code;

/** Ways of closing a position that fills tell the rest of. */
const BY_FILLS: readonly number[] = [1, 5];

/**
 * The trades of one command, in order.
 * @param from - its first event; @param to - the one after its last
 */
export function tradesOf(
  sequence: number,
  time: number,
  events: Float64Array,
  from: number,
  to: number,
): readonly Trade[] {
  let trades: Draft[] | undefined;
  for (let event = from; event < to; event++) {
    const at = event * EVENT_WORDS;
    if (events[at] === FILL) {
      trades ??= [];
      trades.push({
        sequence,
        event: event - from + 1,
        time,
        market: events[at + 1] as number,
        price: events[at + 6] as number,
        lots: events[at + 7] as number,
        side: events[at + 5] as number,
        kind: event > from && events[at - EVENT_WORDS] === PAIRED ? "auction" : "trade",
        taker: events[at + 4] as number,
      });
    } else if (events[at] === LIQUIDATED && trades !== undefined) {
      markForced(trades, events, at);
    }
  }
  return trades ?? NO_TRADES;
}

interface Draft extends Trade {
  readonly taker: number;
  kind: Trade["kind"];
}

const NO_TRADES: readonly Trade[] = [];

/** A position was closed by the fills just before, as many as its lots. */
function markForced(trades: Draft[], events: Float64Array, at: number): void {
  if (!BY_FILLS.includes(events[at + 4] as number)) return;
  let left = Math.abs(events[at + 3] as number);
  for (let index = trades.length - 1; index >= 0 && left > 0; index--) {
    const trade = trades[index] as Draft;
    if (trade.market !== events[at + 1] || trade.taker !== events[at + 2]) return;
    trade.kind = "liquidation";
    left -= trade.lots;
  }
}

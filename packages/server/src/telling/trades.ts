/** A trade as everybody may see it. */
import {
  type Instrument,
  SIDES,
  type Trade,
  amountText,
  notionalOf,
  priceText,
  usdText,
} from "@bulkhead/protocol";
import { type EventPlace, tradeId } from "./ids.ts";

/** Quantities are in the engine's units. */
export interface Traded extends EventPlace {
  readonly time: number;
  readonly price: number;
  readonly lots: number;
  /** The taker's: 0 = bought, 1 = sold. */
  readonly side: number;
  readonly kind: Trade["kind"];
}

export function tellTrade(instrument: Instrument, trade: Traded): Trade {
  const { price, lots, side, kind, time, sequence } = trade;
  return {
    id: tradeId(trade),
    symbol: instrument.symbol,
    side: side === SIDES.buy ? "buy" : "sell",
    price: priceText(instrument, price),
    amount: amountText(instrument, lots),
    cost: usdText(price * lots * notionalOf(instrument)),
    kind,
    time,
    sequence,
  };
}

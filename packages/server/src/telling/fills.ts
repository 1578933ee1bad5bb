/** A fill in the words of its owner, whatever changed hands. */
import { type Fill, notionalOf, usdText } from "@bulkhead/protocol";
import { type Labels, lotsText, ticksText } from "./labels.ts";

/** Quantities are in the engine's units. */
export interface OwnedFill extends Pick<
  Fill,
  "id" | "orderId" | "account" | "bucket" | "kind" | "time" | "sequence"
> {
  readonly tier: number;
  readonly market: number;
  readonly isBought: boolean;
  readonly isMaker: boolean;
  readonly price: number;
  readonly lots: number;
  readonly fee: number;
}

/** All but what it realised, which not everything that closes a position says. */
export function tellFill(labels: Labels, fill: OwnedFill): Omit<Fill, "realizedPnl"> {
  const { tier, market, price, lots } = fill;
  const instrument = labels.instrument(tier, market);
  const notional = instrument === undefined ? 1 : notionalOf(instrument);
  return {
    id: fill.id,
    orderId: fill.orderId,
    account: fill.account,
    bucket: fill.bucket,
    symbol: labels.symbol(tier, market),
    side: fill.isBought ? "buy" : "sell",
    takerOrMaker: fill.isMaker ? "maker" : "taker",
    kind: fill.kind,
    price: ticksText(instrument, price),
    amount: lotsText(instrument, lots),
    cost: usdText(price * lots * notional),
    fee: usdText(fill.fee),
    time: fill.time,
    sequence: fill.sequence,
  };
}

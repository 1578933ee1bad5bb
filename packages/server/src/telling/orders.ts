/** An order, from what is kept of it to the words of traders: the views' answers and the streams tell it alike. */
import { ORDER_FLAG } from "@bulkhead/engine";
import {
  ORDER_TYPES,
  type Order,
  REASONS,
  SELF_TRADES,
  SIDES,
  TIMES_IN_FORCE,
  nameOf,
  notionalOf,
  orderNameText,
  pointsText,
  usdText,
} from "@bulkhead/protocol";
import { type Labels, lotsText, orNull, priceOrNull } from "./labels.ts";

/** Quantities are in the engine's units. */
export interface OrderRow {
  /** Of the command that placed it. */
  readonly sequence: number;
  readonly time: number;
  readonly tier: number;
  readonly market: number;
  readonly account: number;
  readonly bucket: number;
  /** The engine's id; 0 = it never rested. */
  readonly order: number;
  readonly clientId: number;
  readonly side: number;
  readonly type: number;
  readonly timeInForce: number;
  readonly flags: number;
  readonly selfTrade: number;
  readonly price: number;
  readonly trigger: number;
  readonly expiry: number;
  readonly lots: number;
  readonly open: number;
  readonly filled: number;
  /** Σ price × lots of its fills, a decimal integer. */
  readonly value: string;
  readonly fees: number;
  /** open, waiting, filled, cancelled. */
  readonly status: string;
  readonly reason: number;
  readonly updatedSequence: number;
  readonly updatedAt: number;
}

const STATUS: Readonly<Record<string, Order["status"]>> = {
  open: "open",
  waiting: "open",
  filled: "closed",
  cancelled: "canceled",
};
const POINTS_PER_TICK = 1_000n;

/** @param isCross - whether the order's bucket is the account's cross one */
export function tellOrder(labels: Labels, row: OrderRow, isCross: boolean): Order {
  const { tier, market } = row;
  const instrument = labels.instrument(tier, market);
  const notional = instrument === undefined ? 1n : BigInt(notionalOf(instrument));
  const value = BigInt(row.value);
  const points = row.filled === 0 ? 0 : Number((value * POINTS_PER_TICK) / BigInt(row.filled));
  const average = instrument === undefined ? String(points) : pointsText(instrument, points);
  return {
    id: orderId(row),
    clientOrderId: row.clientId === 0 ? null : String(row.clientId),
    account: row.account,
    bucket: row.bucket,
    symbol: labels.symbol(tier, market),
    side: nameOf(SIDES, row.side) ?? "buy",
    type: nameOf(ORDER_TYPES, row.type) ?? "limit",
    timeInForce: nameOf(TIMES_IN_FORCE, row.timeInForce) ?? "GTC",
    price: priceOrNull(instrument, row.price),
    triggerPrice: priceOrNull(instrument, row.trigger),
    amount: lotsText(instrument, row.lots),
    filled: lotsText(instrument, row.filled),
    remaining: lotsText(instrument, row.open),
    cost: usdText(Number(value * notional)),
    average: row.filled === 0 ? null : average,
    fee: usdText(row.fees),
    status: STATUS[row.status] ?? "canceled",
    waiting: row.status === "waiting",
    postOnly: (row.flags & ORDER_FLAG.postOnly) !== 0,
    reduceOnly: (row.flags & ORDER_FLAG.reduceOnly) !== 0,
    marginMode: isCross ? "cross" : "isolated",
    selfTradePrevention: nameOf(SELF_TRADES, row.selfTrade) ?? "cancelNewest",
    expiresAt: orNull(row.expiry),
    reason: nameOf(REASONS, row.reason) ?? null,
    createdAt: row.time,
    updatedAt: row.updatedAt,
    sequence: row.updatedSequence,
  };
}

/** The name of an order: that of its row, or, if it was done at once and has none, that of the command that placed it. */
export function orderId({ tier, order, sequence }: Pick<OrderRow, "tier" | "order" | "sequence">): string {
  return order === 0 ? orderNameText(tier, "sequence", sequence) : orderNameText(tier, "order", order);
}

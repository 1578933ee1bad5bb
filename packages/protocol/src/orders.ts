/** Between an order as a trader writes it and the command, and between an order's id on the wire and the engine's. */
import { DecodeError, ORDER_FLAG, limits } from "@bulkhead/engine";
import type { OrderRequest, OrderStatus } from "./api/orders.ts";
import { ORDER_TYPES, REASONS, SELF_TRADES, SIDES, TIMES_IN_FORCE, nameOf } from "./api/values.ts";
import { type CommandInput, frameOf } from "./commands.ts";
import { type Instrument, amountText, lotsOf, ticksOf } from "./instruments.ts";

type PlaceOrder = Extract<CommandInput, { readonly kind: "placeOrder" }>;

/** What the wire names an order by: the engine's number, the client's own, or the command that placed it if it never rested. */
export interface OrderName {
  readonly tier: number;
  readonly by: "order" | "client" | "sequence";
  readonly value: number;
}

const MARKS = { order: "", client: "c", sequence: "s" } as const;
const ORDER_NAME = /^(\d{1,2})-([cs]?)(\d{1,16})$/;

/**
 * The command of an order.
 * @param bucket - the account's in the instrument's tier, of the order's margin mode
 * @throws {DecodeError} if a price or amount fits no tick or lot
 */
export function placeOrderOf(
  request: OrderRequest,
  instrument: Instrument,
  account: number,
  bucket: number,
  where = "body",
): PlaceOrder {
  const { type, price, triggerPrice, expiresAt, clientOrderId, postOnly, reduceOnly } = request;
  const isLimit = type === "limit" || type === "stop_limit" || type === "take_profit_limit";
  const undated = isLimit ? "GTC" : "IOC";
  const { timeInForce = expiresAt === undefined ? undated : "GTD" } = request;
  return {
    kind: "placeOrder",
    account,
    tier: instrument.tier,
    bucket,
    market: instrument.market,
    side: SIDES[request.side],
    type: ORDER_TYPES[type],
    timeInForce: TIMES_IN_FORCE[timeInForce],
    price: price === undefined ? 0 : ticksOf(instrument, price, `${where}.price`),
    lots: lotsOf(instrument, request.amount, `${where}.amount`),
    trigger: triggerPrice === undefined ? 0 : ticksOf(instrument, triggerPrice, `${where}.triggerPrice`),
    expiry: expiresAt ?? 0,
    clientId: clientOrderId === undefined ? 0 : clientIdOf(clientOrderId, `${where}.clientOrderId`),
    flags: (postOnly === true ? ORDER_FLAG.postOnly : 0) + (reduceOnly === true ? ORDER_FLAG.reduceOnly : 0),
    selfTrade: SELF_TRADES[request.selfTradePrevention ?? "cancelNewest"],
  };
}

/** The same as a frame. @throws {DecodeError} also if a number is out of its field's range */
export function orderFrame(
  request: OrderRequest,
  instrument: Instrument,
  account: number,
  bucket: number,
  where = "body",
): Float64Array {
  return frameOf(placeOrderOf(request, instrument, account, bucket, where));
}

/** What the receipt of an order says, in the words of traders. */
export interface Placed {
  readonly id: string;
  readonly status: OrderStatus;
  readonly filled: string;
  readonly remaining: string;
  readonly reason: keyof typeof REASONS | null;
}

/**
 * Reads the receipt of `placeOrder` or `amendOrder`.
 * @param facts - order, filled, resting, reason
 * @param sequence - of the command
 */
export function placedOf(instrument: Instrument, facts: ArrayLike<number>, sequence: number): Placed {
  const [order, filled, resting, reason] = [facts[0], facts[1], facts[2], facts[3]] as [
    number,
    number,
    number,
    number,
  ];
  return {
    id:
      order === 0
        ? orderNameText(instrument.tier, "sequence", sequence)
        : orderNameText(instrument.tier, "order", order),
    status: statusOfPlaced(resting, reason),
    filled: amountText(instrument, filled),
    remaining: amountText(instrument, resting),
    reason: nameOf(REASONS, reason) ?? null,
  };
}

export function orderNameText(tier: number, by: OrderName["by"], value: number): string {
  return `${tier}-${MARKS[by]}${value}`;
}

/** @throws {DecodeError} if it is no order's name */
export function orderNameOf(text: string, path = "id"): OrderName {
  const [, tier = "0", mark = "", digits = "0"] = ORDER_NAME.exec(text) ?? [];
  const value = Number(digits);
  const isNamed =
    Number(tier) >= 1 && Number(tier) <= limits.MAX_TIERS && value >= 1 && Number.isSafeInteger(value);
  if (!isNamed) throw new DecodeError(path, "an order's id, such as 1-4711, is required", text);
  return { tier: Number(tier), by: mark === "c" ? "client" : mark === "s" ? "sequence" : "order", value };
}

/** @throws {DecodeError} if it is no integer from 1 to 2^53−1 */
export function clientIdOf(text: string, path = "clientOrderId"): number {
  const id = Number(text);
  if (!/^[1-9]\d{0,15}$/.test(text) || !Number.isSafeInteger(id))
    throw new DecodeError(path, `an integer from 1 to ${limits.MAX_INTEGER} is required`, text);
  return id;
}

/** Filled whole, it is closed; dropped in part or whole, canceled. */
function statusOfPlaced(resting: number, reason: number): OrderStatus {
  if (resting > 0) return "open";
  return reason === 0 ? "closed" : "canceled";
}

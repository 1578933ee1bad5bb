/**
 * Open orders as their bucket sees them: the rows, the ids, the bucket's list, the client ids, and the lots each position
 * reserves for them.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { find, insert, remove } from "../kernel/pairIndex.ts";
import { numberOf, rowOf } from "../kernel/pool.ts";
import type { Lots, Ticks } from "../kernel/units.ts";
import { lotValueAt, valueOf } from "../kernel/value.ts";
import { isBuy, isReduceOnly } from "../domain/orderTerms.ts";
import { slotAt, slotNumber } from "../domain/positions.ts";
import { BUCKET, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER } from "../domain/rows/order.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { disarm } from "./timers.ts";

/** An id is generation·2^22 + slot number. */
export const ID_SLOTS = 2 ** 22;

/** The id by which the world knows an open order. */
export function orderId(tier: TierShard, order: Ref<"order">): number {
  return tier.arena.int(order, ORDER.generation) * ID_SLOTS + numberOf(tier.orders, order);
}

/** The open order of an id, or `NIL` if it was never placed, or is filled or cancelled. */
export function orderOf(tier: TierShard, id: number): Ref<"order"> {
  const generation = Math.floor(id / ID_SLOTS);
  const slot = id - generation * ID_SLOTS;
  const order = slot === 0 ? NIL : rowOf(tier.arena, tier.orders, slot);
  if (order === NIL || tier.arena.int(order, ORDER.bucket) === NIL) return NIL;
  return tier.arena.int(order, ORDER.generation) === generation ? order : NIL;
}

/** The account's open order with a client id, or `NIL`. */
export function orderOfClient(tier: TierShard, account: number, clientId: number): Ref<"order"> {
  if (clientId === 0) return NIL;
  return find(tier.arena, tier.clientIndex, account, clientId);
}

export function hasRoomForOrder(tier: TierShard): boolean {
  return !tier.orderSlots.isExhausted;
}

/** Takes a row for a new order and enters it in its bucket's books. It neither rests nor waits yet; `NIL` when full. */
export function openOrder(
  tier: TierShard,
  market: Market,
  bucket: Ref<"bucket">,
  position: Ref<"position">,
  terms: number,
  price: Ticks,
  trigger: Ticks,
  lots: Lots,
  clientId: number,
  account: number,
): Ref<"order"> {
  const { arena } = tier;
  const order = tier.orderSlots.take();
  if (order === NIL) return order;
  const newest = arena.int(bucket, BUCKET.newestOrder);
  arena.putInt(order, ORDER.bucket, bucket);
  arena.putInt(order, ORDER.terms, terms);
  arena.putInt(order, ORDER.price, price);
  arena.putInt(order, ORDER.trigger, trigger);
  arena.putInt(order, ORDER.bucketOlder, newest);
  arena.putInt(order, ORDER.slot, slotNumber(arena, bucket, position));
  arena.putInt(order, ORDER.market, market.id);
  arena.putNum(order, ORDER.lots, lots);
  arena.putNum(order, ORDER.clientId, clientId);
  if (newest !== NIL) arena.setInt(newest, ORDER.bucketNewer, order);
  arena.setInt(bucket, BUCKET.newestOrder, order);
  arena.setInt(position, POSITION.orders, arena.int(position, POSITION.orders) + 1);
  arena.setInt(market.row, MARKET.orders, arena.int(market.row, MARKET.orders) + 1);
  if (clientId !== 0) insert(arena, tier.clientIndex, account, clientId, order);
  return order;
}

/** Strikes an order out of its bucket's books and gives its row back. It neither rests nor waits any more. */
export function closeOrder(tier: TierShard, market: Market, order: Ref<"order">): void {
  const { arena } = tier;
  const bucket = arena.int(order, ORDER.bucket);
  const position = slotAt(arena, bucket, arena.int(order, ORDER.slot));
  const clientId = arena.num(order, ORDER.clientId);
  if (clientId !== 0) remove(arena, tier.clientIndex, arena.int(bucket, BUCKET.account), clientId);
  if (arena.int(order, ORDER.timer) !== 0) disarm(tier, order);
  unlinkFromBucket(arena, bucket, order);
  arena.setInt(position, POSITION.orders, arena.int(position, POSITION.orders) - 1);
  arena.setInt(market.row, MARKET.orders, arena.int(market.row, MARKET.orders) - 1);
  tier.orderSlots.giveBack(order);
}

/** Makes an order that re-enters the book the bucket's newest again. */
export function relinkAsNewest(arena: Arena, order: Ref<"order">): void {
  const bucket = arena.int(order, ORDER.bucket);
  unlinkFromBucket(arena, bucket, order);
  linkToBucket(arena, bucket, order);
}

/** The position slot an order belongs to. */
export function positionOfOrder(arena: Arena, order: Ref<"order">): Ref<"position"> {
  return slotAt(arena, arena.int(order, ORDER.bucket), arena.int(order, ORDER.slot));
}

/**
 * Adds lots that rest on the book to what the position reserves, or takes them off (negative). Reduce-only orders cannot
 * increase a position and reserve nothing.
 */
export function reserve(
  arena: Arena,
  market: Market,
  position: Ref<"position">,
  terms: number,
  price: Ticks,
  lots: Lots,
): void {
  if (isReduceOnly(terms)) return;
  const value = valueOf(lots, lotValueAt(price, market.notional));
  if (isBuy(terms)) {
    arena.addNum(position, POSITION.bidLots, lots);
    arena.addNum(position, POSITION.bidNotional, value);
  } else {
    arena.addNum(position, POSITION.askLots, lots);
    arena.addNum(position, POSITION.askNotional, value);
  }
}

/** The bucket's newest open order, or `NIL`; older ones follow through `ORDER.bucketOlder`. */
export function newestOrder(arena: Arena, bucket: Ref<"bucket">): Ref<"order"> {
  return arena.int(bucket, BUCKET.newestOrder);
}

function linkToBucket(arena: Arena, bucket: Ref<"bucket">, order: Ref<"order">): void {
  const newest = arena.int(bucket, BUCKET.newestOrder);
  arena.setInt(order, ORDER.bucketOlder, newest);
  arena.setInt(order, ORDER.bucketNewer, NIL);
  if (newest !== NIL) arena.setInt(newest, ORDER.bucketNewer, order);
  arena.setInt(bucket, BUCKET.newestOrder, order);
}

function unlinkFromBucket(arena: Arena, bucket: Ref<"bucket">, order: Ref<"order">): void {
  const older = arena.int(order, ORDER.bucketOlder);
  const newer = arena.int(order, ORDER.bucketNewer);
  if (newer === NIL) arena.setInt(bucket, BUCKET.newestOrder, older);
  else arena.setInt(newer, ORDER.bucketOlder, older);
  if (older !== NIL) arena.setInt(older, ORDER.bucketNewer, newer);
}

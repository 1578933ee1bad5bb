/** Good-till-date orders by expiry: a binary heap in which each order knows its place, so a cancel removes it at once. */
import { NIL, type Ref } from "../kernel/arena.ts";
import { numberOf } from "../kernel/pool.ts";
import type { Ms } from "../kernel/units.ts";
import { ORDER, TIMER } from "../domain/rows/order.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";

/** Enters an order with its expiry. */
export function arm(tier: TierShard, order: Ref<"order">, expiry: Ms): void {
  const { arena } = tier;
  const place = arena.int(tier.row, TIER.timers) + 1;
  arena.setInt(tier.row, TIER.timers, place);
  arena.setNum(tier.timer(place), TIMER.expiry, expiry);
  put(tier, place, order, expiry);
  siftUp(tier, place);
}

/** Removes an order from the heap. */
export function disarm(tier: TierShard, order: Ref<"order">): void {
  const { arena } = tier;
  const place = arena.int(order, ORDER.timer);
  const last = arena.int(tier.row, TIER.timers);
  const moved = tier.timer(last);
  arena.setInt(order, ORDER.timer, 0);
  arena.setInt(tier.row, TIER.timers, last - 1);
  if (place === last) return;
  put(tier, place, arena.int(moved, TIMER.order), arena.num(moved, TIMER.expiry));
  siftUp(tier, place);
  siftDown(tier, place);
}

/** When a good-till-date order expires; meaningless for others. */
export function expiryOf(tier: TierShard, order: Ref<"order">): Ms {
  return tier.arena.num(tier.timer(tier.arena.int(order, ORDER.timer)), TIMER.expiry);
}

/** True when the order is good till a date that has come. */
export function isExpired(tier: TierShard, order: Ref<"order">, now: Ms): boolean {
  return tier.arena.int(order, ORDER.timer) !== 0 && expiryOf(tier, order) <= now;
}

/** The order that expires first, if it is due: earliest expiry, then lowest order slot; else `NIL`. */
export function nextDue(tier: TierShard, now: Ms): Ref<"order"> {
  const { arena } = tier;
  if (arena.int(tier.row, TIER.timers) === 0) return NIL;
  const first = tier.timer(1);
  return arena.num(first, TIMER.expiry) <= now ? arena.int(first, TIMER.order) : NIL;
}

function siftUp(tier: TierShard, start: number): void {
  let place = start;
  while (place > 1) {
    const parent = place >> 1;
    if (!isBefore(tier, place, parent)) return;
    swap(tier, place, parent);
    place = parent;
  }
}

function siftDown(tier: TierShard, start: number): void {
  const count = tier.arena.int(tier.row, TIER.timers);
  let place = start;
  for (;;) {
    let child = place * 2;
    if (child > count) return;
    if (child < count && isBefore(tier, child + 1, child)) child++;
    if (!isBefore(tier, child, place)) return;
    swap(tier, place, child);
    place = child;
  }
}

function isBefore(tier: TierShard, a: number, b: number): boolean {
  const { arena } = tier;
  const left = tier.timer(a);
  const right = tier.timer(b);
  const difference = arena.num(left, TIMER.expiry) - arena.num(right, TIMER.expiry);
  if (difference !== 0) return difference < 0;
  return (
    numberOf(tier.orders, arena.int(left, TIMER.order)) < numberOf(tier.orders, arena.int(right, TIMER.order))
  );
}

function swap(tier: TierShard, a: number, b: number): void {
  const { arena } = tier;
  const left = tier.timer(a);
  const right = tier.timer(b);
  const order = arena.int(left, TIMER.order);
  const expiry = arena.num(left, TIMER.expiry);
  put(tier, a, arena.int(right, TIMER.order), arena.num(right, TIMER.expiry));
  put(tier, b, order, expiry);
}

function put(tier: TierShard, place: number, order: Ref<"order">, expiry: Ms): void {
  const { arena } = tier;
  const timer = tier.timer(place);
  arena.setInt(timer, TIMER.order, order);
  arena.setNum(timer, TIMER.expiry, expiry);
  arena.setInt(order, ORDER.timer, place);
}

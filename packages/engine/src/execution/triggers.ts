/** Orders that wait for the mark: stops and take-profits, on two ladders by trigger price. */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { LEVEL, append, detach, levelAt, nextAbove, nextBelow } from "../kernel/ladder.ts";
import type { Ticks } from "../kernel/units.ts";
import { firesUpward, sideOf, typeOf } from "../domain/orderTerms.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER } from "../domain/rows/order.ts";
import type { Market } from "../domain/tierShard.ts";

/** Lets an order wait at its trigger. */
export function wait(arena: Arena, market: Market, order: Ref<"order">): void {
  const trigger = arena.int(order, ORDER.trigger);
  const { row } = market;
  if (isUpward(arena, order)) {
    append(arena, market.upward, trigger, order);
    const lowest = arena.int(row, MARKET.lowestUpward);
    if (lowest === 0 || trigger < lowest) arena.setInt(row, MARKET.lowestUpward, trigger);
  } else {
    append(arena, market.downward, trigger, order);
    if (trigger > arena.int(row, MARKET.highestDownward)) arena.setInt(row, MARKET.highestDownward, trigger);
  }
}

/** Takes an order off its waiting list. */
export function stopWaiting(arena: Arena, market: Market, order: Ref<"order">): void {
  const trigger = arena.int(order, ORDER.trigger);
  const { row } = market;
  if (isUpward(arena, order)) {
    const emptied = detach(arena, market.upward, trigger, order);
    if (emptied && trigger === arena.int(row, MARKET.lowestUpward)) {
      arena.setInt(row, MARKET.lowestUpward, nextAbove(arena, market.upward, trigger));
    }
  } else {
    const emptied = detach(arena, market.downward, trigger, order);
    if (emptied && trigger === arena.int(row, MARKET.highestDownward)) {
      arena.setInt(row, MARKET.highestDownward, nextBelow(arena, market.downward, trigger));
    }
  }
}

/** The next order whose trigger the mark has reached, or `NIL`: rising triggers first, each side from its first to fire. */
export function nextToFire(arena: Arena, market: Market): Ref<"order"> {
  const mark = arena.int(market.row, MARKET.mark);
  const upward = arena.int(market.row, MARKET.lowestUpward);
  if (upward !== 0 && upward <= mark) return arena.int(levelAt(market.upward, upward), LEVEL.head);
  const downward = arena.int(market.row, MARKET.highestDownward);
  if (downward >= mark && downward !== 0) return arena.int(levelAt(market.downward, downward), LEVEL.head);
  return NIL;
}

/** The first waiting order whether due or not: rising triggers from the lowest, then falling ones from the highest. */
export function firstWaiting(arena: Arena, market: Market): Ref<"order"> {
  const upward = arena.int(market.row, MARKET.lowestUpward);
  if (upward !== 0) return arena.int(levelAt(market.upward, upward), LEVEL.head);
  const downward = arena.int(market.row, MARKET.highestDownward);
  if (downward !== 0) return arena.int(levelAt(market.downward, downward), LEVEL.head);
  return NIL;
}

/** True when the mark already satisfies a trigger. */
export function isMet(type: number, side: number, trigger: Ticks, mark: Ticks): boolean {
  return firesUpward(type, side) ? mark >= trigger : mark <= trigger;
}

function isUpward(arena: Arena, order: Ref<"order">): boolean {
  const terms = arena.int(order, ORDER.terms);
  return firesUpward(typeOf(terms), sideOf(terms));
}

/** The terms on which a market trades now: what was set by hand, tightened by its breaker and its tier's posture. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { least } from "../kernel/checked.ts";
import type { Lots, Ppm } from "../kernel/units.ts";
import { BREAKER } from "./breaker.ts";
import { POSTURE, postureOf } from "./posture.ts";
import { STATUS } from "./parameters.ts";
import { GUARD } from "./rows/guard.ts";
import { MARKET } from "./rows/market.ts";
import type { Market, TierShard } from "./tierShard.ts";

/** The status in force, of `STATUS`: one cell, renewed whenever one of its sources changes. */
export function tradingState(arena: Arena, row: Ref<"market">): number {
  return arena.int(row, MARKET.trading);
}

/** True when orders are matched: open, or reduce-only. */
export function isTrading(arena: Arena, row: Ref<"market">): boolean {
  return arena.int(row, MARKET.trading) <= STATUS.reduceOnly;
}

/** The status that holds for orders which a call auction collects and executes; elsewhere the one in force. */
export function orderStatus(tier: TierShard, { id, row }: Market): number {
  const { arena } = tier;
  const trading = tradingState(arena, row);
  if (trading !== STATUS.halted || arena.num(tier.guard(id), GUARD.level) !== BREAKER.auction) return trading;
  return strictestStatus(arena.int(row, MARKET.status), BREAKER.normal, postureOf(tier));
}

/** True while a call auction takes orders. */
export function collects(tier: TierShard, market: Market): boolean {
  const { arena } = tier;
  const guard = tier.guard(market.id);
  if (arena.num(guard, GUARD.level) !== BREAKER.auction || orderStatus(tier, market) >= STATUS.halted)
    return false;
  return arena.int(guard, GUARD.auctionPrice) === 0 && arena.num(guard, GUARD.auctionEnds) !== 0;
}

/** How far through the mark orders may be named now. */
export function bandInForce(arena: Arena, row: Ref<"market">): Ppm {
  const cut = arena.int(row, MARKET.bandCut);
  return cut === 0 ? arena.int(row, MARKET.band) : cut;
}

/** Open interest up to which it may grow now: what its price can bear, or the tier's posture if that is less. */
export function openInterestLimit(arena: Arena, row: Ref<"market">): Lots {
  const limit = arena.num(row, MARKET.openInterestLimit);
  const cut = arena.num(row, MARKET.openInterestCut);
  return cut === 0 ? limit : least(limit, cut);
}

/**
 * The strictest of what is set by hand, where the breaker stands and the tier's posture. Settled and quarantined markets are what they are.
 * @param set - `MARKET.status`; @param level - of `BREAKER`; @param posture - of `POSTURE`
 */
export function strictestStatus(set: number, level: number, posture: number): number {
  if (set >= STATUS.halted) return set;
  if (level === BREAKER.halt || level === BREAKER.auction || posture === POSTURE.halt) return STATUS.halted;
  return level === BREAKER.reduceOnly || posture === POSTURE.reduceOnly ? STATUS.reduceOnly : set;
}

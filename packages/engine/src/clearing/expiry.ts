/** Final settlement of a dated future: every position is closed at the final price against the market's settlement account. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { minus, negate, plus } from "../kernel/checked.ts";
import { type MicroUsd, NONE } from "../kernel/units.ts";
import { valueOf } from "../kernel/value.ts";
import { POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market } from "../domain/tierShard.ts";
import { openInterestChange } from "./fill.ts";

/**
 * Closes a position at the final price. What it realised is still to be paid in or out.
 * @returns realised profit, micro-dollars, signed
 */
export function settleAtFinalPrice(arena: Arena, market: Market, position: Ref<"position">): MicroUsd {
  const { row } = market;
  const lots = arena.num(position, POSITION.lots);
  const cost = arena.num(position, POSITION.cost);
  const value = valueOf(lots, arena.num(row, MARKET.lotValue));
  const settled = arena.num(row, MARKET.settledLots);
  arena.setNum(position, POSITION.lots, NONE);
  arena.addNum(position, POSITION.cost, negate(value));
  arena.addNum(row, MARKET.settledLots, lots);
  arena.addNum(row, MARKET.settledCost, value);
  const ofSettlement = openInterestChange(settled, plus(settled, lots));
  arena.addNum(row, MARKET.openInterest, plus(openInterestChange(lots, NONE), ofSettlement));
  return minus(value, cost);
}

/** Final settlement of a dated future: every position is closed at the final price against the market's settlement account. */
import type { Arena, Ref } from "../kernel/arena.ts";
import type { Lots, MicroUsd } from "../kernel/units.ts";
import { MARKET, POSITION } from "../domain/rows.ts";
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
  const value = lots * arena.num(row, MARKET.lotValue);
  const settled = arena.num(row, MARKET.settledLots);
  arena.setNum(position, POSITION.lots, 0 as Lots);
  arena.setNum(position, POSITION.cost, (cost - value) as MicroUsd);
  arena.setNum(row, MARKET.settledLots, (settled + lots) as Lots);
  arena.setNum(row, MARKET.settledCost, (arena.num(row, MARKET.settledCost) + value) as MicroUsd);
  const change = openInterestChange(lots, 0 as Lots) + openInterestChange(settled, (settled + lots) as Lots);
  arena.setNum(row, MARKET.openInterest, (arena.num(row, MARKET.openInterest) + change) as Lots);
  return (value - cost) as MicroUsd;
}

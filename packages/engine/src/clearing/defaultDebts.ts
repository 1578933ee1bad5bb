/** The debts of a bucket that has nothing left: losses, realised or at the mark, that its cash did not cover. */
import type { Ref } from "../kernel/arena.ts";
import { NIL } from "../kernel/arena.ts";
import { least, minus, most, negate } from "../kernel/checked.ts";
import { type MicroUsd, NONE } from "../kernel/units.ts";
import { valueOf } from "../kernel/value.ts";
import { positionOf } from "../domain/positions.ts";
import { POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { collectFees } from "./fill.ts";

/** What a bucket has lost in a market and not paid, at the mark, ≥ 0. Its funding must be settled. */
export function debtIn(tier: TierShard, bucket: Ref<"bucket">, market: number): MicroUsd {
  const { arena } = tier;
  const position = positionOf(arena, bucket, market);
  if (position === NIL) return NONE;
  const worth = valueOf(
    arena.num(position, POSITION.lots),
    arena.num(tier.marketRow(market), MARKET.lotValue),
  );
  return most(minus(arena.num(position, POSITION.cost), worth), NONE);
}

/** Pays debts with a layer's money, in ascending order of markets: into the pools, where winners and the house are paid from. */
export function payDebts(tier: TierShard, bucket: Ref<"bucket">, amount: MicroUsd): void {
  const { arena } = tier;
  let left = amount;
  for (let id = 1; id <= tier.marketCount && left > 0; id++) {
    const paid = least(left, debtIn(tier, bucket, id));
    if (paid === 0) continue;
    left = minus(left, paid);
    arena.addNum(positionOf(arena, bucket, id), POSITION.cost, negate(paid));
    arena.addNum(tier.marketRow(id), MARKET.pool, paid);
    collectFees(tier, tier.listedMarket(id));
  }
}

/** The house forgives what it is still owed in a market, up to an amount. @returns how much that was */
export function forgiveFees(tier: TierShard, market: Market, amount: MicroUsd): MicroUsd {
  const { arena } = tier;
  const forgiven = least(amount, most(negate(arena.num(market.row, MARKET.feeCost)), NONE));
  arena.addNum(market.row, MARKET.feeCost, forgiven);
  return forgiven;
}

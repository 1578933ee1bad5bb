/**
 * What may be taken out of a bucket: what covers initial margin counting no unrealised profit, and every loss at the worse of the mark and
 * what the market may be worth instead.
 */
import type { Ref } from "../kernel/arena.ts";
import { least, minus, most, plus } from "../kernel/checked.ts";
import { type MicroUsd, NONE, type Ticks } from "../kernel/units.ts";
import { lotValueAt, valueOf } from "../kernel/value.ts";
import { isVacant, slotAt } from "../domain/positions.ts";
import { BUCKET, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { unrealised } from "./bucketMeasure.ts";
import { initialCollateral } from "./collateral.ts";

/** Cash, collateral at initial weights and prices, and every market's loss at its worst price, micro-dollars. */
export function worstEquity(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const funds = plus(tier.arena.num(bucket, BUCKET.cash), initialCollateral(tier, bucket));
  return plus(funds, worstLosses(tier, bucket));
}

/** Unrealised losses of all positions, each at its market's worst price; ≤ 0. */
export function worstLosses(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const { arena } = tier;
  let losses: MicroUsd = NONE;
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (isVacant(arena, position)) continue;
    losses = plus(losses, lossOf(tier, tier.listedMarket(arena.int(position, POSITION.market)), position));
  }
  return losses;
}

/** Unrealised profit and loss of all positions, each at its market's best price. */
export function bestProfits(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const { arena } = tier;
  let profits: MicroUsd = NONE;
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (isVacant(arena, position)) continue;
    const market = tier.listedMarket(arena.int(position, POSITION.market));
    const price = farthestPrice(tier, market, arena.num(position, POSITION.lots) > 0);
    profits = plus(profits, profitAt(tier, market, position, price));
  }
  return profits;
}

/** Unrealised loss at the worst price, ≤ 0. */
function lossOf(tier: TierShard, market: Market, position: Ref<"position">): MicroUsd {
  const price = farthestPrice(tier, market, tier.arena.num(position, POSITION.lots) < 0);
  return least(profitAt(tier, market, position, price), NONE);
}

function profitAt(tier: TierShard, market: Market, position: Ref<"position">, price: Ticks): MicroUsd {
  const { arena } = tier;
  const distance = minus(price, arena.int(market.row, MARKET.mark));
  const more = valueOf(arena.num(position, POSITION.lots), lotValueAt(distance, market.notional));
  return plus(unrealised(arena, market, position), more);
}

/** The highest price that the market may be worth, or the lowest; never on the other side of its mark. */
function farthestPrice(tier: TierShard, market: Market, isUp: boolean): Ticks {
  const { arena } = tier;
  const mark = arena.int(market.row, MARKET.mark);
  if (arena.int(market.row, MARKET.mostPrice) === 0) return mark;
  return isUp
    ? most(mark, arena.int(market.row, MARKET.mostPrice))
    : least(mark, arena.int(market.row, MARKET.leastPrice));
}

/** The first market, by id, that the bucket is in and whose price forbids any of the actions; 0 = none. */
export function forbiddingMarket(tier: TierShard, bucket: Ref<"bucket">, actions: number): number {
  const { arena } = tier;
  let first = 0;
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (isVacant(arena, position)) continue;
    const market = arena.int(position, POSITION.market);
    const isForbidden = (arena.int(tier.marketRow(market), MARKET.forbids) & actions) !== 0;
    if (isForbidden && (first === 0 || market < first)) first = market;
  }
  return first;
}

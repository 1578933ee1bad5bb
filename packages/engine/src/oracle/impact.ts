/** What a trade of a set size would cost on a market's own book: one thin order at the top of it moves nothing. */
import { mulDivCeil, mulDivFloor } from "../kernel/mulDiv.ts";
import { LEVEL, levelAt, nextAbove, nextBelow } from "../kernel/ladder.ts";
import { POINTS_PER_TICK } from "../kernel/points.ts";
import { MAX_IMPACT_LEVELS, PPM_ONE } from "../domain/limits.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";

/** 500 dollars of margin, micro-dollars. */
const IMPACT_MARGIN = 500_000_000;
/** Keeps price times lots exact at any price. */
const MOST_LOTS = 2 ** 30;

/** Lots that 500 dollars of initial margin carry at a price in ticks: from 1 to 2^30. */
export function impactLots(tier: TierShard, market: Market, price: number): number {
  const margin = tier.arena.int(market.row, MARKET.initialMargin);
  const notional = mulDivCeil(IMPACT_MARGIN, PPM_ONE, margin);
  return Math.min(MOST_LOTS, mulDivCeil(notional, 1, price * market.notional));
}

/** Average price at which so many lots could be sold at once, points, rounded down; 0 if the best levels do not take them. */
export function impactBid(tier: TierShard, market: Market, lots: number): number {
  const { arena } = tier;
  let price = arena.int(market.row, MARKET.bestBid);
  let left = lots;
  let proceeds = 0;
  for (let level = 0; level < MAX_IMPACT_LEVELS && price !== 0; level++) {
    const taken = Math.min(left, arena.num(levelAt(market.book, price), LEVEL.lots));
    proceeds += price * taken;
    left -= taken;
    if (left === 0) return mulDivFloor(proceeds, POINTS_PER_TICK, lots);
    price = nextBelow(arena, market.book, price);
  }
  return 0;
}

/** Average price at which so many lots could be bought at once, points, rounded up; 0 if the best levels do not have them. */
export function impactAsk(tier: TierShard, market: Market, lots: number): number {
  const { arena } = tier;
  let price = arena.int(market.row, MARKET.bestAsk);
  let left = lots;
  let cost = 0;
  for (let level = 0; level < MAX_IMPACT_LEVELS && price !== 0; level++) {
    const taken = Math.min(left, arena.num(levelAt(market.book, price), LEVEL.lots));
    cost += price * taken;
    left -= taken;
    if (left === 0) return mulDivCeil(cost, POINTS_PER_TICK, lots);
    price = nextAbove(arena, market.book, price);
  }
  return 0;
}

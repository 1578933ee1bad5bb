/**
 * What it costs to move a price, and how much may ride on it. Whoever moves a price by x has to move sources of more than half the weight;
 * what he can gain is x of what he holds. So no more may be held than the cheapest way costs, divided by what it gains and by a safety factor.
 * See docs/spec/oracle.md#cost-of-manipulation.
 */
import { least } from "../kernel/checked.ts";
import { compareProducts, mulDivFloor } from "../kernel/mulDiv.ts";
import type { AssetUnits, Lots, MicroUsd } from "../kernel/units.ts";
import { assetUnits, dollars, lotValueAt, lotsWithin } from "../kernel/value.ts";
import { FEED_KIND } from "../domain/commands.ts";
import { MAX_REPORTERS } from "../domain/limits.ts";
import { MARKET } from "../domain/rows/market.ts";
import { FEED, REPORTER, SOURCE } from "../domain/rows/oracle.ts";
import { COLLATERAL, TIER } from "../domain/rows/tier.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";

/** Seconds a price must be held for the smoothed premium to follow half-way: the half-life of 150 s · ln 2. */
const HOLD_SECONDS = 104;
/** More than this many dollars bind nothing; as micro-dollars they are still exact. */
const MOST_DOLLARS = 9_000_000_000;

/** Works out anew what it costs to move a feed by 1 %. */
export function refreshCost(tier: TierShard, feed: number): void {
  tier.arena.setNum(tier.feed(feed), FEED.manipulationCost, costOfMove(tier, feed, 1));
}

/** Cost of moving a feed by so many percent, in two-hundredths of a dollar: by the cheapest set of reporters with more than half the weight. */
export function costOfMove(tier: TierShard, feed: number, percent: number): number {
  const weights: number[] = [];
  const costs: number[] = [];
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter++) {
    const weight = weightIn(tier, feed, reporter);
    if (weight === 0) continue;
    weights.push(weight);
    costs.push(costOf(tier, feed, reporter, percent));
  }
  const majority = Math.floor(weights.reduce((total, weight) => total + weight, 0) / 2) + 1;
  return weights.length === 0 ? 0 : cheapest(weights, costs, 0, majority, Infinity);
}

/** A reporter's weight in a feed, ppm; 0 if it is not asked. */
function weightIn(tier: TierShard, feed: number, reporter: number): number {
  const { arena } = tier;
  const isAsked = (arena.int(tier.feed(feed), FEED.reporters) & (1 << (reporter - 1))) !== 0;
  return isAsked ? arena.int(tier.reporter(reporter), REPORTER.weight) : 0;
}

/** 200·(½·depth·x·x% + arbitrage·seconds·x%) for a move by x percent; nothing for a venue that nobody knows. */
function costOf(tier: TierShard, feed: number, reporter: number, percent: number): number {
  const { arena } = tier;
  const source = tier.source(feed, reporter);
  const depth = arena.num(source, SOURCE.depth);
  return (depth * percent + 2 * HOLD_SECONDS * arena.num(source, SOURCE.flow)) * percent;
}

/**
 * The least cost of reporters from `from` on that together have the missing weight, if it is below `bound`; else `bound`. At most 2^16 ways,
 * most of them cut off by the bound.
 */
function cheapest(
  weights: readonly number[],
  costs: readonly number[],
  from: number,
  missing: number,
  bound: number,
): number {
  if (missing <= 0) return 0;
  if (from === weights.length || bound <= 0) return bound;
  const cost = costs[from] as number;
  const weight = weights[from] as number;
  const taken =
    cost < bound ? cost + cheapest(weights, costs, from + 1, missing - weight, bound - cost) : bound;
  return cheapest(weights, costs, from + 1, missing, Math.min(bound, taken));
}

/** What may ride on a feed's price; undefined while nothing limits it. */
function ridingOn(tier: TierShard, feed: number): MicroUsd | undefined {
  const { arena } = tier;
  const factor = arena.int(tier.row, TIER.manipulationFactor);
  const row = tier.feed(feed);
  if (factor === 0 || arena.int(row, FEED.quorum) === 0) return undefined;
  return dollars(Math.min(MOST_DOLLARS, Math.floor(arena.num(row, FEED.manipulationCost) / (2 * factor))));
}

/** Works out anew how many lots may be open in a market, at its index. */
export function refreshLimit(tier: TierShard, market: Market): void {
  const { arena } = tier;
  const { row } = market;
  const most = arena.num(row, MARKET.maxOpenInterestLots);
  arena.setNum(row, MARKET.openInterestLimit, derivedLots(tier, market, most));
}

function derivedLots(tier: TierShard, market: Market, most: Lots): Lots {
  const riding = ridingOn(tier, tier.feedOf(FEED_KIND.market, market.id));
  const index = tier.arena.int(market.row, MARKET.index);
  if (riding === undefined || index === 0) return most;
  return least(most, lotsWithin(riding, lotValueAt(index, market.notional)));
}

/** Works it out for all markets of a tier. */
export function refreshLimits(tier: TierShard): void {
  for (let id = 1; id <= tier.marketCount; id++) refreshLimit(tier, tier.listedMarket(id));
}

/** How much of an asset the tier takes as collateral: its cap, or less if its price could be moved for less. */
export function collateralCap(tier: TierShard, asset: number): AssetUnits {
  const { arena } = tier;
  const terms = tier.collateral(asset);
  const cap = arena.num(terms, COLLATERAL.cap);
  const price = arena.num(terms, COLLATERAL.price);
  const riding = ridingOn(tier, tier.feedOf(FEED_KIND.collateral, asset));
  if (riding === undefined || price === 0) return cap;
  const scale = arena.num(terms, COLLATERAL.scale);
  if (compareProducts(riding, scale, cap, price) >= 0) return cap;
  return assetUnits(mulDivFloor(riding, scale, price));
}

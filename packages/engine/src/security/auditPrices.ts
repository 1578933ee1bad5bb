/** The part of the full audit that reads the tier's prices (26, 30): what is published is what the feeds say, and what may ride on it. */
import { FEED_KIND } from "../domain/commands.ts";
import { MAX_ASSETS, MAX_REPORTERS } from "../domain/limits.ts";
import { FORBID, QUALITY } from "../domain/permits.ts";
import { STATUS } from "../domain/parameters.ts";
import { MARKET } from "../domain/rows/market.ts";
import { FEED, REDEMPTION, REPORTER, SOURCE } from "../domain/rows/oracle.ts";
import { COLLATERAL, TIER } from "../domain/rows/tier.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { type Report, exactly } from "./finding.ts";

const ALL = FORBID.open | FORBID.reduce | FORBID.withdraw | FORBID.liquidate | FORBID.fund | FORBID.take;
const OPENING = FORBID.open | FORBID.withdraw | FORBID.fund | FORBID.take;

export function auditPrices(tier: TierShard, report: Report): void {
  for (let id = 1; id <= tier.marketCount; id++) auditMarketPrice(tier, tier.listedMarket(id), report);
  for (let asset = 1; asset <= MAX_ASSETS; asset++) auditCollateralPrice(tier, asset, report);
  for (let feed = 1; feed <= tier.feeds; feed++) auditReports(tier, feed, report);
}

function auditMarketPrice(tier: TierShard, market: Market, report: Report): void {
  const { arena } = tier;
  auditLimit(tier, market, report);
  const row = tier.feed(tier.feedOf(FEED_KIND.market, market.id));
  if (arena.int(market.row, MARKET.status) === STATUS.settled) return;
  const where = `price of market ${market.id} in tier ${tier.id}`;
  const forbids = arena.int(market.row, MARKET.forbids) & ~FORBID.liquidate;
  report("26", `${where}: forbids`, forbiddenBy(arena.int(row, FEED.quality)) & ~FORBID.liquidate, forbids);
  const price = arena.num(row, FEED.price);
  if (arena.int(row, FEED.quorum) === 0) {
    report("26", `${where}: a feed that is not asked has no price`, 0, price);
    return;
  }
  if (price === 0) return;
  const nearest = Math.min(Math.max(1, Math.floor((price + 500) / 1_000)), market.highest);
  report("26", `${where}: index`, nearest, arena.int(market.row, MARKET.index));
}

/** 30: what open interest may rise to follows from the cheapest majority of the market's reporters, tried one by one. */
function auditLimit(tier: TierShard, market: Market, report: Report): void {
  const { arena } = tier;
  const feed = tier.feedOf(FEED_KIND.market, market.id);
  const where = `market ${market.id} of tier ${tier.id}: open interest limit`;
  const most = arena.num(market.row, MARKET.maxOpenInterestLots);
  const factor = arena.int(tier.row, TIER.manipulationFactor);
  const index = arena.int(market.row, MARKET.index);
  const isDerived = factor !== 0 && index !== 0 && arena.int(tier.feed(feed), FEED.quorum) !== 0;
  const dollars = exactly(cheapestMajority(tier, feed)) / BigInt(2 * factor || 1);
  const bounded = dollars < MOST_DOLLARS ? dollars : MOST_DOLLARS;
  const derived = (bounded * MICRO) / exactly(index * market.notional || 1);
  const limit = isDerived && derived < exactly(most) ? derived : exactly(most);
  report("30", where, limit, exactly(arena.num(market.row, MARKET.openInterestLimit)));
}

const MOST_DOLLARS = 9_000_000_000n;
const MICRO = 1_000_000n;

function cheapestMajority(tier: TierShard, feed: number): number {
  const { arena } = tier;
  const mask = arena.int(tier.feed(feed), FEED.reporters);
  const asked: { readonly weight: number; readonly cost: number }[] = [];
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter++) {
    const weight = arena.int(tier.reporter(reporter), REPORTER.weight);
    if (weight === 0 || (mask & (1 << (reporter - 1))) === 0) continue;
    const source = tier.source(feed, reporter);
    asked.push({ weight, cost: arena.num(source, SOURCE.depth) + 208 * arena.num(source, SOURCE.flow) });
  }
  const total = asked.reduce((sum, { weight }) => sum + weight, 0);
  let least = Infinity;
  for (let set = 0; set < 2 ** asked.length; set++) {
    const members = asked.filter((_, each) => (set & (1 << each)) !== 0);
    const weight = members.reduce((sum, member) => sum + member.weight, 0);
    const cost = members.reduce((sum, member) => sum + member.cost, 0);
    if (2 * weight > total && cost < least) least = cost;
  }
  return least === Infinity ? 0 : least;
}

function forbiddenBy(quality: number): number {
  if (quality <= QUALITY.wide) return 0;
  return quality === QUALITY.stale ? OPENING : ALL;
}

/** Nothing is lent on a price that is not trusted. */
function auditCollateralPrice(tier: TierShard, asset: number, report: Report): void {
  const { arena } = tier;
  const row = tier.feed(tier.feedOf(FEED_KIND.collateral, asset));
  const redemption = tier.redemption(asset);
  const isDoubtful = arena.int(row, FEED.quorum) !== 0 && arena.int(row, FEED.quality) > QUALITY.wide;
  const isUntold =
    arena.int(redemption, REDEMPTION.basis) !== 0 && arena.num(redemption, REDEMPTION.ratio) === 0;
  if (!isDoubtful && !isUntold) return;
  const initial = arena.num(tier.collateral(asset), COLLATERAL.initialPrice);
  report("26", `price of asset ${asset} in tier ${tier.id}: initial`, 0, initial);
}

/** What a reporter said last is no newer than the last that was heard of it. */
function auditReports(tier: TierShard, feed: number, report: Report): void {
  const { arena } = tier;
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter++) {
    const source = tier.source(feed, reporter);
    const published = arena.num(source, SOURCE.publishedAt);
    const seen = arena.num(source, SOURCE.seenAt);
    if (published > seen)
      report("26", `report ${reporter} of feed ${feed} in tier ${tier.id}`, seen, published);
  }
}

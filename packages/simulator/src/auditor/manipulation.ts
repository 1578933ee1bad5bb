/**
 * What it costs to move a price, and how much may ride on it: every set of reporters is tried.
 *
 * @see docs/spec/oracle.md, "Cost of manipulation"
 */
import { greatest, least } from "./arithmetic.ts";
import { reportersOf } from "./prices.ts";
import { FEED_KIND, MILLION } from "./terms.ts";
import type { Feed } from "./priceBook.ts";
import type { Asset, Collateral, Market, Tier } from "./venue.ts";
import { feedOf } from "./world.ts";

/** Least cost of moving a feed by 1 %, in two-hundredths of a dollar. */
export function manipulationCost(tier: Tier, feed: Feed): bigint {
  const asked = reportersOf(tier, feed).map(([id, { weight }]) => {
    const { depth = 0n, flow = 0n } = feed.sources.get(id) ?? {};
    return { weight, cost: depth + 208n * flow };
  });
  const total = asked.reduce((sum, { weight }) => sum + weight, 0n);
  let cheapest: bigint | undefined;
  for (let set = 0; set < 2 ** asked.length; set += 1) {
    const members = asked.filter((_, each) => Math.floor(set / 2 ** each) % 2 === 1);
    const weight = members.reduce((sum, member) => sum + member.weight, 0n);
    const cost = members.reduce((sum, member) => sum + member.cost, 0n);
    if (2n * weight > total) cheapest = cheapest === undefined ? cost : least(cheapest, cost);
  }
  return cheapest ?? 0n;
}

/** Micro-dollars that may ride on a feed; undefined if nothing limits them. */
function ridingOn(tier: Tier, feed: Feed): bigint | undefined {
  if (tier.manipulationFactor === 0n || feed.quorum === 0) return undefined;
  return least(9_000_000_000n, manipulationCost(tier, feed) / (2n * tier.manipulationFactor)) * MILLION;
}

/** What a market's open interest may rise to. */
export function openInterestLimit(market: Market): bigint {
  const { tier, terms, index, quantum } = market;
  const riding = ridingOn(tier, feedOf(tier, FEED_KIND.market, market.id));
  if (riding === undefined || index === 0) return terms.maxOpenInterestLots;
  return least(terms.maxOpenInterestLots, riding / (BigInt(index) * quantum));
}

/** What it may rise to in the tier's posture. */
export function limitInForce(market: Market): bigint {
  const share = [MILLION, 900_000n, 600_000n, 600_000n, 600_000n][market.tier.controller.posture] as bigint;
  const ofPosture = greatest(1n, (market.terms.maxOpenInterestLots * share) / MILLION);
  return least(openInterestLimit(market), ofPosture);
}

/** What the tier takes of an asset as collateral. */
export function collateralCap(tier: Tier, { id, scale }: Asset, { cap, price }: Collateral): bigint {
  const riding = ridingOn(tier, feedOf(tier, FEED_KIND.collateral, id));
  if (riding === undefined || price === 0n) return cap;
  return least(cap, (riding * scale) / price);
}

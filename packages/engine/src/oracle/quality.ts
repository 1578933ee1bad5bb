/** How far a feed's price may be trusted, and what it may not be used for: one action after the other, the riskiest first. */
import { compareProducts } from "../kernel/mulDiv.ts";
import type { Ms } from "../kernel/units.ts";
import type { FeedFigures } from "../domain/feedFigures.ts";
import { PPM_ONE } from "../domain/limits.ts";
import { FORBID, QUALITY } from "../domain/permits.ts";
import { FEED } from "../domain/rows/oracle.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { WINDOW, averageOver } from "./averages.ts";
import { standsStill } from "./gather.ts";

/** How long liquidation waits for a divergent price, ms. */
const LIQUIDATION_PAUSE = 60_000;

/** The quality of a price that has just been put together. */
export function qualityOf(tier: TierShard, feed: number, figures: FeedFigures): number {
  if (figures.quorumAge < 0) return QUALITY.dead;
  const { arena } = tier;
  const row = tier.feed(feed);
  const price = arena.num(row, FEED.price);
  const average = averageOver(tier, feed, WINDOW.middle);
  const divergence = arena.int(row, FEED.divergence);
  const drift = Math.abs(price - average);
  const dissent = Math.abs(price - figures.unweighted);
  const sure = arena.int(row, FEED.maxConfidence);
  if (exceeds(drift, 1, average, divergence)) return QUALITY.divergent;
  if (exceeds(dissent, 1, figures.unweighted, divergence)) return QUALITY.divergent;
  if (exceeds(figures.confidence, 1, price, sure)) return QUALITY.divergent;
  if (figures.quorumAge > arena.int(row, FEED.staleAfter) || allStandStill(tier, feed, figures))
    return QUALITY.stale;
  const isWide = exceeds(figures.confidence, 4, price, sure) || exceeds(drift, 2, average, divergence);
  return isWide ? QUALITY.wide : QUALITY.valid;
}

/** times·amount > whole·limit/1e6, exactly. */
function exceeds(amount: number, times: number, whole: number, limit: number): boolean {
  return compareProducts(amount, times * PPM_ONE, whole, limit) > 0;
}

/** Every reporter that counts repeats itself: a feed that stands still is not a market that does. */
function allStandStill(tier: TierShard, feed: number, { count, reporter }: FeedFigures): boolean {
  for (let each = 0; each < count; each++) {
    if (!standsStill(tier, feed, reporter[each] as number)) return false;
  }
  return true;
}

/** What a feed's price may not be used for now: bits of `FORBID`. */
export function forbiddenBy(tier: TierShard, feed: number, now: Ms): number {
  const { arena } = tier;
  const row = tier.feed(feed);
  const { open, reduce, withdraw, liquidate, fund, take } = FORBID;
  switch (arena.int(row, FEED.quality)) {
    case QUALITY.stale:
      return open | withdraw | fund | take;
    case QUALITY.divergent: {
      const isFresh = now - arena.num(row, FEED.qualitySince) <= LIQUIDATION_PAUSE;
      return open | reduce | withdraw | fund | take | (isFresh ? liquidate : 0);
    }
    case QUALITY.dead:
      return open | reduce | withdraw | liquidate | fund | take;
    default:
      return 0;
  }
}

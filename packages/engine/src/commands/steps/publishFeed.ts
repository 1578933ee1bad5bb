/** A feed's price reaches what is priced by it: a market's index, permits and mark, or what collateral counts for. */
import { least } from "../../kernel/checked.ts";
import { nearestTick, tickAbove, tickBelow } from "../../kernel/points.ts";
import { NONE } from "../../kernel/units.ts";
import { BASIS, FEED_KIND } from "../../domain/commands.ts";
import { EVENTS } from "../../domain/events.ts";
import { STATUS } from "../../domain/parameters.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { FEED, REDEMPTION } from "../../domain/rows/oracle.ts";
import { COLLATERAL } from "../../domain/rows/tier.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { advanceFeed, isUnconfirmed, leastPrice, mostPrice } from "../../oracle/advance.ts";
import { isReported, priceCollateral, priceDependents } from "../../oracle/collateralPrice.ts";
import { refreshLimit } from "../../oracle/manipulation.ts";
import { forbiddenBy } from "../../oracle/quality.ts";
import { MAX_ASSETS } from "../../domain/limits.ts";
import { remark } from "./remark.ts";
import { renewMargin } from "./renewTerms.ts";
import { watchPrices } from "./watchPrices.ts";

const UPDATED = EVENTS.priceUpdated.code;
const CHANGED = EVENTS.qualityChanged.code;

/** How a feed is brought to a moment: because a report came, or because time has passed. */
type Advance = typeof advanceFeed;

/** Brings one feed to the time of the command and publishes it; nothing fires yet. */
export function publishFeed(venue: Venue, tier: TierShard, kind: number, id: number, advance: Advance): void {
  const { arena } = tier;
  const feed = tier.feedOf(kind, id);
  const row = tier.feed(feed);
  const priceBefore = arena.num(row, FEED.price);
  const confidenceBefore = arena.num(row, FEED.confidence);
  const qualityBefore = arena.int(row, FEED.quality);
  advance(tier, feed, venue.now, venue.feedFigures);
  publish(venue, tier, kind, id);
  const price = arena.num(row, FEED.price);
  const confidence = arena.num(row, FEED.confidence);
  if (price !== priceBefore || confidence !== confidenceBefore) {
    const sources = arena.int(row, FEED.sources);
    venue.events.emit(UPDATED, kind, id, price, confidence, sources, arena.int(row, FEED.operators));
  }
  const quality = arena.int(row, FEED.quality);
  if (quality !== qualityBefore) {
    venue.events.emit(
      CHANGED,
      kind,
      id,
      quality,
      arena.num(row, FEED.age),
      forbiddenBy(tier, feed, venue.now),
    );
  }
}

/** Brings every configured feed of a tier to the time of the command: prices age without being reported. */
export function publishFeeds(venue: Venue, tier: TierShard): void {
  const { arena } = tier;
  for (let id = 1; id <= tier.marketCount; id++) {
    if (arena.int(tier.feed(tier.feedOf(FEED_KIND.market, id)), FEED.quorum) === 0) continue;
    if (arena.int(tier.marketRow(id), MARKET.status) === STATUS.settled) continue;
    publishFeed(venue, tier, FEED_KIND.market, id, advanceFeed);
  }
  for (let asset = 1; asset <= MAX_ASSETS; asset++) {
    if (arena.int(tier.feed(tier.feedOf(FEED_KIND.collateral, asset)), FEED.quorum) === 0) continue;
    publishFeed(venue, tier, FEED_KIND.collateral, asset, advanceFeed);
  }
  for (let asset = 1; asset <= MAX_ASSETS; asset++) {
    const basis = arena.int(tier.redemption(asset), REDEMPTION.basis);
    if (basis !== BASIS.none) priceCollateral(tier, asset, venue.now);
  }
  watchPrices(tier);
}

function publish(venue: Venue, tier: TierShard, kind: number, id: number): void {
  const feed = tier.feedOf(kind, id);
  if (kind === FEED_KIND.market) publishMarket(venue, tier, tier.listedMarket(id), feed);
  else {
    priceCollateral(tier, id, venue.now);
    priceDependents(tier, id, venue.now);
    watchPrices(tier);
  }
}

function publishMarket(venue: Venue, tier: TierShard, market: Market, feed: number): void {
  const { arena } = tier;
  const row = tier.feed(feed);
  arena.setInt(market.row, MARKET.forbids, forbiddenBy(tier, feed, venue.now));
  arena.setInt(market.row, MARKET.unconfirmed, isUnconfirmed(tier, feed) ? 1 : 0);
  renewMargin(tier, market);
  const price = arena.num(row, FEED.price);
  if (price === 0) return refreshLimit(tier, market);
  arena.setInt(market.row, MARKET.leastPrice, tickBelow(leastPrice(tier, feed)));
  arena.setInt(market.row, MARKET.mostPrice, least(tickAbove(mostPrice(tier, feed)), market.highest));
  arena.setInt(market.row, MARKET.index, nearestTick(price, market.highest));
  refreshLimit(tier, market);
  remark(venue, tier, market);
}

/** The price is an operator's again: whatever its quality forbade is allowed. */
export function releaseFeed(venue: Venue, tier: TierShard, kind: number, id: number): void {
  if (kind === FEED_KIND.collateral) {
    const terms = tier.collateral(id);
    if (isReported(tier, id)) return publish(venue, tier, kind, id);
    tier.arena.setNum(terms, COLLATERAL.initialPrice, tier.arena.num(terms, COLLATERAL.price));
    priceDependents(tier, id, venue.now);
    return watchPrices(tier);
  }
  const market = tier.listedMarket(id);
  tier.arena.setInt(market.row, MARKET.forbids, 0);
  tier.arena.setInt(market.row, MARKET.unconfirmed, 0);
  tier.arena.setInt(market.row, MARKET.leastPrice, NONE);
  tier.arena.setInt(market.row, MARKET.mostPrice, NONE);
  renewMargin(tier, market);
  refreshLimit(tier, market);
}

/** Prices reach what they price: a market's index, permits and mark, or what collateral counts for. */
import { least } from "./arithmetic.ts";
import { remark } from "./mark.ts";
import { advance, confirmMove, forbiddenBy, isUnconfirmed, leastOf, mostOf, ticksBelow } from "./prices.ts";
import { FEED_KIND, MAX_ASSETS, QUALITY, STATUS } from "./terms.ts";
import type { Feed, Market, Tier, World } from "./venue.ts";
import { emit, feedOf } from "./world.ts";

/** Brings a feed to the time of the command, by a report or by time alone, and publishes it. */
export function publishFeed(
  world: World,
  tier: Tier,
  kind: number,
  id: number,
  because: "report" | "time",
): void {
  const feed = feedOf(tier, kind, id);
  const { price, confidence, quality } = feed;
  const found = advance(world, tier, feed);
  if (because === "report") confirmMove(world, feed, found);
  if (kind === FEED_KIND.collateral) priceCollateral(world, tier, id, feed);
  else priceMarket(world, tier.markets[id - 1] as Market, feed);
  if (feed.price !== price || feed.confidence !== confidence) {
    emit(world, "priceUpdated", kind, id, feed.price, feed.confidence, feed.counted, feed.operators);
  }
  if (feed.quality !== quality) {
    emit(world, "qualityChanged", kind, id, feed.quality, feed.age, forbiddenBy(world, feed));
  }
}

/** All configured feeds of a tier, markets first. */
export function publishFeeds(world: World, tier: Tier): void {
  for (const { id, terms } of tier.markets) {
    if (feedOf(tier, FEED_KIND.market, id).quorum === 0 || terms.status === STATUS.settled) continue;
    publishFeed(world, tier, FEED_KIND.market, id, "time");
  }
  for (let asset = 1; asset <= MAX_ASSETS; asset += 1) {
    if (feedOf(tier, FEED_KIND.collateral, asset).quorum === 0) continue;
    publishFeed(world, tier, FEED_KIND.collateral, asset, "time");
  }
}

function priceMarket(world: World, market: Market, feed: Feed): void {
  const { journal } = world;
  journal.set(market, "forbids", forbiddenBy(world, feed));
  journal.set(market, "unconfirmed", isUnconfirmed(feed));
  journal.set(market, "isWide", feed.quality === QUALITY.wide);
  if (feed.price === 0n) return;
  journal.set(market, "leastPrice", ticksBelow(leastOf(feed)));
  journal.set(market, "mostPrice", Math.min(ticksBelow(mostOf(feed) + 999n), market.highestPrice));
  const index = Math.max(1, Math.min(ticksBelow(feed.price + 500n), market.highestPrice));
  journal.set(market, "index", index);
  remark(world, market);
}

function priceCollateral({ journal }: World, tier: Tier, asset: number, feed: Feed): void {
  const accepted = tier.collateral.get(asset);
  if (accepted === undefined) return;
  const isTrusted = feed.quality <= QUALITY.wide;
  if (isTrusted) journal.set(accepted, "price", feed.price);
  journal.set(accepted, "initialPrice", isTrusted ? least(leastOf(feed), feed.risk) : 0n);
}

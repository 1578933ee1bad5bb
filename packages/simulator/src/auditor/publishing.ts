/** Prices reach what they price: a market's index, permits and mark, or what collateral counts for. */
import { greatest, least } from "./arithmetic.ts";
import { remark } from "./mark.ts";
import {
  LONG,
  advance,
  average,
  confirmMove,
  forbiddenBy,
  isUnconfirmed,
  leastOf,
  mostOf,
  ticksBelow,
} from "./prices.ts";
import { BILLION, FEED_KIND, MAX_ASSETS, MILLION, QUALITY, STATUS } from "./terms.ts";
import type { Feed } from "./priceBook.ts";
import type { Market, Tier, World } from "./venue.ts";
import { emit, feedOf, redemptionOf } from "./world.ts";

const MAX_POINTS = 10n ** 15n;

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
  if (kind === FEED_KIND.collateral) {
    priceCollateral(world, tier, id);
    priceDependents(world, tier, id);
  } else priceMarket(world, tier.markets[id - 1] as Market, feed);
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
  for (const [asset, { basis }] of tier.redemptions) if (basis !== 0) priceCollateral(world, tier, asset);
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

/** Whether reporters decide what an asset counts for. */
export function isReported(tier: Tier, asset: number): boolean {
  const { quorum } = feedOf(tier, FEED_KIND.collateral, asset);
  return quorum > 0 || redemptionOf(tier, asset).basis !== 0;
}

export function priceCollateral(world: World, tier: Tier, asset: number): void {
  const { journal } = world;
  const accepted = tier.collateral.get(asset);
  if (accepted === undefined) return;
  const feed = feedOf(tier, FEED_KIND.collateral, asset);
  const { basis, maxAge, publishedAt } = redemptionOf(tier, asset);
  const isTrusted = feed.quorum === 0 || feed.quality <= QUALITY.wide;
  const careful = feed.quorum === 0 ? undefined : least(leastOf(feed), feed.risk);
  if (basis === 0) {
    if (isTrusted) journal.set(accepted, "price", feed.price);
    journal.set(accepted, "initialPrice", isTrusted ? (careful ?? 0n) : 0n);
    return;
  }
  const fair = redeemed(tier, asset, "price");
  if (fair > 0n && isTrusted) {
    const market = feed.quorum === 0 ? fair : least(fair, feed.price);
    const hour = feed.quorum === 0 ? fair : least(fair, average(feed, LONG));
    journal.set(accepted, "price", greatest(market, hour));
  }
  const lent = redeemed(tier, asset, "initialPrice");
  const mayLend = isTrusted && world.time - publishedAt <= maxAge;
  journal.set(accepted, "initialPrice", mayLend ? least(lent, careful ?? lent) : 0n);
}

/** What a whole asset redeems for at one of the prices of its underlying. */
function redeemed(tier: Tier, asset: number, which: "price" | "initialPrice"): bigint {
  const { basis, underlying, ratio } = redemptionOf(tier, asset);
  const price = basis === 1 ? MILLION : (tier.collateral.get(underlying)?.[which] ?? 0n);
  return least(MAX_POINTS, (ratio * price) / BILLION);
}

/** Prices the assets that redeem for this one. */
export function priceDependents(world: World, tier: Tier, underlying: number): void {
  for (const [asset, redemption] of tier.redemptions) {
    if (redemption.basis === 2 && redemption.underlying === underlying) priceCollateral(world, tier, asset);
  }
}

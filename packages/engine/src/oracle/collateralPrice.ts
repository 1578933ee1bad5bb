/**
 * What a collateral asset counts for: one price for liquidation, a more careful one for taking risk or money.
 *
 * An asset that can be redeemed — a wrapped or staked one, a stable — is worth what it redeems for, and no more than the market gives: a
 * single venue where it trades far below moves neither price. See docs/spec/oracle.md#redemption.
 */
import { least, most } from "../kernel/checked.ts";
import { compareProducts, mulDivFloor } from "../kernel/mulDiv.ts";
import { points, wholePrice } from "../kernel/points.ts";
import { type Ms, NONE, type Points } from "../kernel/units.ts";
import { BASIS, FEED_KIND } from "../domain/commands.ts";
import { MAX_ASSETS, MAX_POINTS, PPB_ONE } from "../domain/limits.ts";
import { QUALITY } from "../domain/permits.ts";
import { FEED, REDEMPTION } from "../domain/rows/oracle.ts";
import { COLLATERAL } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { leastPrice } from "./advance.ts";
import { WINDOW, averageOver } from "./averages.ts";

/** A dollar, in micro-dollars per whole. */
const DOLLAR = 1_000_000;

/** True when reporters, of its price or of what it redeems for, decide what an asset counts for. */
export function isReported(tier: TierShard, asset: number): boolean {
  const { arena } = tier;
  const feed = tier.feed(tier.feedOf(FEED_KIND.collateral, asset));
  return arena.int(feed, FEED.quorum) !== 0 || arena.int(tier.redemption(asset), REDEMPTION.basis) !== 0;
}

/**
 * Writes both prices of an asset that is reported. For maintenance margin the price, and the last one while there is none to trust: an outage
 * liquidates nobody. For initial margin and withdrawals the least it may be worth; nothing while the price is stale or worse.
 */
export function priceCollateral(tier: TierShard, asset: number, now: Ms): void {
  if (tier.arena.int(tier.redemption(asset), REDEMPTION.basis) === 0) priceByFeed(tier, asset);
  else priceByRedemption(tier, asset, now);
}

/** The same for the assets that redeem for this one. */
export function priceDependents(tier: TierShard, underlying: number, now: Ms): void {
  const { arena } = tier;
  for (let asset = 1; asset <= MAX_ASSETS; asset++) {
    const row = tier.redemption(asset);
    if (arena.int(row, REDEMPTION.basis) !== BASIS.asset) continue;
    if (arena.int(row, REDEMPTION.underlying) === underlying) priceByRedemption(tier, asset, now);
  }
}

function priceByFeed(tier: TierShard, asset: number): void {
  const { arena } = tier;
  const terms = tier.collateral(asset);
  const feed = tier.feedOf(FEED_KIND.collateral, asset);
  const isTrusted = isFeedTrusted(tier, feed);
  if (isTrusted) arena.setNum(terms, COLLATERAL.price, wholePrice(arena.num(tier.feed(feed), FEED.price)));
  arena.setNum(terms, COLLATERAL.initialPrice, isTrusted ? wholePrice(carefulPrice(tier, feed)) : NONE);
}

function priceByRedemption(tier: TierShard, asset: number, now: Ms): void {
  const { arena } = tier;
  const terms = tier.collateral(asset);
  const fair = redeemed(tier, asset, COLLATERAL.price);
  const feed = tier.feedOf(FEED_KIND.collateral, asset);
  const hasFeed = arena.int(tier.feed(feed), FEED.quorum) !== 0;
  const isTrusted = !hasFeed || isFeedTrusted(tier, feed);
  if (fair > 0 && isTrusted)
    arena.setNum(terms, COLLATERAL.price, wholePrice(hasFeed ? underMarket(tier, feed, fair) : fair));
  const careful = redeemed(tier, asset, COLLATERAL.initialPrice);
  const lent = hasFeed ? least(careful, carefulPrice(tier, feed)) : careful;
  const mayLend = isTrusted && isRatioFresh(tier, asset, now);
  arena.setNum(terms, COLLATERAL.initialPrice, mayLend ? wholePrice(lent) : NONE);
}

/** What a whole asset redeems for at a price of its underlying, rounded down; 0 while that or the ratio is unknown. */
function redeemed(tier: TierShard, asset: number, column: typeof COLLATERAL.price): Points {
  const { arena } = tier;
  const row = tier.redemption(asset);
  const ratio = arena.num(row, REDEMPTION.ratio);
  const isQuote = arena.int(row, REDEMPTION.basis) === BASIS.quote;
  const underlying = isQuote
    ? DOLLAR
    : arena.num(tier.collateral(arena.int(row, REDEMPTION.underlying)), column);
  if (compareProducts(ratio, underlying, MAX_POINTS, PPB_ONE) >= 0) return points(MAX_POINTS);
  return points(mulDivFloor(ratio, underlying, PPB_ONE));
}

/** The lower of what it redeems for and what the market gives, but not below the hour's average: no forced sale at a passing low. */
function underMarket(tier: TierShard, feed: number, fair: Points): Points {
  const now = least(fair, tier.arena.num(tier.feed(feed), FEED.price));
  return most(now, least(fair, averageOver(tier, feed, WINDOW.long)));
}

function isFeedTrusted(tier: TierShard, feed: number): boolean {
  return tier.arena.int(tier.feed(feed), FEED.quality) <= QUALITY.wide;
}

function isRatioFresh(tier: TierShard, asset: number, now: Ms): boolean {
  const { arena } = tier;
  const row = tier.redemption(asset);
  return now - arena.num(row, REDEMPTION.publishedAt) <= arena.int(row, REDEMPTION.maxAge);
}

/** The least that a feed's price may be taken for. */
function carefulPrice(tier: TierShard, feed: number): Points {
  return least(leastPrice(tier, feed), tier.arena.num(tier.feed(feed), FEED.risk));
}

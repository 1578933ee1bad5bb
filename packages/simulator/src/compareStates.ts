/** The whole state of a venue, as the engine's queries tell it, against the auditor's. */
import {
  type BreakerView,
  type Venue,
  assetView,
  balanceView,
  bookView,
  breakerView,
  bucketIdOf,
  bucketView,
  marketView,
  orderView,
  postureView,
  tierView,
  venueView,
} from "@bulkhead/engine";
import type {
  AssetState,
  AuditorState,
  BreakerState,
  BucketState,
  LevelState,
  MarketState,
  TierState,
} from "./auditor/state.ts";
import type { Difference } from "./difference.ts";

/** Thrown at the first difference and caught where the comparison began. */
class Differs extends Error {
  readonly difference: Difference;

  constructor(difference: Difference) {
    super(difference.kind);
    this.difference = difference;
  }
}

/** The first difference between the two states; undefined if there is none. */
export function compareStates(state: AuditorState, venue: Venue): Difference | undefined {
  try {
    const { clock, assets, tiers, accounts } = venueView(venue);
    same("venue", "clock", state.clock, clock);
    same("venue", "assets", state.assets.length, assets);
    same("venue", "tiers", state.tiers.length, tiers);
    same("venue", "accounts", state.accounts, accounts);
    for (const asset of state.assets) compareAsset(asset, state, venue);
    for (const tier of state.tiers) compareTier(tier, venue);
    return undefined;
  } catch (error) {
    if (!(error instanceof Differs)) throw error;
    return error.difference;
  }
}

function same(
  what: string,
  field: string,
  expected: number | bigint | boolean,
  found: number | boolean,
): void {
  const value = typeof expected === "bigint" ? Number(expected) : expected;
  if (Object.is(value, found)) return;
  const kind = `state: ${what.replaceAll(/\d+/g, "#")}, ${field}`;
  throw new Differs({ kind, expected: `${what}, ${field}: ${expected}`, found: String(found) });
}

function compareAsset(asset: AssetState, { accounts, tiers }: AuditorState, venue: Venue): void {
  const view = assetView(venue, asset.asset);
  const what = `asset ${asset.asset}`;
  for (const field of ["held", "transit", "pending", "dust", "skin", "mutual"] as const) {
    same(what, field, asset[field], view[field]);
  }
  for (const { tier } of tiers) {
    same(what, `custody of tier ${tier}`, asset.custody.get(tier) ?? 0n, view.custody[tier - 1] as number);
  }
  for (let account = 1; account <= accounts; account++) {
    const balance = asset.balances.get(account) ?? 0n;
    same(what, "balance", balance, balanceView(venue, account, asset.asset));
  }
}

const TIER_FIELDS = [
  "fees",
  "skin",
  "insurance",
  "defaults",
  "backstop",
  "liquidationBuffer",
  "auctionStart",
  "auctionSpan",
  "insuranceDraw",
] as const;

function compareTier(tier: TierState, venue: Venue): void {
  const what = `tier ${tier.tier}`;
  const view = tierView(venue, tier.tier);
  same(what, "markets", tier.markets.length, view.markets);
  same(what, "buckets", tier.buckets.length, view.buckets);
  for (const field of TIER_FIELDS) same(what, field, tier[field], view[field]);
  same(what, "buckets in distress", tier.distressed.length, view.distressed.length);
  for (const [index, bucket] of tier.distressed.entries()) {
    same(what, "bucket in distress by turn", bucket, view.distressed[index] as number);
  }
  const posture = postureView(venue, tier.tier);
  for (const field of ["enabled", "posture", "since", "calmSince", "rule"] as const)
    same(what, `posture's ${field}`, tier.controller[field], posture[field]);
  for (const market of tier.markets) compareMarket(tier.tier, market, venue);
  for (const bucket of tier.buckets) compareBucket(tier.tier, bucket, venue);
}

const MARKET_FIELDS = [
  "status",
  "mark",
  "fundingIndex",
  "openInterest",
  "pool",
  "feeCost",
  "fundingCost",
  "settledLots",
  "settledCost",
] as const;

function compareMarket(tier: number, market: MarketState, venue: Venue): void {
  const what = `market ${market.market} of tier ${tier}`;
  const view = marketView(venue, tier, market.market);
  for (const field of MARKET_FIELDS) same(what, field, market[field], view[field]);
  same(what, "graceUntil", market.graceUntil, breakerView(venue, tier, market.market).graceUntil);
  compareBreaker(what, market.breaker, breakerView(venue, tier, market.market));
  const book = bookView(venue, tier, market.market, Infinity);
  compareSide(tier, what, market.bids, book.bids, venue);
  compareSide(tier, what, market.asks, book.asks, venue);
  for (const { order, trigger, price, lots } of market.waiting) {
    const found = orderView(venue, tier, order);
    same(what, `order ${order} waits`, true, found?.waiting ?? false);
    same(what, `trigger of order ${order}`, trigger, found?.trigger ?? 0);
    same(what, `price of order ${order}`, price, found?.price ?? 0);
    same(what, `lots of order ${order}`, lots, found?.lots ?? 0);
  }
}

const BREAKER_FIELDS = [
  "on",
  "level",
  "since",
  "signal",
  "calmSince",
  "softScore",
  "hardScore",
  "trading",
  "band",
  "marginMultiplier",
  "openInterestLimit",
] as const;

function compareBreaker(what: string, state: BreakerState, view: BreakerView): void {
  for (const field of BREAKER_FIELDS) same(what, `breaker's ${field}`, state[field], view[field]);
  for (const [index, score] of state.soft.entries())
    same(what, `soft score of signal ${index + 1}`, score, view.soft[index] as number);
  for (const [index, score] of state.hard.entries())
    same(what, `hard score of signal ${index + 1}`, score, view.hard[index] as number);
}

function compareSide(
  tier: number,
  what: string,
  levels: readonly LevelState[],
  found: readonly { readonly price: number; readonly lots: number; readonly orders: number }[],
  venue: Venue,
): void {
  same(what, "price levels", levels.length, found.length);
  for (const [index, { price, orders }] of levels.entries()) {
    const level = found[index] as (typeof found)[number];
    same(what, "price of a level", price, level.price);
    same(what, `orders at ${price}`, orders.length, level.orders);
    const total = orders.reduce((sum, { lots }) => sum + lots, 0n);
    same(what, `lots at ${price}`, total, level.lots);
    for (const { order, lots } of orders) {
      const view = orderView(venue, tier, order);
      same(what, `lots of order ${order}`, lots, view?.lots ?? 0);
      same(what, `price of order ${order}`, price, view?.price ?? 0);
    }
  }
}

const BUCKET_FIELDS = [
  "account",
  "mode",
  "cash",
  "distress",
  "distressSince",
  "equity",
  "initialMargin",
  "maintenanceEquity",
  "maintenanceMargin",
  "withdrawable",
] as const;
const POSITION_FIELDS = ["lots", "cost", "bidLots", "bidNotional", "askLots", "askNotional"] as const;

function compareBucket(tier: number, bucket: BucketState, venue: Venue): void {
  const what = `bucket ${bucket.bucket} of tier ${tier}`;
  const view = bucketView(venue, tier, bucket.bucket);
  for (const field of BUCKET_FIELDS) same(what, field, bucket[field], view[field]);
  same(what, "id by account", bucket.bucket, bucketIdOf(venue, tier, bucket.account, bucket.mode));
  same(what, "holdings", bucket.holdings.size, view.holdings.length);
  for (const { asset, amount } of view.holdings) {
    same(what, `holding of asset ${asset}`, bucket.holdings.get(asset) ?? 0n, amount);
  }
  same(what, "open orders", bucket.orders.length, view.orders.length);
  for (const [index, order] of bucket.orders.entries()) {
    same(what, "order by age", order, view.orders[index] as number);
  }
  same(what, "positions", bucket.positions.length, view.positions.length);
  for (const position of bucket.positions) {
    const found = view.positions.find(({ market }) => market === position.market);
    const where = `position ${position.market} in ${what}`;
    for (const field of POSITION_FIELDS) same(where, field, position[field], found?.[field] ?? Number.NaN);
    if (position.lots !== 0n) {
      same(where, "fundingEntry", position.fundingEntry, found?.fundingEntry ?? Number.NaN);
    }
  }
}

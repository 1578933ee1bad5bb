/** The whole state of a venue, as the engine's queries tell it, against the auditor's. */
import {
  FEED_KIND,
  type AuctionView,
  type BreakerView,
  type Venue,
  assetView,
  auctionView,
  balanceView,
  bookView,
  breakerView,
  bucketIdOf,
  bucketView,
  governanceView,
  holdsView,
  collateralView,
  depthView,
  feedView,
  markView,
  marketView,
  orderView,
  throttleView,
  parameterView,
  pendingProposals,
  postureView,
  tierView,
  venueView,
  withdrawalView,
} from "@bulkhead/engine";
import type { BucketState } from "./auditor/state/bucket.ts";
import type { FeedState } from "./auditor/state/feed.ts";
import type { GovernanceState } from "./auditor/state/governance.ts";
import type { AuctionState, BreakerState, LevelState, MarketState } from "./auditor/state/market.ts";
import type { AuditorState } from "./auditor/state/state.ts";
import type { TierState } from "./auditor/state/tier.ts";
import type { AssetState, ThrottleState, WindowState, WithdrawalState } from "./auditor/state/vault.ts";
import { compareCover, compareCoverTwo } from "./compareCover.ts";
import { compareFund } from "./compareFunds.ts";
import { compareLoans } from "./compareLoans.ts";
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
    for (const governance of state.governance) compareGovernance(governance, state.clock, venue);
    for (const asset of state.assets) compareAsset(asset, state, venue);
    for (const withdrawal of state.withdrawals) compareWithdrawal(withdrawal, venue);
    compareThrottle(state.throttle, venue);
    for (const tier of state.tiers) compareTier(tier, venue);
    compareCoverTwo(state.coverTwo, venue, same);
    for (const fund of state.funds) compareFund(fund, state.accounts, venue, same);
    compareLoans(state, venue, same);
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
  for (const field of ["held", "transit", "pending", "dust", "skin", "mutual", "loans"] as const) {
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
  "drawnSince",
  "drawnBase",
  "drawn",
  "backstop",
  "backstopDay",
  "backstopSince",
  "backstopBase",
  "backstopTaken",
  "liquidationBuffer",
  "auctionStart",
  "auctionSpan",
  "insuranceDraw",
] as const;
const WITHDRAWAL_FIELDS = ["account", "asset", "amount", "released", "requestedAt", "place"] as const;

function compareWithdrawal(withdrawal: WithdrawalState, venue: Venue): void {
  const view = withdrawalView(venue, withdrawal.withdrawal);
  for (const field of WITHDRAWAL_FIELDS) {
    same(`withdrawal ${withdrawal.withdrawal}`, field, withdrawal[field], view?.[field] ?? Number.NaN);
  }
}

const THROTTLE_FIELDS = [
  "isOn",
  "posture",
  "askedPosture",
  "postureAt",
  "exitRatio",
  "refilledAt",
  "settledValue",
  "queueLength",
  "queueValue",
  "rounds",
  "roundAt",
  "isRoundOver",
] as const;
const ASSET_THROTTLE_FIELDS = ["price", "settled", "queued", "released"] as const;

function compareThrottle(throttle: ThrottleState, venue: Venue): void {
  const view = throttleView(venue);
  for (const field of THROTTLE_FIELDS) same("throttle", field, throttle[field], view[field]);
  compareWindow("window of the hour", throttle.hour, view.hour);
  compareWindow("window of the day", throttle.day, view.day);
  compareWindow("window of the lane", throttle.lane, view.lane);
  for (const [index, asset] of throttle.assets.entries()) {
    const what = `throttle of asset ${index + 1}`;
    const found = view.assets[index] as (typeof view.assets)[number];
    for (const field of ASSET_THROTTLE_FIELDS) same(what, field, asset[field], found[field]);
    compareWindow(`${what}, hour`, asset.hour, found.hour);
    compareWindow(`${what}, day`, asset.day, found.day);
    compareWindow(`${what}, lane`, asset.lane, found.lane);
  }
}

function compareWindow(
  what: string,
  window: WindowState,
  found: Readonly<Record<keyof WindowState, number>>,
): void {
  same(what, "capacity", window.capacity, found.capacity);
  same(what, "cap", window.cap, found.cap);
}

const PROPOSAL_FIELDS = [
  "proposal",
  "nonce",
  "content",
  "parameters",
  "eta",
  "lapse",
  "approvals",
  "needed",
  "contested",
] as const;

function compareGovernance(governance: GovernanceState, clock: number, venue: Venue): void {
  const what = `governance of tier ${governance.tier}`;
  const view = governanceView(venue, governance.tier);
  for (const field of ["sealed", "threshold", "timelock", "nonce"] as const)
    same(what, field, governance[field], view[field]);
  same(what, "members", governance.members.size, view.members.length);
  for (const { member, roles, since } of view.members) {
    same(what, "roles", governance.members.get(member)?.roles ?? -1, roles);
    same(what, "since", governance.members.get(member)?.since ?? -1, since);
  }
  const pending = pendingProposals(venue, governance.tier, clock);
  same(what, "proposals", governance.proposals.length, pending.length);
  for (const [index, proposal] of governance.proposals.entries()) {
    const found = pending[index] as (typeof pending)[number];
    for (const field of PROPOSAL_FIELDS) same(what, `${field} of a proposal`, proposal[field], found[field]);
  }
}

function compareParameters({ tier, parameters, holds }: TierState, venue: Venue): void {
  for (const { name, subject, value, baseline } of parameters) {
    const what = `${name} of ${subject} in tier ${tier}`;
    const view = parameterView(venue, tier, name, subject);
    same(what, "value", value, view.value);
    same(what, "baseline", baseline, view.baseline);
  }
  const found = holdsView(venue, tier);
  const what = `tier ${tier}`;
  same(what, "holds", holds.length, found.length);
  for (const [index, hold] of holds.entries()) {
    const view = found[index] as (typeof found)[number];
    same(what, `hold on ${hold.parameter}`, true, hold.parameter === view.parameter);
    for (const field of ["subject", "before", "value", "until"] as const)
      same(what, `${field} of a hold`, hold[field], view[field]);
  }
}

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
  same(what, "fees", tier.fees, view.fees);
  for (const [layer, size] of tier.depth.entries())
    same(what, `depth of layer ${layer}`, size, depthView(venue, tier.tier)[layer] as number);
  compareCover(tier, venue, same);
  compareParameters(tier, venue);
  const posture = postureView(venue, tier.tier);
  for (const field of ["enabled", "posture", "since", "calmSince", "rule"] as const)
    same(what, `posture's ${field}`, tier.controller[field], posture[field]);
  for (const market of tier.markets) compareMarket(tier.tier, market, venue);
  for (const bucket of tier.buckets) compareBucket(tier.tier, bucket, venue);
  for (const feed of tier.feeds) compareFeed(tier.tier, feed, venue);
  for (const { asset, price, initialPrice } of tier.collateral) {
    const { price: found, initialPrice: foundInitial } = collateralView(venue, tier.tier, asset);
    same(what, `price of asset ${asset}`, price, found);
    same(what, `initial price of asset ${asset}`, initialPrice, foundInitial);
  }
}

function compareFeed(tier: number, feed: FeedState, venue: Venue): void {
  const { feedKind, id } = feed;
  const what = `feed ${feedKind} of ${id} in tier ${tier}`;
  const { assets } = venueView(venue);
  if (feedKind === FEED_KIND.collateral && id > assets) return;
  const view = feedView(venue, tier, feedKind, id);
  for (const field of FEED_FIELDS) same(what, field, feed[field], view[field]);
  const { halfMinute, fiveMinutes, hour } = view.averages;
  for (const [window, found] of [halfMinute, fiveMinutes, hour].entries()) {
    same(what, `average over window ${window}`, feed.averages[window] ?? 0n, found);
  }
  for (const source of view.sources) {
    const expected = feed.sources.find(({ reporter }) => reporter === source.reporter);
    for (const field of SOURCE_FIELDS) same(what, field, expected?.[field] ?? 0, source[field]);
    const hasSpoken = expected !== undefined && expected.price > 0n;
    if (hasSpoken) same(what, "state", expected.state, source.state);
  }
}

const FEED_FIELDS = ["quorum", "quality", "qualitySince", "price", "confidence", "risk", "age"] as const;
const SOURCE_FIELDS = ["price", "confidence", "publishedAt", "repeats", "heldPrice"] as const;

const BOOK_FIELDS = [
  "premium",
  "sampledAt",
  "premiumSum",
  "samples",
  "fundingRate",
  "fundingDue",
  "slots",
  "slotSum",
] as const;
const MARKET_FIELDS = [
  "status",
  "mark",
  "index",
  "forbids",
  "unconfirmed",
  "fundingIndex",
  "openInterest",
  "openInterestLimit",
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
  const looked = markView(venue, tier, market.market);
  for (const field of BOOK_FIELDS) same(what, field, market.book[field], looked[field]);
  same(what, "graceUntil", market.graceUntil, breakerView(venue, tier, market.market).graceUntil);
  compareBreaker(what, market.breaker, breakerView(venue, tier, market.market));
  compareAuction(what, market.auction, auctionView(venue, tier, market.market));
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

const AUCTION_FIELDS = [
  "collects",
  "endsAt",
  "extensions",
  "orders",
  "price",
  "volume",
  "imbalance",
  "forced",
  "lowest",
  "highest",
] as const;

function compareAuction(what: string, state: AuctionState | undefined, view: AuctionView | undefined): void {
  same(what, "is in an auction", state !== undefined, view !== undefined);
  if (state === undefined || view === undefined) return;
  for (const field of AUCTION_FIELDS) same(what, `auction's ${field}`, state[field], view[field]);
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

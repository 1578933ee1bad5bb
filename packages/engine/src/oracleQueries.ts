/** Questions about prices: what a feed is worth, who says what, and why somebody does not count. */
import type { Ms, Points, Ppb, Ppm, Ticks } from "./kernel/units.ts";
import { MAX_REPORTERS } from "./domain/limits.ts";
import { FEED_KIND } from "./domain/commands.ts";
import { MARKET } from "./domain/rows/market.ts";
import { FEED, MARK, REPORTER, SOURCE } from "./domain/rows/oracle.ts";
import { COLLATERAL } from "./domain/rows/tier.ts";
import { VAULT } from "./domain/rows/vault.ts";
import type { TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { WINDOW, averageOver } from "./oracle/averages.ts";
import { type Legs, indexOf, legsOf } from "./oracle/mark.ts";
import { collateralCap, costOfMove } from "./oracle/manipulation.ts";
import { averagePremium, measuredRate } from "./oracle/premium.ts";
import { UnknownId } from "./queries.ts";

/** One reporter of a feed. */
export interface SourceView {
  readonly reporter: number;
  readonly operator: number;
  /** As registered. */
  readonly nominal: Ppm;
  /** What it counted for the last time, under the caps; another's number tells how much more. */
  readonly weight: number;
  /** A number of `SOURCE_STATE`: counted, aged, frozen, outlier or silent. */
  readonly state: number;
  /** 0 = nothing yet. */
  readonly price: Points;
  readonly confidence: Points;
  readonly publishedAt: Ms;
  readonly repeats: number;
  /** A report that waits for others to say the same; 0 = none. */
  readonly heldPrice: Points;
}

/** A price put together from reports. */
export interface FeedView {
  readonly quorum: number;
  /** A number of `QUALITY`. */
  readonly quality: number;
  readonly qualitySince: Ms;
  /** 0 = none yet. */
  readonly price: Points;
  readonly confidence: Points;
  /** The price, following with a limited speed. */
  readonly risk: Points;
  readonly averages: { readonly halfMinute: Points; readonly fiveMinutes: Points; readonly hour: Points };
  /** Age of the reports that the quorum rests on, when the feed was last put together, ms. */
  readonly age: number;
  readonly advancedAt: Ms;
  /** Registered reporters that are asked. */
  readonly sources: readonly SourceView[];
}

/** The feed of a market (`feedKind` 0) or of a collateral asset (1), whether or not it is configured. @throws {UnknownId} */
export function feedView(venue: Venue, tierId: number, feedKind: number, id: number): FeedView {
  const { tier, feed } = feedAt(venue, tierId, feedKind, id);
  const { arena } = tier;
  const row = tier.feed(feed);
  return {
    quorum: arena.int(row, FEED.quorum),
    quality: arena.int(row, FEED.quality),
    qualitySince: arena.num(row, FEED.qualitySince),
    price: arena.num(row, FEED.price),
    confidence: arena.num(row, FEED.confidence),
    risk: arena.num(row, FEED.risk),
    averages: {
      halfMinute: averageOver(tier, feed, WINDOW.short),
      fiveMinutes: averageOver(tier, feed, WINDOW.middle),
      hour: averageOver(tier, feed, WINDOW.long),
    },
    age: arena.num(row, FEED.age),
    advancedAt: arena.num(row, FEED.advancedAt),
    sources: sourcesOf(tier, feed),
  };
}

function sourcesOf(tier: TierShard, feed: number): SourceView[] {
  const mask = tier.arena.int(tier.feed(feed), FEED.reporters);
  const views: SourceView[] = [];
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter++) {
    const isRegistered = tier.arena.int(tier.reporter(reporter), REPORTER.weight) > 0;
    if (isRegistered && (mask & (1 << (reporter - 1))) !== 0) views.push(sourceOf(tier, feed, reporter));
  }
  return views;
}

function sourceOf(tier: TierShard, feed: number, reporter: number): SourceView {
  const { arena } = tier;
  const source = tier.source(feed, reporter);
  const who = tier.reporter(reporter);
  return {
    reporter,
    operator: arena.int(who, REPORTER.operator),
    nominal: arena.int(who, REPORTER.weight),
    weight: arena.num(source, SOURCE.weight),
    state: arena.int(source, SOURCE.state),
    price: arena.num(source, SOURCE.price),
    confidence: arena.num(source, SOURCE.confidence),
    publishedAt: arena.num(source, SOURCE.publishedAt),
    repeats: arena.int(source, SOURCE.repeats),
    heldPrice: arena.num(source, SOURCE.heldPrice),
  };
}

/** Both prices of a collateral asset in a tier, micro-dollars per whole. @throws {UnknownId} */
export function collateralView(
  venue: Venue,
  tierId: number,
  asset: number,
): { readonly price: number; readonly initialPrice: number; readonly held: number } {
  const tier = venue.tier(tierId);
  if (tier === undefined) throw new UnknownId("tier", tierId);
  if (!(asset >= 1 && asset <= venue.vault.assetCount)) throw new UnknownId("asset", asset);
  const { arena } = tier;
  const terms = tier.collateral(asset);
  return {
    price: arena.num(terms, COLLATERAL.price),
    initialPrice: arena.num(terms, COLLATERAL.initialPrice),
    held: arena.num(terms, COLLATERAL.held),
  };
}

/** How a market's mark and funding are made. */
export interface MarkView {
  readonly mark: Ticks;
  /** Points; 0 = none. */
  readonly index: Points;
  /** The three prices whose middle the mark is, before its band; points. */
  readonly legs: Legs;
  /** Smoothed distance of the book from the index, thousandths of a point. */
  readonly premium: number;
  /** When the book was last looked at, 0 = never. */
  readonly sampledAt: Ms;
  /** Premium samples since funding last accrued: their sum and average in ppb, and how many. */
  readonly premiumSum: number;
  readonly averagePremium: number;
  readonly samples: number;
  /** Rate of the last measured accrual, and the rate there would be now; ppb per interval. */
  readonly fundingRate: Ppb;
  readonly expectedRate: Ppb;
  readonly fundingDue: Ms;
  /** Samples of a future's final price so far, and their sum in points. */
  readonly slots: number;
  readonly slotSum: number;
}

/** @throws {UnknownId} */
export function markView(venue: Venue, tierId: number, marketId: number): MarkView {
  const tier = venue.tier(tierId);
  if (tier === undefined) throw new UnknownId("tier", tierId);
  const market = marketId >= 1 ? tier.market(marketId) : undefined;
  if (market === undefined) throw new UnknownId("market", marketId);
  const { arena } = tier;
  const row = tier.mark(marketId);
  return {
    mark: arena.int(market.row, MARKET.mark),
    index: indexOf(tier, market),
    legs: legsOf(tier, market, venue.vault.arena.num(venue.vault.row, VAULT.clock)),
    premium: arena.num(row, MARK.premium),
    sampledAt: arena.num(row, MARK.sampledAt),
    premiumSum: arena.num(row, MARK.premiumSum),
    averagePremium: averagePremium(tier, market),
    samples: arena.int(row, MARK.samples),
    fundingRate: arena.int(row, MARK.fundingRate),
    expectedRate: measuredRate(tier, market),
    fundingDue: arena.num(row, MARK.fundingDue),
    slots: arena.int(row, MARK.slots),
    slotSum: arena.num(row, MARK.slotSum),
  };
}

/** What it costs to move a feed's price, and what may ride on it. */
export interface ManipulationView {
  /** Dollars, rounded down, by the cheapest set of reporters with more than half the weight. */
  readonly costs: readonly { readonly percent: number; readonly dollars: number }[];
  /** Lots of a market, or units of a collateral asset. */
  readonly limit: number;
}

const MOVES: readonly number[] = [1, 2, 5, 10, 20, 50, 100];
const PER_DOLLAR = 200;

/** @throws {UnknownId} */
export function manipulationView(
  venue: Venue,
  tierId: number,
  feedKind: number,
  id: number,
): ManipulationView {
  const { tier, feed } = feedAt(venue, tierId, feedKind, id);
  const isMarket = feedKind === FEED_KIND.market;
  return {
    costs: MOVES.map((percent) => ({
      percent,
      dollars: Math.floor(costOfMove(tier, feed, percent) / PER_DOLLAR),
    })),
    limit: isMarket ? tier.arena.num(tier.marketRow(id), MARKET.openInterestLimit) : collateralCap(tier, id),
  };
}

/** @throws {UnknownId} */
function feedAt(
  venue: Venue,
  tierId: number,
  feedKind: number,
  id: number,
): { readonly tier: TierShard; readonly feed: number } {
  const tier = venue.tier(tierId);
  if (tier === undefined) throw new UnknownId("tier", tierId);
  const most = feedKind === FEED_KIND.market ? tier.marketCount : venue.vault.assetCount;
  if (!(id >= 1 && id <= most)) throw new UnknownId(feedKind === FEED_KIND.market ? "market" : "asset", id);
  return { tier, feed: tier.feedOf(feedKind, id) };
}

/** A tier's prices: who reports them, what was reported, and what is made of it. */
import type { Ms, Points, Ppb, Ppm } from "../../kernel/units.ts";
import type { Int, Num } from "./columns.ts";

/** Somebody who reports prices to the tier; weight 0 = nobody. */
export const REPORTER_WORDS = 4;
export const REPORTER = {
  operator: 0 as Int<"reporter">,
  weight: 1 as Int<"reporter", Ppm>,
} as const;

/** A price put together from reports, of a market or of a collateral asset; quorum 0 = an operator sets it. */
export const FEED_WORDS = 64;
export const FEED = {
  /** One bit per reporter, the first in bit 0. */
  reporters: 0 as Int<"feed">,
  quorum: 1 as Int<"feed">,
  /** Volatility per square root of a second. */
  sigma: 2 as Int<"feed", Ppb>,
  staleAfter: 3 as Int<"feed", Ms>,
  deadAfter: 4 as Int<"feed", Ms>,
  halfLife: 5 as Int<"feed", Ms>,
  maxConfidence: 6 as Int<"feed", Ppm>,
  jump: 7 as Int<"feed", Ppm>,
  deviation: 8 as Int<"feed", Ppm>,
  frozenAfter: 9 as Int<"feed">,
  divergence: 10 as Int<"feed", Ppm>,
  quality: 11 as Int<"feed">,
  /** Reporters that counted the last time, and their operators. */
  sources: 12 as Int<"feed">,
  operators: 13 as Int<"feed">,
  /** 1 while the latest move waits for a second report. */
  isCandidate: 14 as Int<"feed">,
  floor: 8 as Num<"feed", Points>,
  price: 9 as Num<"feed", Points>,
  confidence: 10 as Num<"feed", Points>,
  /** The price, following with a limited speed. */
  risk: 11 as Num<"feed", Points>,
  /** How old the reports are that the quorum rests on. */
  age: 12 as Num<"feed">,
  advancedAt: 13 as Num<"feed", Ms>,
  qualitySince: 14 as Num<"feed", Ms>,
  /** Time with a price, each step counted up to `MAX_PRICE_STEP`, and the sum of price·time in two limbs of 1e8. */
  elapsed: 15 as Num<"feed", Ms>,
  sumHigh: 16 as Num<"feed">,
  sumLow: 17 as Num<"feed">,
  confirmed: 18 as Num<"feed", Points>,
  candidate: 19 as Num<"feed", Points>,
  /** The same reports, one vote each. */
  unweighted: 20 as Num<"feed", Points>,
  /** What it costs to move the price by 1 %, two-hundredths of a dollar. */
  manipulationCost: 21 as Num<"feed">,
} as const;

/** What one reporter last said about one feed. */
export const SOURCE_WORDS = 48;
export const SOURCE = {
  /** Reports in a row that did not move the price. */
  repeats: 0 as Int<"source">,
  state: 1 as Int<"source">,
  price: 2 as Num<"source", Points>,
  confidence: 3 as Num<"source", Points>,
  publishedAt: 4 as Num<"source", Ms>,
  receivedAt: 5 as Num<"source", Ms>,
  /** Number and publication of the latest report, held ones included. */
  sequence: 6 as Num<"source">,
  seenAt: 7 as Num<"source", Ms>,
  /** A report that jumped and waits for others to confirm it; 0 = none. */
  heldPrice: 8 as Num<"source", Points>,
  heldConfidence: 9 as Num<"source", Points>,
  heldPublishedAt: 10 as Num<"source", Ms>,
  heldAt: 11 as Num<"source", Ms>,
  /** The feed's price when this reporter's began to stand still. */
  standsSince: 12 as Num<"source", Points>,
  /** Uncertainty and weight when it last counted. */
  spread: 13 as Num<"source", Points>,
  weight: 14 as Num<"source">,
  /** Dollars within 1 % of the price where the reporter looks, and dollars a second that arbitrage brings against a push. */
  depth: 15 as Num<"source">,
  flow: 16 as Num<"source">,
} as const;

/** How a market's mark is made from its index and its book, and its funding from both. */
export const MARK_WORDS = 32;
export const MARK = {
  /** How far the mark may be from the index; 0 = not at all. */
  band: 0 as Int<"mark", Ppm>,
  /** Time between two accruals; 0 = an operator says when, and at which rate. */
  fundingInterval: 1 as Int<"mark", Ms>,
  /** Per hour. */
  interestRate: 2 as Int<"mark", Ppb>,
  /** Rate of the last accrual, for one interval. */
  fundingRate: 3 as Int<"mark", Ppb>,
  samples: 4 as Int<"mark">,
  /** Samples of the final price so far. */
  slots: 5 as Int<"mark">,
  /** Smoothed distance of the book from the index, thousandths of a point. */
  premium: 4 as Num<"mark">,
  sampledAt: 5 as Num<"mark", Ms>,
  premiumSum: 6 as Num<"mark">,
  premiumAt: 7 as Num<"mark", Ms>,
  fundingDue: 8 as Num<"mark", Ms>,
  /** The index when the book was last looked at. */
  lastIndex: 9 as Num<"mark", Points>,
  slotSum: 10 as Num<"mark">,
} as const;

/** What a collateral asset can be redeemed for. */
export const REDEMPTION_WORDS = 16;
export const REDEMPTION = {
  /** 0 nothing, 1 dollars, 2 another asset. */
  basis: 0 as Int<"redemption">,
  underlying: 1 as Int<"redemption">,
  maxAge: 2 as Int<"redemption", Ms>,
  dailyStep: 3 as Int<"redemption", Ppm>,
  /** Ppb of the underlying per asset; 0 = not told yet. */
  ratio: 2 as Num<"redemption">,
  publishedAt: 3 as Num<"redemption", Ms>,
  receivedAt: 4 as Num<"redemption", Ms>,
  sequence: 5 as Num<"redemption">,
} as const;

/** Moments at which a feed's cumulated price was noted, so that its average over a window can be told. */
export const RING_WORDS = 112;
export const RING_PLACES = 16;
export const RING = {
  count: 0 as Int<"ring">,
  newest: 1 as Int<"ring">,
  elapsed: 8 as Num<"ring", Ms>,
  sumHigh: 24 as Num<"ring">,
  sumLow: 40 as Num<"ring">,
} as const;

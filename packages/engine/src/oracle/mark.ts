/**
 * The mark: the middle of three prices that no one party makes — the index carried by funding, the index with the book's smoothed
 * premium, and the book itself — and never farther from the index than the market's band. See docs/spec/oracle.md#mark.
 */
import { mulDivCeil, mulDivFloor, mulDivTruncate } from "../kernel/mulDiv.ts";
import { decayed } from "../kernel/decay.ts";
import { POINTS_PER_TICK, nearestTick, points, pointsOf, tickWithin } from "../kernel/points.ts";
import type { Ms, Points, Ticks } from "../kernel/units.ts";
import { CONTRACT, FEED_KIND } from "../domain/commands.ts";
import { PPB_ONE, PPM_ONE } from "../domain/limits.ts";
import { MARKET } from "../domain/rows/market.ts";
import { FEED, MARK } from "../domain/rows/oracle.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { impactAsk, impactBid, impactLots } from "./impact.ts";
import { samplePremium } from "./premium.ts";
import { fillSlots, isInWindow, windowAverage } from "./settlementWindow.ts";

/** The premium halves in 150 s · ln 2. */
const PREMIUM_HALF_LIFE = 103_972;
/** Longest time that one look at the book counts for, ms: three missed ticks. */
const LONGEST_LOOK = 9_000;
/** Parts of a point that the smoothed premium is kept in. */
const FINE = 1_000;
/** Milliseconds in a Julian year. */
const YEAR = 31_557_600_000;

/** The price of the underlying in points: its feed's, or the operator's; 0 = none. */
export function indexOf(tier: TierShard, market: Market): Points {
  const { arena } = tier;
  const feed = tier.feed(tier.feedOf(FEED_KIND.market, market.id));
  const told = arena.num(feed, FEED.price);
  return told === 0 ? pointsOf(arena.int(market.row, MARKET.index)) : told;
}

/** True when the market looks at its own book: for its mark, its funding, or its final price. Otherwise the mark is the index. */
export function isSampled(tier: TierShard, market: Market): boolean {
  const { arena } = tier;
  const row = tier.mark(market.id);
  if (arena.int(row, MARK.band) !== 0 || arena.int(row, MARK.fundingInterval) !== 0) return true;
  return isSettledByReporters(tier, market);
}

/** True for a dated future whose final price its reporters make. */
export function isSettledByReporters(tier: TierShard, market: Market): boolean {
  const { arena } = tier;
  const feed = tier.feed(tier.feedOf(FEED_KIND.market, market.id));
  return arena.int(market.row, MARKET.contract) === CONTRACT.future && arena.int(feed, FEED.quorum) !== 0;
}

/** Looks at the book: the smoothed premium, the funding premium, and the final price move on. */
export function sample(tier: TierShard, market: Market, now: Ms): void {
  const { arena } = tier;
  const row = tier.mark(market.id);
  const index = indexOf(tier, market);
  const lots = impactLots(tier, market, arena.int(market.row, MARKET.index));
  const bid = impactBid(tier, market, lots);
  const ask = impactAsk(tier, market, lots);
  const last = arena.num(row, MARK.sampledAt);
  const time = last === 0 ? 0 : Math.min(now - last, LONGEST_LOOK);
  const kept = decayed(time, PREMIUM_HALF_LIFE);
  const premium = arena.num(row, MARK.premium);
  const seen = bid === 0 || ask === 0 ? 0 : (Math.floor((bid + ask) / 2) - index) * FINE;
  const smoothed =
    bid === 0 || ask === 0
      ? mulDivTruncate(premium, kept, PPB_ONE)
      : premium + mulDivTruncate(seen - premium, PPB_ONE - kept, PPB_ONE);
  arena.setNum(row, MARK.premium, smoothed);
  arena.setNum(row, MARK.sampledAt, now);
  samplePremium(tier, market, index, bid, ask, now);
  fillSlots(tier, market, index, now);
}

/** The mark of a market that is sampled, from its latest look at the book. */
export function markOf(tier: TierShard, market: Market, now: Ms): Ticks {
  const { arena } = tier;
  const index = indexOf(tier, market);
  if (isInWindow(tier, market, now)) return nearestTick(windowAverage(tier, market, index), market.highest);
  if (arena.int(tier.mark(market.id), MARK.band) === 0) return nearestTick(index, market.highest);
  const isPerpetual = arena.int(market.row, MARKET.contract) === CONTRACT.perpetual;
  const fair = isPerpetual ? middleOfLegs(tier, market, index, now) : datedPrice(tier, market, index, now);
  return banded(tier, market, index, fair);
}

/** The three prices that a perpetual's mark is the middle of, points. */
export interface Legs {
  readonly carried: number;
  readonly smoothed: number;
  readonly traded: number;
}

export function legsOf(tier: TierShard, market: Market, now: Ms): Legs {
  const index = indexOf(tier, market);
  const smoothed = index + premiumOf(tier, market);
  return { carried: carried(tier, market, index, now), smoothed, traded: traded(tier, market, smoothed) };
}

function middleOfLegs(tier: TierShard, market: Market, index: number, now: Ms): number {
  const smoothed = index + premiumOf(tier, market);
  return middleOf(carried(tier, market, index, now), smoothed, traded(tier, market, smoothed));
}

function premiumOf(tier: TierShard, market: Market): number {
  return mulDivTruncate(tier.arena.num(tier.mark(market.id), MARK.premium), 1, FINE);
}

/** The index with what of the last funding rate is still to come until the next. */
function carried(tier: TierShard, market: Market, index: number, now: Ms): number {
  const { arena } = tier;
  const row = tier.mark(market.id);
  const interval = arena.int(row, MARK.fundingInterval);
  if (interval === 0) return index;
  const left = Math.max(0, arena.num(row, MARK.fundingDue) - now);
  const rate = mulDivTruncate(arena.int(row, MARK.fundingRate), left, interval);
  return index + mulDivTruncate(index, rate, PPB_ONE);
}

/** Middle of best bid, best ask and last trade; without a trade between the first two; the smoothed price if a side is empty. */
function traded(tier: TierShard, market: Market, smoothed: number): number {
  const { arena } = tier;
  const bid = arena.int(market.row, MARKET.bestBid);
  const ask = arena.int(market.row, MARKET.bestAsk);
  if (bid === 0 || ask === 0) return smoothed;
  const last = arena.int(market.row, MARKET.lastPrice);
  return last === 0
    ? ((bid + ask) * POINTS_PER_TICK) / 2
    : middleOf(bid * POINTS_PER_TICK, ask * POINTS_PER_TICK, last * POINTS_PER_TICK);
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** The index with the smoothed premium, which may be 100 % a year at most and so fades towards expiry. */
function datedPrice(tier: TierShard, market: Market, index: number, now: Ms): number {
  const left = Math.max(0, tier.arena.num(market.row, MARKET.expiry) - now);
  const most = mulDivFloor(index, Math.min(left, YEAR), YEAR);
  return index + Math.max(-most, Math.min(premiumOf(tier, market), most));
}

/** The tick next to a price, inside the band; where the band holds no tick, the one next to the index. */
function banded(tier: TierShard, market: Market, index: Points, price: number): Ticks {
  const band = tier.arena.int(tier.mark(market.id), MARK.band);
  const lowest = Math.max(1, Math.ceil(mulDivCeil(index, PPM_ONE - band, PPM_ONE) / POINTS_PER_TICK));
  const highest = Math.min(
    market.highest,
    Math.floor(mulDivFloor(index, PPM_ONE + band, PPM_ONE) / POINTS_PER_TICK),
  );
  if (lowest > highest) return nearestTick(index, market.highest);
  return tickWithin(nearestTick(points(price), market.highest), lowest, highest);
}

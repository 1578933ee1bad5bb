/** A feed is brought to a moment: its averages, its price, and what that price is worth. */
import { checked, least, minus } from "../kernel/checked.ts";
import { mulDivFloor } from "../kernel/mulDiv.ts";
import { points } from "../kernel/points.ts";
import type { Ms, Points } from "../kernel/units.ts";
import type { FeedFigures } from "../domain/feedFigures.ts";
import { MAX_PRICE_STEP, PPB_ONE } from "../domain/limits.ts";
import { QUALITY } from "../domain/permits.ts";
import { FEED } from "../domain/rows/oracle.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { aggregate, agrees, operatorsInAgreement } from "./aggregate.ts";
import { WINDOW, accumulate, averageOver, forgetAverages, takeNotes } from "./averages.ts";
import { gather } from "./gather.ts";
import { qualityOf } from "./quality.ts";
import { moveWithin } from "./speed.ts";

/** The risk price follows by 50 bp per step at least, or by six deviations. */
const LEAST_FOLLOWING = 5_000_000;
const FOLLOWING_DEVIATIONS = 6;
/** Operators that confirm a price at once. */
const CONFIRMING_OPERATORS = 3;

/** Brings a configured feed to `now`. */
export function advanceFeed(tier: TierShard, feed: number, now: Ms, figures: FeedFigures): void {
  const { arena } = tier;
  const row = tier.feed(feed);
  const time = minus(now, arena.num(row, FEED.advancedAt));
  accumulate(tier, feed, least(time, MAX_PRICE_STEP));
  gather(tier, feed, now, figures);
  aggregate(tier, feed, figures);
  if (figures.quorumAge >= 0) {
    arena.setNum(row, FEED.price, points(figures.median));
    arena.setNum(row, FEED.confidence, points(figures.confidence));
    arena.setNum(row, FEED.unweighted, points(figures.unweighted));
    arena.setNum(row, FEED.risk, followed(tier, feed, time));
    arena.setNum(row, FEED.age, figures.quorumAge);
    takeNotes(tier, feed);
  } else if (arena.num(row, FEED.price) !== 0) {
    arena.setNum(row, FEED.age, checked(arena.num(row, FEED.age) + time));
  }
  arena.setInt(row, FEED.sources, figures.count);
  arena.setInt(row, FEED.operators, figures.operators);
  arena.setNum(row, FEED.advancedAt, now);
  const quality = qualityOf(tier, feed, figures);
  if (quality !== arena.int(row, FEED.quality)) {
    arena.setInt(row, FEED.quality, quality);
    arena.setNum(row, FEED.qualitySince, now);
  }
}

/** The price as somebody follows it who moves no faster than its volatility explains: for risk only, never for the index. */
function followed(tier: TierShard, feed: number, time: Ms): Points {
  const { arena } = tier;
  const row = tier.feed(feed);
  const price = arena.num(row, FEED.price);
  const risk = arena.num(row, FEED.risk);
  if (risk === 0) return price;
  if (time === 0) return risk;
  const pace = moveWithin(time, arena.int(row, FEED.sigma), FOLLOWING_DEVIATIONS);
  const step = Math.max(1, mulDivFloor(risk, Math.max(LEAST_FOLLOWING, pace), PPB_ONE));
  return points(Math.max(risk - step, Math.min(price, risk + step)));
}

/** Brings a feed to `now` because of a report: the move it leads to stands, or waits for a second one. */
export function advanceByReport(tier: TierShard, feed: number, now: Ms, figures: FeedFigures): void {
  advanceFeed(tier, feed, now, figures);
  confirmMove(tier, feed, figures);
}

function confirmMove(tier: TierShard, feed: number, figures: FeedFigures): void {
  if (figures.quorumAge < 0) return;
  const { arena } = tier;
  const row = tier.feed(feed);
  const price = arena.num(row, FEED.price);
  const isStanding =
    operatorsInAgreement(figures) >= CONFIRMING_OPERATORS ||
    agrees(price, arena.num(row, FEED.confirmed)) ||
    (arena.int(row, FEED.isCandidate) === 1 && goesOn(tier, feed));
  arena.setInt(row, FEED.isCandidate, isStanding ? 0 : 1);
  arena.setNum(row, isStanding ? FEED.confirmed : FEED.candidate, price);
}

/** The price is where the report before put it, or farther the same way. */
function goesOn(tier: TierShard, feed: number): boolean {
  const { arena } = tier;
  const row = tier.feed(feed);
  const price = arena.num(row, FEED.price);
  const candidate = arena.num(row, FEED.candidate);
  if (agrees(price, candidate)) return true;
  const confirmed = arena.num(row, FEED.confirmed);
  if (confirmed === 0) return false;
  return candidate > confirmed ? price > candidate : price < candidate;
}

/**
 * True while nobody may be liquidated by the price: its last move waits for a second report; or it is wide and its follower is elsewhere;
 * or it is stale and its 5-minute average is. Elsewhere is more than 50 bp away.
 */
export function isUnconfirmed(tier: TierShard, feed: number): boolean {
  const { arena } = tier;
  const row = tier.feed(feed);
  if (arena.int(row, FEED.isCandidate) === 1) return true;
  const quality = arena.int(row, FEED.quality);
  if (quality !== QUALITY.wide && quality !== QUALITY.stale) return false;
  const other = quality === QUALITY.wide ? arena.num(row, FEED.risk) : averageOver(tier, feed, WINDOW.middle);
  return Math.abs(arena.num(row, FEED.price) - other) > Math.floor(other / 200);
}

/** The least a price may be worth to whoever takes money out: less its confidence, or its half-minute average. */
export function leastPrice(tier: TierShard, feed: number): Points {
  const { arena } = tier;
  const row = tier.feed(feed);
  const unsure = arena.num(row, FEED.price) - arena.num(row, FEED.confidence);
  return points(Math.max(0, Math.min(unsure, averageOver(tier, feed, WINDOW.short))));
}

/** The most it may be worth, the same way. */
export function mostPrice(tier: TierShard, feed: number): Points {
  const { arena } = tier;
  const row = tier.feed(feed);
  const unsure = arena.num(row, FEED.price) + arena.num(row, FEED.confidence);
  return points(Math.max(unsure, averageOver(tier, feed, WINDOW.short)));
}

/** A feed that is configured no more forgets its past. */
export function forgetFeed(tier: TierShard, feed: number): void {
  const { arena } = tier;
  const row = tier.feed(feed);
  for (const column of [
    FEED.price,
    FEED.confidence,
    FEED.risk,
    FEED.confirmed,
    FEED.candidate,
    FEED.unweighted,
  ]) {
    arena.setNum(row, column, NO_PRICE);
  }
  for (const column of [FEED.quality, FEED.sources, FEED.operators, FEED.isCandidate]) {
    arena.setInt(row, column, 0);
  }
  arena.setNum(row, FEED.age, 0);
  forgetAverages(tier, feed);
}

const NO_PRICE = points(0);

/**
 * One report of one reporter. A price that leaps farther than its volatility explains is held back until three operators have said the
 * same within two seconds: one of them alone, or one that was broken into, moves nothing.
 */
import { compareProducts, mulDivFloor } from "../kernel/mulDiv.ts";
import { points } from "../kernel/points.ts";
import { type Ms, NONE, type Points } from "../kernel/units.ts";
import { MAX_REPORTERS, PPB_ONE, PPM_ONE } from "../domain/limits.ts";
import { FEED, REPORTER, SOURCE } from "../domain/rows/oracle.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { moveWithin } from "./speed.ts";

const JUMP_DEVIATIONS = 8;
const CONFIRMING_OPERATORS = 3;
/** How long others have to say the same, ms. */
const CONFIRMATION = 2_000;
const PPB_PER_PPM = PPB_ONE / PPM_ONE;

/** True when a price is farther from the reporter's last one than eight deviations and the feed's allowance. */
export function jumps(tier: TierShard, feed: number, reporter: number, price: number, now: Ms): boolean {
  const { arena } = tier;
  const row = tier.feed(feed);
  const source = tier.source(feed, reporter);
  const last = arena.num(source, SOURCE.price);
  if (last === 0) return false;
  const time = now - arena.num(source, SOURCE.receivedAt);
  const allowed =
    arena.int(row, FEED.jump) * PPB_PER_PPM + moveWithin(time, arena.int(row, FEED.sigma), JUMP_DEVIATIONS);
  // Relative to the smaller price the change is never less than the logarithm of their ratio.
  return compareProducts(Math.abs(price - last), PPB_ONE, Math.min(price, last), allowed) > 0;
}

/** The reporter's latest price is this one. */
export function takeReport(
  tier: TierShard,
  feed: number,
  reporter: number,
  price: Points,
  confidence: Points,
  publishedAt: Ms,
  receivedAt: Ms,
): void {
  const { arena } = tier;
  const source = tier.source(feed, reporter);
  if (price === arena.num(source, SOURCE.price)) {
    arena.setInt(source, SOURCE.repeats, arena.int(source, SOURCE.repeats) + 1);
  } else {
    arena.setInt(source, SOURCE.repeats, 0);
    arena.setNum(source, SOURCE.standsSince, arena.num(tier.feed(feed), FEED.price));
  }
  arena.setNum(source, SOURCE.price, price);
  arena.setNum(source, SOURCE.confidence, confidence);
  arena.setNum(source, SOURCE.publishedAt, publishedAt);
  arena.setNum(source, SOURCE.receivedAt, receivedAt);
  arena.setNum(source, SOURCE.heldPrice, NO_PRICE);
}

/** Keeps a report back. */
export function holdReport(
  tier: TierShard,
  feed: number,
  reporter: number,
  price: Points,
  confidence: Points,
  publishedAt: Ms,
  now: Ms,
): void {
  const { arena } = tier;
  const source = tier.source(feed, reporter);
  arena.setNum(source, SOURCE.heldPrice, price);
  arena.setNum(source, SOURCE.heldConfidence, confidence);
  arena.setNum(source, SOURCE.heldPublishedAt, publishedAt);
  arena.setNum(source, SOURCE.heldAt, now);
}

/** Takes all held reports near a price if enough operators have said the same lately, in either way. @returns whether they have */
export function releaseHeld(tier: TierShard, feed: number, price: number, now: Ms): boolean {
  if (operatorsSaying(tier, feed, price, now) < CONFIRMING_OPERATORS) return false;
  const { arena } = tier;
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter++) {
    if (!isAsked(tier, feed, reporter) || !holdsNear(tier, feed, reporter, price, now)) continue;
    const source = tier.source(feed, reporter);
    takeReport(
      tier,
      feed,
      reporter,
      arena.num(source, SOURCE.heldPrice),
      arena.num(source, SOURCE.heldConfidence),
      arena.num(source, SOURCE.heldPublishedAt),
      arena.num(source, SOURCE.heldAt),
    );
  }
  return true;
}

/** Operators with a held or a taken report near a price, not older than the time for confirmation. */
function operatorsSaying(tier: TierShard, feed: number, price: number, now: Ms): number {
  let found = 0;
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter++) {
    if (!says(tier, feed, reporter, price, now)) continue;
    let isFirst = true;
    for (let other = 1; other < reporter; other++) {
      if (operatorOf(tier, other) !== operatorOf(tier, reporter)) continue;
      if (says(tier, feed, other, price, now)) isFirst = false;
    }
    if (isFirst) found++;
  }
  return found;
}

function says(tier: TierShard, feed: number, reporter: number, price: number, now: Ms): boolean {
  const { arena } = tier;
  if (!isAsked(tier, feed, reporter)) return false;
  if (holdsNear(tier, feed, reporter, price, now)) return true;
  const source = tier.source(feed, reporter);
  const isRecent = now - arena.num(source, SOURCE.receivedAt) <= CONFIRMATION;
  return isRecent && isNear(tier, feed, arena.num(source, SOURCE.price), price);
}

function holdsNear(tier: TierShard, feed: number, reporter: number, price: number, now: Ms): boolean {
  const { arena } = tier;
  const source = tier.source(feed, reporter);
  const held = arena.num(source, SOURCE.heldPrice);
  return (
    held !== 0 && now - arena.num(source, SOURCE.heldAt) <= CONFIRMATION && isNear(tier, feed, held, price)
  );
}

/** Within the width in which reporters are no outliers. */
function isNear(tier: TierShard, feed: number, price: number, other: number): boolean {
  const width = mulDivFloor(other, tier.arena.int(tier.feed(feed), FEED.deviation), PPM_ONE);
  return price !== 0 && Math.abs(price - other) <= width;
}

/** The reporter is registered, and asked for this price. */
function isAsked(tier: TierShard, feed: number, reporter: number): boolean {
  const { arena } = tier;
  const isOfFeed = (arena.int(tier.feed(feed), FEED.reporters) & (1 << (reporter - 1))) !== 0;
  return isOfFeed && arena.int(tier.reporter(reporter), REPORTER.weight) > 0;
}

function operatorOf(tier: TierShard, reporter: number): number {
  return tier.arena.int(tier.reporter(reporter), REPORTER.operator);
}

/** Everything a reporter has said is forgotten: another may come in its place. */
export function forgetReporter(tier: TierShard, reporter: number): void {
  const { arena } = tier;
  for (let feed = 1; feed <= tier.feeds; feed++) {
    const source = tier.source(feed, reporter);
    const isKnown = arena.num(source, SOURCE.depth) !== 0 || arena.num(source, SOURCE.flow) !== 0;
    if (arena.num(source, SOURCE.sequence) === 0 && !isKnown) continue;
    arena.setInt(source, SOURCE.repeats, 0);
    arena.setInt(source, SOURCE.state, 0);
    for (const column of FORGOTTEN) arena.setNum(source, column, NONE);
  }
}

const FORGOTTEN = [
  SOURCE.price,
  SOURCE.confidence,
  SOURCE.publishedAt,
  SOURCE.receivedAt,
  SOURCE.sequence,
  SOURCE.seenAt,
  SOURCE.heldPrice,
  SOURCE.heldConfidence,
  SOURCE.heldPublishedAt,
  SOURCE.heldAt,
  SOURCE.standsSince,
  SOURCE.spread,
  SOURCE.weight,
  SOURCE.depth,
  SOURCE.flow,
] as const;

const NO_PRICE = points(0);

/**
 * Time-weighted averages, exact: the price's integral over time in two limbs, with notes of past values in a ring per window. The average
 * over a window is the difference of two integrals over the time between them, so a price that is pushed for s of W seconds has to be
 * pushed W/s times as far to move it as much.
 */
import type { Ref } from "../kernel/arena.ts";
import { minus, plus } from "../kernel/checked.ts";
import { points } from "../kernel/points.ts";
import type { Ms, Points } from "../kernel/units.ts";
import { FEED, RING, RING_PLACES } from "../domain/rows/oracle.ts";
import type { TierShard } from "../domain/tierShard.ts";

/** The windows: half a minute, five minutes, an hour; a note is taken every fifteenth of one. */
export const WINDOW = { short: 0, middle: 1, long: 2 } as const;
const WINDOW_MS: readonly number[] = [30_000, 300_000, 3_600_000];
const NOTES_PER_WINDOW = 15;
/** Units of the upper limb, and where it starts again: differences within a window stay far below. */
const LIMB = 100_000_000;
const HALF_LIMB = 10_000;
const WRAP = 2 ** 52;

/** Counts the feed's price for a length of time. */
export function accumulate(tier: TierShard, feed: number, time: Ms): void {
  const { arena } = tier;
  const row = tier.feed(feed);
  const price = arena.num(row, FEED.price);
  if (price === 0 || time === 0) return;
  const upper = Math.floor(price / LIMB);
  const low = arena.num(row, FEED.sumLow) + (price - upper * LIMB) * time;
  const carry = Math.floor(low / LIMB);
  const high = arena.num(row, FEED.sumHigh) + upper * time + carry;
  arena.setNum(row, FEED.sumLow, low - carry * LIMB);
  arena.setNum(row, FEED.sumHigh, high >= WRAP ? high - WRAP : high);
  arena.setNum(row, FEED.elapsed, plus(arena.num(row, FEED.elapsed), time));
}

/** Notes the present integral in every ring whose last note is old enough. */
export function takeNotes(tier: TierShard, feed: number): void {
  const { arena } = tier;
  const row = tier.feed(feed);
  const elapsed = arena.num(row, FEED.elapsed);
  for (let window = 0; window < WINDOW_MS.length; window++) {
    const ring = tier.ring(feed, window);
    const count = arena.int(ring, RING.count);
    const newest = arena.int(ring, RING.newest);
    const step = (WINDOW_MS[window] as number) / NOTES_PER_WINDOW;
    if (count > 0 && elapsed - arena.num(ring, elapsedAt(newest)) < step) continue;
    const place = count === 0 ? 0 : (newest + 1) % RING_PLACES;
    arena.setInt(ring, RING.newest, place);
    if (count < RING_PLACES) arena.setInt(ring, RING.count, count + 1);
    arena.setNum(ring, elapsedAt(place), elapsed);
    arena.setNum(ring, sumHighAt(place), arena.num(row, FEED.sumHigh));
    arena.setNum(ring, sumLowAt(place), arena.num(row, FEED.sumLow));
  }
}

/**
 * The average price since the latest note that is at least a window old, or since the oldest there is; the price itself while no time
 * has passed. Rounded down.
 */
export function averageOver(tier: TierShard, feed: number, window: number): Points {
  const { arena } = tier;
  const row = tier.feed(feed);
  const ring = tier.ring(feed, window);
  if (arena.int(ring, RING.count) === 0) return arena.num(row, FEED.price);
  const elapsed = arena.num(row, FEED.elapsed);
  const place = noteBefore(tier, ring, elapsed - (WINDOW_MS[window] as number));
  const time = minus(elapsed, arena.num(ring, elapsedAt(place)));
  if (time === 0) return arena.num(row, FEED.price);
  const high = arena.num(row, FEED.sumHigh) - arena.num(ring, sumHighAt(place));
  const low = arena.num(row, FEED.sumLow) - arena.num(ring, sumLowAt(place));
  const borrow = low < 0 ? 1 : 0;
  return points(quotientOf((high < 0 ? high + WRAP : high) - borrow, low + borrow * LIMB, time));
}

/**
 * ⌊(upper·LIMB + lower)/time⌋, digit by digit in base √LIMB: without a quorum no notes are taken, so the time may be days, and a remainder
 * times LIMB no longer exact. Exact for times below 2^53/√LIMB ms, 28 years.
 */
function quotientOf(upper: number, lower: number, time: number): number {
  const first = Math.floor(upper / time);
  const middle = (upper - first * time) * HALF_LIMB + Math.floor(lower / HALF_LIMB);
  const second = Math.floor(middle / time);
  const last = (middle - second * time) * HALF_LIMB + (lower % HALF_LIMB);
  return first * LIMB + second * HALF_LIMB + Math.floor(last / time);
}

/** Place of the latest note not after a moment, or of the oldest. */
function noteBefore(tier: TierShard, ring: Ref<"ring">, moment: number): number {
  const { arena } = tier;
  const count = arena.int(ring, RING.count);
  let place = arena.int(ring, RING.newest);
  for (let back = 1; back < count; back++) {
    if (arena.num(ring, elapsedAt(place)) <= moment) return place;
    place = (place + RING_PLACES - 1) % RING_PLACES;
  }
  return place;
}

/** Forgets everything that was noted. */
export function forgetAverages(tier: TierShard, feed: number): void {
  for (let window = 0; window < WINDOW_MS.length; window++) {
    tier.arena.setInt(tier.ring(feed, window), RING.count, 0);
  }
}

/** Columns of a place in the ring. */
function elapsedAt(place: number): typeof RING.elapsed {
  return (RING.elapsed + place) as typeof RING.elapsed;
}

function sumHighAt(place: number): typeof RING.sumHigh {
  return (RING.sumHigh + place) as typeof RING.sumHigh;
}

function sumLowAt(place: number): typeof RING.sumLow {
  return (RING.sumLow + place) as typeof RING.sumLow;
}

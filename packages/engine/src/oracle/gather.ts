/** What the reporters of a feed say at a moment: who counts, how sure each is by now, and with what weight. */
import { mulDivCeil, squareRootCeil } from "../kernel/mulDiv.ts";
import { decayed } from "../kernel/decay.ts";
import { points } from "../kernel/points.ts";
import type { Ms } from "../kernel/units.ts";
import type { FeedFigures } from "../domain/feedFigures.ts";
import { MAX_REPORTERS, PPB_ONE, PPM_ONE } from "../domain/limits.ts";
import { SOURCE_STATE } from "../domain/permits.ts";
import { FEED, REPORTER, SOURCE } from "../domain/rows/oracle.ts";
import type { TierShard } from "../domain/tierShard.ts";

/** Uncertainty every price has, ppb: 2 bp. */
const LEAST_UNCERTAINTY = 200_000;
/** Age up to which a price becomes less certain, ms. */
const MOST_AGE = 60_000;

/** Gathers the reporters that are neither silent, aged nor frozen, in ascending order, and notes the state of the others. */
export function gather(tier: TierShard, feed: number, now: Ms, figures: FeedFigures): void {
  const { arena } = tier;
  const row = tier.feed(feed);
  const mask = arena.int(row, FEED.reporters);
  figures.count = 0;
  figures.asked = 0;
  for (let reporter = 1; reporter <= MAX_REPORTERS; reporter++) {
    if ((mask & (1 << (reporter - 1))) === 0) continue;
    const weight = arena.int(tier.reporter(reporter), REPORTER.weight);
    figures.asked += weight;
    if (weight === 0) continue;
    const state = stateOf(tier, feed, reporter, now);
    arena.setInt(tier.source(feed, reporter), SOURCE.state, state);
    if (state === SOURCE_STATE.counted) enrol(tier, feed, reporter, now, figures);
  }
}

function stateOf(tier: TierShard, feed: number, reporter: number, now: Ms): number {
  const { arena } = tier;
  const source = tier.source(feed, reporter);
  if (arena.num(source, SOURCE.price) === 0) return SOURCE_STATE.silent;
  const age = now - arena.num(source, SOURCE.publishedAt);
  if (age > arena.int(tier.feed(feed), FEED.deadAfter)) return SOURCE_STATE.aged;
  return isFrozen(tier, feed, reporter) ? SOURCE_STATE.frozen : SOURCE_STATE.counted;
}

/** A reporter repeats one price while the feed has moved on from where it stood when that began. */
function isFrozen(tier: TierShard, feed: number, reporter: number): boolean {
  const { arena } = tier;
  const row = tier.feed(feed);
  if (!standsStill(tier, feed, reporter)) return false;
  const since = arena.num(tier.source(feed, reporter), SOURCE.standsSince);
  const moved = Math.abs(arena.num(row, FEED.price) - since);
  return since > 0 && moved > Math.floor((since * arena.int(row, FEED.deviation)) / PPM_ONE);
}

/** A reporter has repeated one price as often as makes it suspect. */
export function standsStill(tier: TierShard, feed: number, reporter: number): boolean {
  const { arena } = tier;
  const limit = arena.int(tier.feed(feed), FEED.frozenAfter);
  return limit > 0 && arena.int(tier.source(feed, reporter), SOURCE.repeats) >= limit;
}

function enrol(tier: TierShard, feed: number, reporter: number, now: Ms, figures: FeedFigures): void {
  const { arena } = tier;
  const row = tier.feed(feed);
  const source = tier.source(feed, reporter);
  const each = figures.count;
  const price = arena.num(source, SOURCE.price);
  const age = Math.max(0, now - arena.num(source, SOURCE.publishedAt));
  const uncertainty = uncertaintyOf(
    price,
    arena.num(source, SOURCE.confidence),
    arena.int(row, FEED.sigma),
    age,
  );
  const who = tier.reporter(reporter);
  const nominal = arena.int(who, REPORTER.weight);
  const decayedWeight = nominal * decayed(age, arena.int(row, FEED.halfLife));
  figures.count = each + 1;
  figures.reporter[each] = reporter;
  figures.operator[each] = arena.int(who, REPORTER.operator);
  figures.nominal[each] = nominal;
  figures.weight[each] = Math.max(1, Math.floor(decayedWeight / (uncertainty + LEAST_UNCERTAINTY)));
  figures.price[each] = price;
  const spread = mulDivCeil(price, uncertainty, PPB_ONE);
  figures.spread[each] = spread;
  figures.age[each] = age;
  arena.setNum(source, SOURCE.spread, points(spread));
}

/** √(c² + (2σ)²·age) in ppb of the price, rounded up: what a reporter was unsure of, and what the price may have done since. */
function uncertaintyOf(price: number, confidence: number, sigma: number, age: number): number {
  const told = mulDivCeil(confidence, PPB_ONE, price);
  const since = Math.ceil((4 * sigma * sigma * Math.min(age, MOST_AGE)) / 1_000);
  return squareRootCeil(told * told + since);
}

/**
 * Prices put together from reports, formula by formula as in docs/spec/oracle.md: integrals over time are kept whole, medians are taken
 * from sorted lists, and every number is a BigInt.
 */
import { absolute, ceilDivide, ceilSquareRoot, floorDivide, greatest, least } from "./arithmetic.ts";
import { BILLION, MAX_REPORTERS, MILLION, QUALITY, SOURCE_STATE } from "./terms.ts";
import type { Feed, Reporter, Source } from "./priceBook.ts";
import type { Tier, World } from "./venue.ts";

/** A reporter that counts, with what it says at a moment. */
interface Voice {
  readonly source: Source;
  readonly reporter: Reporter;
  readonly price: bigint;
  readonly spread: bigint;
  readonly weight: bigint;
  readonly age: bigint;
}

/** A vote, and what it weighs. */
type Vote = readonly [value: bigint, weight: bigint];

/** What the reporters make of a price; no age if there is no quorum. */
export interface Aggregate {
  readonly median: bigint;
  readonly confidence: bigint;
  readonly unweighted: bigint;
  readonly voices: readonly Voice[];
  readonly age: bigint | undefined;
}

const HOUR = 3_600_000n;
/** Windows of the averages, and how many notes of the past are kept for each. */
const WINDOWS = [30_000n, 300_000n, 3_600_000n] as const;
const NOTES = 16;
export const SHORT = 0;
export const MIDDLE = 1;
export const LONG = 2;

/** 2^(−k/32) in ppb to the nearest, from five square roots of 2^−k. */
const LEFT: readonly bigint[] = Array.from({ length: 33 }, (_, k) => {
  let root = 10n ** 960n / 2n ** BigInt(k);
  for (let halving = 0; halving < 5; halving += 1) root = squareRoot(root);
  return (root + 5n * 10n ** 20n) / 10n ** 21n;
});

function squareRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

/** What is left after a time of what halves in `halfLife`, ppb. */
export function decayed(time: bigint, halfLife: bigint): bigint {
  const halvings = time / halfLife;
  if (halvings >= 30n) return 0n;
  const within = time - halvings * halfLife;
  const step = (within * 32n) / halfLife;
  const upper = LEFT[Number(step)] ?? 0n;
  const lower = LEFT[Number(step) + 1] ?? 0n;
  const fallen = ceilDivide((upper - lower) * (within * 32n - step * halfLife), halfLife);
  return (upper - fallen) / 2n ** halvings;
}

/** How far a price moves in a time, ppb. */
export function moveWithin(time: bigint, sigma: bigint, deviations: bigint): bigint {
  return (deviations * sigma * ceilSquareRoot(1_000n * least(time, HOUR))) / 1_000n;
}

export function reportersOf(tier: Tier, feed: Feed): readonly (readonly [number, Reporter])[] {
  const asked: (readonly [number, Reporter])[] = [];
  for (let id = 1; id <= MAX_REPORTERS; id += 1) {
    const reporter = tier.reporters.get(id);
    if (feed.reporters.has(id) && reporter !== undefined) asked.push([id, reporter]);
  }
  return asked;
}

/** Brings a feed to the time of the command. */
export function advance(world: World, tier: Tier, feed: Feed): Aggregate {
  const { journal } = world;
  const now = BigInt(world.time);
  const passed = now - feed.advancedAt;
  if (feed.price > 0n) {
    const time = least(passed, HOUR);
    journal.set(feed, "elapsed", feed.elapsed + time);
    journal.set(feed, "integral", feed.integral + feed.price * time);
  }
  const found = aggregate(world, tier, feed);
  if (found.age !== undefined) {
    journal.set(feed, "price", found.median);
    journal.set(feed, "confidence", found.confidence);
    journal.set(feed, "risk", followed(feed, passed));
    journal.set(feed, "age", found.age);
    takeNotes(world, feed);
  } else if (feed.price > 0n) journal.set(feed, "age", feed.age + passed);
  journal.set(feed, "counted", found.voices.length);
  journal.set(feed, "operators", operatorsOf(found.voices).size);
  journal.set(feed, "advancedAt", now);
  const quality = qualityOf(feed, found);
  if (quality !== feed.quality) {
    journal.set(feed, "quality", quality);
    journal.set(feed, "qualitySince", now);
  }
  return found;
}

function followed({ price, risk, sigma }: Feed, passed: bigint): bigint {
  if (risk === 0n) return price;
  if (passed === 0n) return risk;
  const pace = greatest(5_000_000n, moveWithin(passed, sigma, 6n));
  const step = greatest(1n, (risk * pace) / BILLION);
  return greatest(risk - step, least(price, risk + step));
}

function takeNotes({ journal }: World, feed: Feed): void {
  const note = { elapsed: feed.elapsed, integral: feed.integral };
  const notes = WINDOWS.map((window, each) => {
    const taken = feed.notes[each] ?? [];
    const last = taken.at(-1);
    const isDue = last === undefined || feed.elapsed - last.elapsed >= window / 15n;
    return isDue ? [...taken, note].slice(-NOTES) : taken;
  });
  journal.set(feed, "notes", notes);
}

/** Average since the latest note a window old, or the oldest. */
export function average(feed: Feed, window: number): bigint {
  const notes = feed.notes[window] ?? [];
  const from = feed.elapsed - (WINDOWS[window] ?? 0n);
  const note = notes.filter(({ elapsed }) => elapsed <= from).at(-1) ?? notes[0];
  if (note === undefined || note.elapsed === feed.elapsed) return feed.price;
  return (feed.integral - note.integral) / (feed.elapsed - note.elapsed);
}

function aggregate(world: World, tier: Tier, feed: Feed): Aggregate {
  const { journal } = world;
  const asked = reportersOf(tier, feed);
  const live: Voice[] = [];
  for (const [id, reporter] of asked) {
    const source = feed.sources.get(id);
    if (source === undefined) continue;
    const state = stateOf(world, feed, source);
    journal.set(source, "state", state);
    if (state === SOURCE_STATE.counted) live.push(voiceOf(world, feed, reporter, source));
  }
  const unweighted = quantile(
    live.map(({ price }): Vote => [price, 1n]),
    2n,
  );
  const first = medianOf(live);
  const weights = capped(live);
  const distances = live.map(({ price }, each): Vote => [
    absolute(price - first.median),
    weights[each] ?? 0n,
  ]);
  const typical = ceilDivide(quantile(distances, 2n) * 88_956n, 10_000n);
  const width = greatest((first.median * feed.deviation) / MILLION, typical);
  const voices = live.filter(({ price }) => absolute(price - first.median) <= width);
  for (const voice of live)
    if (!voices.includes(voice)) journal.set(voice.source, "state", SOURCE_STATE.outlier);

  const nominal = asked.reduce((total, [, { weight }]) => total + weight, 0n);
  const ages = voices.map(({ age }) => age);
  ages.sort((a, b) => Number(a - b));
  const age = ages.find((limit) =>
    isQuorum(
      feed,
      voices.filter((voice) => voice.age <= limit),
      nominal,
    ),
  );
  return { ...medianOf(voices), unweighted, voices, age };
}

function isQuorum(feed: Feed, voices: readonly Voice[], nominal: bigint): boolean {
  const weight = voices.reduce((total, { reporter }) => total + reporter.weight, 0n);
  return operatorsOf(voices).size >= feed.quorum && 3n * weight >= 2n * nominal;
}

function operatorsOf(voices: readonly Voice[]): ReadonlySet<number> {
  return new Set(voices.map(({ reporter }) => reporter.operator));
}

function stateOf({ time }: World, feed: Feed, source: Source): number {
  if (source.price === 0n) return SOURCE_STATE.silent;
  if (BigInt(time) - source.publishedAt > feed.deadAfter) return SOURCE_STATE.aged;
  const moved = absolute(feed.price - source.standsSince) > (source.standsSince * feed.deviation) / MILLION;
  return standsStill(feed, source) && source.standsSince > 0n && moved
    ? SOURCE_STATE.frozen
    : SOURCE_STATE.counted;
}

function standsStill({ frozenAfter }: Feed, { repeats }: Source): boolean {
  return frozenAfter > 0 && repeats >= frozenAfter;
}

function voiceOf({ time }: World, feed: Feed, reporter: Reporter, source: Source): Voice {
  const { price, confidence } = source;
  const age = greatest(0n, BigInt(time) - source.publishedAt);
  const told = ceilDivide(confidence * BILLION, price);
  const since = ceilDivide(4n * feed.sigma * feed.sigma * least(age, 60_000n), 1_000n);
  const uncertainty = ceilSquareRoot(told * told + since);
  const weight = (reporter.weight * decayed(age, feed.halfLife)) / (uncertainty + 200_000n);
  const spread = ceilDivide(price * uncertainty, BILLION);
  return { source, reporter, price, spread, weight: greatest(1n, weight), age };
}

/** Weighted median and confidence of three votes per voice. */
function medianOf(voices: readonly Voice[]): { readonly median: bigint; readonly confidence: bigint } {
  const weights = capped(voices);
  const votes = voices.flatMap(({ price, spread }, each): Vote[] => {
    const weight = weights[each] ?? 0n;
    return [
      [greatest(1n, price - spread), weight],
      [price, weight],
      [price + spread, weight],
    ];
  });
  const median = quantile(votes, 2n);
  return { median, confidence: greatest(median - quantile(votes, 1n), quantile(votes, 3n) - median) };
}

/** The smallest value with so many quarters of the weight at or below it; 0 of none. */
function quantile(votes: readonly Vote[], quarters: bigint): bigint {
  const sorted = [...votes];
  sorted.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0n);
  let below = 0n;
  for (const [value, weight] of sorted) {
    below += weight;
    if (4n * below >= quarters * total) return value;
  }
  return 0n;
}

/** Weights after the caps: the most units u with 3u left when a voice has u at most, and an operator 27u/20. */
function capped(voices: readonly Voice[]): readonly bigint[] {
  const cut = (voice: Voice, unit: bigint): bigint => least(voice.weight, unit);
  const together = (operator: number, unit: bigint): bigint =>
    voices.reduce((sum, voice) => (voice.reporter.operator === operator ? sum + cut(voice, unit) : sum), 0n);
  const left = (unit: bigint): bigint =>
    [...operatorsOf(voices)].reduce(
      (sum, operator) => sum + least(together(operator, unit), operatorsMost(unit)),
      0n,
    );

  let enough = 0n;
  let tooMuch = voices.reduce((sum, { weight }) => sum + weight, 0n) / 3n + 1n;
  while (tooMuch - enough > 1n) {
    const unit = (enough + tooMuch) / 2n;
    if (left(unit) >= 3n * unit) enough = unit;
    else tooMuch = unit;
  }
  if (enough === 0n) return voices.map(({ weight }) => weight);
  return voices.map((voice) => {
    const all = together(voice.reporter.operator, enough);
    if (all <= operatorsMost(enough)) return cut(voice, enough);
    return greatest(1n, (cut(voice, enough) * operatorsMost(enough)) / all);
  });
}

/** An operator's most, where a voice has `unit`. */
function operatorsMost(unit: bigint): bigint {
  return (27n * unit) / 20n;
}

function qualityOf(feed: Feed, { age, confidence, unweighted, voices }: Aggregate): number {
  if (age === undefined) return QUALITY.dead;
  const { price, divergence, maxConfidence } = feed;
  const usual = average(feed, MIDDLE);
  const drift = absolute(price - usual);
  const isDivergent =
    drift * MILLION > usual * divergence ||
    absolute(price - unweighted) * MILLION > unweighted * divergence ||
    confidence * MILLION > price * maxConfidence;
  if (isDivergent) return QUALITY.divergent;
  const isStill = voices.every(({ source }) => standsStill(feed, source));
  if (age > feed.staleAfter || isStill) return QUALITY.stale;
  const isWide =
    4n * confidence * MILLION > price * maxConfidence || 2n * drift * MILLION > usual * divergence;
  return isWide ? QUALITY.wide : QUALITY.valid;
}

/** After a report: the move stands, or waits for a second report. */
export function confirmMove({ journal }: World, feed: Feed, { voices, median, age }: Aggregate): void {
  if (age === undefined) return;
  const close = operatorsOf(voices.filter(({ price }) => isClose(price, median)));
  const goesOn =
    isClose(median, feed.candidate) ||
    (feed.confirmed > 0n &&
      (feed.candidate > feed.confirmed ? median > feed.candidate : median < feed.candidate));
  const stands = close.size >= 3 || isClose(median, feed.confirmed) || (feed.isCandidate && goesOn);
  journal.set(feed, "isCandidate", !stands);
  journal.set(feed, stands ? "confirmed" : "candidate", median);
}

function isClose(price: bigint, other: bigint): boolean {
  return absolute(price - other) <= other / 1_000n;
}

export function isUnconfirmed(feed: Feed): boolean {
  if (feed.isCandidate) return true;
  if (feed.quality !== QUALITY.wide && feed.quality !== QUALITY.stale) return false;
  const other = feed.quality === QUALITY.wide ? feed.risk : average(feed, MIDDLE);
  return absolute(feed.price - other) > other / 200n;
}

/** Bits of what the price forbids: open 1, reduce 2, withdraw 4, liquidate 8, fund 16, take 32. */
export function forbiddenBy({ time }: World, feed: Feed): number {
  if (feed.quality === QUALITY.stale) return 1 + 4 + 16 + 32;
  if (feed.quality === QUALITY.dead) return 63;
  if (feed.quality !== QUALITY.divergent) return 0;
  return BigInt(time) - feed.qualitySince <= 60_000n ? 63 : 63 - 8;
}

/** The least and the most a price may be worth. */
export function leastOf(feed: Feed): bigint {
  return greatest(0n, least(feed.price - feed.confidence, average(feed, SHORT)));
}

export function mostOf(feed: Feed): bigint {
  return greatest(feed.price + feed.confidence, average(feed, SHORT));
}

/** ⌊a/b⌋ for tick conversions, a ≥ 0. */
export function ticksBelow(price: bigint): number {
  return Number(floorDivide(price, 1_000n));
}

/**
 * A market's breaker, told from its history: every update and every loss is remembered as long as any window is.
 *
 * @see docs/spec/breakers.md
 */
import { greatest, least } from "./arithmetic.ts";
import { evidenceOf } from "./breakerEvidence.ts";
import { writeValue } from "./governance.ts";
import type { Parameter } from "./parameters.ts";
import { scoreSignals } from "./breakerSignals.ts";
import { remember, sampleBook } from "./breakerSamples.ts";
import { BREAKER, DAY, MILLION, STATUS } from "./terms.ts";
import type { Breaker, Scores } from "./breakerBook.ts";
import type { Market, Tier, World } from "./venue.ts";
import { emit, marketOf } from "./world.ts";

const HALF = MILLION / 2n;
const CALM = 600_000n;
const LONGEST_HALT = 1_800_000;
const LONGEST_DWELL = 3_600_000;
const DWELL: Readonly<Record<number, number>> = {
  [BREAKER.caution]: 120_000,
  [BREAKER.reduceOnly]: 300_000,
  [BREAKER.halt]: 300_000,
  [BREAKER.reopen]: 600_000,
};
const LONGEST_HALT_OVER = 8;
/** Levels that scores lead to, the strictest first, and the place of each one's streak. */
const LADDER = [BREAKER.halt, BREAKER.reduceOnly, BREAKER.caution] as const;

/** What the seven signals come to. */
interface Reading {
  readonly soft: bigint;
  readonly hard: bigint;
  readonly softSignal: number;
  readonly hardSignal: number;
}

export const isPaused = ({ level }: Breaker): boolean => level === BREAKER.halt || level === BREAKER.auction;

/** The status in force. */
export function statusOf(market: Market): bigint {
  const { terms, breaker } = market;
  const apart = statusApart(market);
  if (apart >= STATUS.halted) return apart;
  if (isPaused(breaker)) return STATUS.halted;
  return breaker.level === BREAKER.reduceOnly ? STATUS.reduceOnly : greatest(apart, terms.status);
}

/** What it would be at normal. */
function statusApart({ terms, tier }: Market): bigint {
  const { posture } = tier.controller;
  if (terms.status >= STATUS.halted) return terms.status;
  if (posture === 4) return STATUS.halted;
  return posture === 3 ? STATUS.reduceOnly : terms.status;
}

/** The status that holds for orders which a call auction collects and executes; elsewhere the one in force. */
export function orderStatus(market: Market): bigint {
  return market.breaker.level === BREAKER.auction ? statusApart(market) : statusOf(market);
}

/** Whether a call auction takes orders. */
export function collects(market: Market): boolean {
  const { level, auction } = market.breaker;
  if (level !== BREAKER.auction || orderStatus(market) >= STATUS.halted) return false;
  return auction.price === 0 && auction.endsAt !== 0;
}

export function isTraded(market: Market): boolean {
  const status = statusOf(market);
  return status === STATUS.open || status === STATUS.reduceOnly;
}

/** One update: a price, or a tick. */
export function update(world: World, market: Market, isPrice: boolean): void {
  const { breaker } = market;
  if (!breaker.on || market.terms.status === STATUS.settled) return;
  const { journal, time } = world;
  remember(world, market);
  if (!isPaused(breaker)) sampleBook(world, market);
  const scores = scoreSignals(world, market);
  const reading = fuse(scores);
  journal.set(breaker, "scores", { ...scores, softScore: reading.soft, hardScore: reading.hard });

  const counts = isPrice || time - breaker.countedAt >= 1_000;
  if (counts) journal.set(breaker, "countedAt", time);
  const streaks = streaksOf(breaker, reading, counts);
  journal.set(breaker, "streaks", streaks);
  if (goUp(world, market, reading, streaks)) return;
  tellWithheld(world, market, reading, counts);
  comeDown(world, market, reading);
  if (breaker.level === BREAKER.reopen) renewBand(world, market);
  journal.set(breaker, "on", isWatching(breaker));
}

function fuse({ soft, hard }: Scores): Reading {
  let quiet = MILLION;
  let softSignal = 0;
  let hardSignal = 0;
  for (let signal = 1; signal <= 7; signal += 1) {
    const own = soft[signal] as bigint;
    quiet = (quiet * (MILLION - least(greatest(own - HALF, 0n), HALF))) / MILLION;
    if (own > (soft[softSignal] ?? 0n)) softSignal = signal;
    if ((hard[signal] as bigint) > (hard[hardSignal] ?? 0n)) hardSignal = signal;
  }
  return { soft: 2n * (MILLION - quiet), hard: hard[hardSignal] ?? 0n, softSignal, hardSignal };
}

/** Score by which a level is entered. */
function scoreFor({ config }: Breaker, { soft, hard }: Reading, level: number): bigint {
  if (level === BREAKER.halt) {
    if (config.haltScore === 0n) return 0n;
    return least((hard * MILLION + config.haltScore - 1n) / config.haltScore, 1_000_000_000n);
  }
  return level === BREAKER.reduceOnly ? hard : greatest(soft, hard);
}

function signalFor(reading: Reading, level: number): number {
  const isSoft = level === BREAKER.caution && reading.soft > reading.hard;
  return isSoft ? reading.softSignal : reading.hardSignal;
}

/** Updates in a row beyond the trip level, by level; three stand for more. */
function streaksOf(breaker: Breaker, reading: Reading, counts: boolean): ReadonlyMap<number, number> {
  return new Map(
    LADDER.map((level) => {
      const before = breaker.streaks.get(level) ?? 0;
      if (scoreFor(breaker, reading, level) <= MILLION) return [level, 0];
      return [level, counts ? Math.min(before + 1, 3) : before];
    }),
  );
}

/** Levels stricter than the present one, the strictest first. */
function stricterThan(level: number): readonly number[] {
  if (level === BREAKER.halt || level === BREAKER.auction) return [];
  if (level === BREAKER.normal) return LADDER;
  return level === BREAKER.reduceOnly ? [BREAKER.halt] : [BREAKER.halt, BREAKER.reduceOnly];
}

/** Enters the strictest level that is tripped and worth it; true if there is one. */
function goUp(world: World, market: Market, reading: Reading, streaks: ReadonlyMap<number, number>): boolean {
  const { breaker } = market;
  for (const level of stricterThan(breaker.level)) {
    if ((streaks.get(level) ?? 0) < 2) continue;
    const score = scoreFor(breaker, reading, level);
    const { avoided, cost, isWorth } = evidenceOf(
      market,
      level,
      score,
      world.time,
      dwellOf(breaker, level, world.time, 1),
    );
    if (!isWorth) continue;
    world.journal.set(breaker, "trips", [...breaker.trips, world.time].slice(-8));
    enter(world, market, level, [signalFor(reading, level), score, avoided, cost]);
    return true;
  }
  return false;
}

function tellWithheld(world: World, market: Market, reading: Reading, counts: boolean): void {
  const { breaker } = market;
  const told = stricterThan(breaker.level).filter((level) => counts && breaker.streaks.get(level) === 2);
  told.reverse();
  for (const level of told) {
    const score = scoreFor(breaker, reading, level);
    const { avoided, cost } = evidenceOf(
      market,
      level,
      score,
      world.time,
      dwellOf(breaker, level, world.time, 1),
    );
    emit(world, "breakerWithheld", market.id, level, signalFor(reading, level), score, avoided, cost);
  }
}

/** Steps down if it has been calm for long enough, or halted for too long. */
function comeDown(world: World, market: Market, reading: Reading): void {
  const { breaker } = market;
  const { journal, time } = world;
  const { level, since } = breaker;
  const isHardOnly = level === BREAKER.reduceOnly || isPaused(breaker);
  const own = isHardOnly ? reading.hard : greatest(reading.soft, reading.hard);
  if (own >= CALM) journal.set(breaker, "calmSince", 0);
  else if (breaker.calmSince === 0) journal.set(breaker, "calmSince", time);
  if (level === BREAKER.normal || level === BREAKER.auction) return;

  const isTooLong = level === BREAKER.halt && time - since >= LONGEST_HALT;
  const calmFor = breaker.calmSince === 0 ? -1 : time - Math.max(since, breaker.calmSince);
  if (!isTooLong && calmFor < dwellOf(breaker, level, time, 0)) return;
  const score = scoreFor(breaker, reading, level);
  enter(world, market, milder(market), [isTooLong ? LONGEST_HALT_OVER : 0, score, 0n, 0n]);
}

function milder({ breaker: { level }, terms }: Market): number {
  if (level === BREAKER.halt) return terms.callAuctionPeriod > 0n ? BREAKER.auction : BREAKER.reopen;
  return level === BREAKER.reduceOnly ? BREAKER.caution : BREAKER.normal;
}

/** How long a level must be calm, with so many trips to come. */
function dwellOf({ trips }: Breaker, level: number, time: number, coming: number): number {
  const recent = trips.filter((trip) => time - trip < DAY).length + coming;
  let dwell = DWELL[level] ?? 0;
  for (let trip = 1; trip < recent; trip += 1) dwell = Math.floor(dwell * 1.5);
  return Math.min(dwell, LONGEST_DWELL);
}

type Story = readonly [signal: number, score: bigint, avoided: bigint, cost: bigint];

/** The breaker moves to another level. */
export function enter(world: World, market: Market, level: number, story: Story): void {
  const { breaker } = market;
  const { journal, time } = world;
  emit(world, "breakerMoved", market.id, breaker.level, level, ...story);
  const before = statusOf(market);
  journal.set(breaker, "level", level);
  journal.set(breaker, "since", time);
  journal.set(breaker, "calmSince", 0);
  journal.set(breaker, "streaks", new Map());
  journal.set(breaker, "signal", story[0]);
  if (level === BREAKER.halt || level === BREAKER.reopen) {
    const { mark } = market;
    journal.set(
      breaker,
      "updates",
      breaker.updates.map((each) => ({ ...each, mark })),
    );
  }
  if (level === BREAKER.auction) {
    const endsAt = time + Number(market.terms.callAuctionPeriod);
    journal.set(breaker, "auction", { price: 0, extensions: 0, endsAt, drawnAt: 0, draw: 0n });
  }
  noteStatus(world, market, before);
  renewBand(world, market);
  journal.set(breaker, "on", isWatching(breaker));
}

/** A parameter takes a value, and what follows from it for the terms in force. */
export function writeTerm(
  world: World,
  tier: Tier,
  parameter: Parameter,
  subject: number,
  value: bigint,
): void {
  const market = parameter.level === "market" ? marketOf(tier, subject) : undefined;
  const before = market === undefined ? 0n : statusOf(market);
  writeValue(world.journal, tier, parameter, subject, value);
  if (market === undefined) return;
  noteStatus(world, market, before);
  renewBand(world, market);
}

const stops = (status: bigint): boolean => status === STATUS.halted;

/** Notes where a pause begins and ends; when it ends, the grace begins. */
export function noteStatus(world: World, market: Market, before: bigint): void {
  const { breaker } = market;
  const { journal, time } = world;
  const after = statusOf(market);
  const { controller } = market.tier;
  const isGuarded = breaker.on || controller.enabled || controller.posture > 0;
  if (!isGuarded || stops(before) === stops(after)) return;
  if (stops(after)) {
    journal.set(breaker, "pausedFrom", time);
    journal.set(breaker, "resumedAt", 0);
  } else if (isTraded(market)) {
    const quarter = Math.floor((time - breaker.pausedFrom) / 4);
    const grace = Math.min(Math.max(quarter, 30_000), 600_000);
    journal.set(breaker, "resumedAt", time);
    journal.set(market, "graceUntil", Math.max(market.graceUntil, time + grace));
  }
}

/** Time since a moment that the market's last pause took. */
export function pausedSince({ breaker }: Market, moment: number): number {
  return Math.max(0, breaker.resumedAt - Math.max(breaker.pausedFrom, moment));
}

/** The band that the breaker leaves now; 0 = as set. */
export function renewBand(world: World, market: Market): void {
  const { breaker, terms } = market;
  const { cautionBand } = breaker.config;
  const isDefensive = market.tier.controller.posture >= 2;
  const band = isDefensive ? greatest(1n, (terms.band * 700_000n) / MILLION) : terms.band;
  const narrow = least(cautionBand, band);
  const open = BigInt(Math.min(world.time - breaker.since, 600_000));
  const isCut =
    ![BREAKER.normal, BREAKER.auction].some((level) => level === breaker.level) && cautionBand > 0n;
  const widened = breaker.level === BREAKER.reopen ? ((band - narrow) * open) / 600_000n : 0n;
  world.journal.set(breaker, "band", isCut ? narrow + widened : isDefensive ? band : 0n);
}

/** Whether there is a signal to look at, or a level to come back from. */
export function isWatching({ config, level }: Breaker): boolean {
  const { sigma, softMove, hardMove, divergence, liquidationCapacity, openInterestStep } = config;
  const { lossCapacity, spreadFactor, depthFloor } = config;
  const looks = [sigma, softMove, hardMove, divergence, liquidationCapacity, openInterestStep];
  return (
    level !== BREAKER.normal || [...looks, lossCapacity, spreadFactor, depthFloor].some((each) => each > 0n)
  );
}

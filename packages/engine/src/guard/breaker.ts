/**
 * The state machine of a market's breaker: stricter at once when a score stays beyond its trip level, milder one level at a time after it
 * has been calm. A pure function of where it stood, the scores and the time. See docs/spec/breakers.md, "Levels".
 */
import { type Ms, NONE } from "../kernel/units.ts";
import { BREAKER, CALM_SCORE, LONGEST_DWELL, LONGEST_HALT, SIGNAL, TRIP } from "../domain/breaker.ts";
import { scoreOf } from "./scores.ts";

/** Levels that scores lead to, from the mildest. */
export const TRIPPED = [BREAKER.caution, BREAKER.reduceOnly, BREAKER.halt] as const;
export type Tripped = (typeof TRIPPED)[number];

/** Where a breaker stands. */
export interface Standing {
  level: number;
  since: Ms;
  /** Since when it has been calm, 0 = it is not. */
  calmSince: Ms;
  /** Updates in a row beyond the trip level, by level of `TRIPPED`, up to `STREAK_CAP`. */
  readonly streak: [number, number, number];
}

/** What a breaker is told at an update. */
export interface Reading {
  readonly softScore: number;
  readonly hardScore: number;
  readonly softSignal: number;
  readonly hardSignal: number;
  /** Hard score at which the market halts, 0 = it never does. */
  readonly haltScore: number;
  /** True when this update counts: a price, or a tick a second after the last one that did. */
  readonly counts: boolean;
  /** Trips within a day, those that led to where it stands included. */
  readonly trips: number;
  /** True if a halt ends in a call auction. */
  readonly auctions: boolean;
}

/** Updates in a row that it takes, and beyond which they are not counted. */
const STREAK = 2;
const STREAK_CAP = 3;

/** How long a level must have been calm before it is left, before trips make that longer. */
const DWELL: Readonly<Record<number, number>> = {
  [BREAKER.caution]: 120_000,
  [BREAKER.reduceOnly]: 300_000,
  [BREAKER.halt]: 300_000,
  [BREAKER.reopen]: 600_000,
};

/** How strict a level is, to tell up from down. */
export function strictness(level: number): number {
  if (level === BREAKER.reopen) return BREAKER.caution;
  return level === BREAKER.auction ? BREAKER.halt : level;
}

/** Score by which a level is entered: 1e6 = trip. */
export function levelScore(reading: Reading, level: number): number {
  if (level === BREAKER.halt) return scoreOf(reading.hardScore, reading.haltScore);
  if (level === BREAKER.reduceOnly) return reading.hardScore;
  return Math.max(reading.softScore, reading.hardScore);
}

/** The signal behind a level's score. */
export function levelSignal(reading: Reading, level: number): number {
  const { softScore, hardScore, softSignal, hardSignal } = reading;
  return level === BREAKER.caution && softScore > hardScore ? softSignal : hardSignal;
}

/** Counts this update towards the levels whose score is beyond the trip level, and breaks the series of the others. */
export function countStreaks(standing: Standing, reading: Reading): void {
  TRIPPED.forEach((level, index) => {
    const before = standing.streak[index] as number;
    if (levelScore(reading, level) <= TRIP) standing.streak[index] = 0;
    else if (reading.counts) standing.streak[index] = Math.min(before + 1, STREAK_CAP);
  });
}

/** True when a level's scores have been beyond the trip level for long enough; `justNow`: since this very update. */
export function isTripped(standing: Standing, level: Tripped): boolean {
  return (standing.streak[level - 1] as number) >= STREAK;
}

export function hasJustTripped(standing: Standing, reading: Reading, level: Tripped): boolean {
  return reading.counts && standing.streak[level - 1] === STREAK;
}

/**
 * The level that an update leads to, and the signal that is the reason. Streaks must have been counted.
 * @param isWorth - whether going up to a level avoids more than it costs
 */
export function nextLevel(
  standing: Standing,
  reading: Reading,
  now: Ms,
  isWorth: (level: Tripped) => boolean,
): { readonly level: number; readonly signal: number } {
  const { level, since } = standing;
  for (let index = TRIPPED.length - 1; index >= 0; index--) {
    const target = TRIPPED[index] as Tripped;
    if (strictness(target) <= strictness(level)) break;
    if (isTripped(standing, target) && isWorth(target))
      return { level: target, signal: levelSignal(reading, target) };
  }
  noteCalm(standing, reading, now);
  if (level === BREAKER.normal || level === BREAKER.auction) return { level, signal: 0 };
  const milder = below(level, reading);
  if (level === BREAKER.halt && now - since >= LONGEST_HALT)
    return { level: milder, signal: SIGNAL.longestHalt };
  return { level: mayStepDown(standing, reading, now) ? milder : level, signal: 0 };
}

/** How long a level must be calm: half as long again for each trip beyond the first within a day. */
export function dwellOf(level: number, trips: number): number {
  let dwell = DWELL[level] ?? 0;
  for (let trip = 1; trip < trips; trip++) dwell = Math.floor((dwell * 3) / 2);
  return Math.min(dwell, LONGEST_DWELL);
}

/** Puts a breaker on a level. What it has counted belongs to the level it leaves. */
export function enterLevel(standing: Standing, level: number, now: Ms): void {
  standing.level = level;
  standing.since = now;
  standing.calmSince = NONE;
  standing.streak.fill(0);
}

function noteCalm(standing: Standing, reading: Reading, now: Ms): void {
  const { level } = standing;
  const strict = strictness(level) >= BREAKER.reduceOnly;
  const score = strict ? reading.hardScore : Math.max(reading.softScore, reading.hardScore);
  if (score >= CALM_SCORE) standing.calmSince = NONE;
  else if (standing.calmSince === 0) standing.calmSince = now;
}

function mayStepDown({ level, since, calmSince }: Standing, { trips }: Reading, now: Ms): boolean {
  return calmSince !== 0 && now - Math.max(since, calmSince) >= dwellOf(level, trips);
}

/** The next milder level. A call auction is left when it has been held, not by the passing of time. */
function below(level: number, { auctions }: Reading): number {
  if (level === BREAKER.halt) return auctions ? BREAKER.auction : BREAKER.reopen;
  return level === BREAKER.reduceOnly ? BREAKER.caution : BREAKER.normal;
}

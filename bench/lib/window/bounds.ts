/** What a busy venue's pages have to keep to, and whether they did. */
import type { Kept, Seen } from "./watch.ts";
import { slopeOf } from "./watch.ts";

/** One figure against what it may be. */
export interface Bound {
  readonly name: string;
  readonly value: number;
  readonly least?: number;
  readonly most?: number;
  readonly held: boolean;
}

export const LIMITS = {
  fps: 50,
  longestMs: 100,
  updatesPerSecond: 500,
  cells: 10_000,
  /** Of the heap when it was looked at last over first, after the warm-up. */
  heapRatio: 1.1,
  /** And of a run that is too short to be past its warm-up. */
  shortHeapRatio: 1.5,
  /** What may be left over a minute, kB. */
  heapSlope: 100,
  nodeRatio: 1.1,
  interactiveMs: 1_500,
  scriptKb: 250,
} as const;

/** A trend over less than this is noise, s. */
const TREND_SECONDS = 240;
/** What pages keep so many of grows until they have them, s: it is not looked at. */
export const WARM_UP_SECONDS = 60;

export function atLeast(name: string, value: number, least: number): Bound {
  return { name, value, least, held: value >= least };
}

export function atMost(name: string, value: number, most: number): Bound {
  return { name, value, most, held: value <= most };
}

/** @param kept - oldest first; those of the warm-up are passed over where there are others */
export function paceBounds(page: string, seen: Seen, kept: readonly Kept[]): readonly Bound[] {
  const settled = settledOf(kept);
  const [first, last] = [settled[0], settled.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`nothing was kept of ${page}`);
  const isShort = last.seconds - first.seconds < TREND_SECONDS;
  return [
    atLeast(`${page}: frames a second, median`, seen.fps, LIMITS.fps),
    atMost(`${page}: longest task, ms`, seen.longest, LIMITS.longestMs),
    atMost(
      `${page}: heap, last over first`,
      last.heapKb / first.heapKb,
      isShort ? LIMITS.shortHeapRatio : LIMITS.heapRatio,
    ),
    ...(isShort ? [] : [atMost(`${page}: heap, kB a minute`, slopeOf(settled), LIMITS.heapSlope)]),
    atMost(`${page}: DOM nodes, last over first`, last.domNodes / first.domNodes, LIMITS.nodeRatio),
    atMost(`${page}: listeners, last over first`, last.listeners / first.listeners, LIMITS.nodeRatio),
  ];
}

/** What was kept after the warm-up, or all if there is too little of that. */
export function settledOf(kept: readonly Kept[]): readonly Kept[] {
  const settled = kept.filter(({ seconds }) => seconds >= WARM_UP_SECONDS);
  return settled.length >= 2 ? settled : kept;
}

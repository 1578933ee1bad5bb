/**
 * The seven signals of a breaker.
 *
 * @see docs/spec/breakers.md, "Signals"
 */
import { absolute, greatest, least } from "./arithmetic.ts";
import { samples, share, spreadOf, sumOf } from "./breakerSamples.ts";
import { FORBIDS, isForbidden } from "./permits.ts";
import { BREAKER, MILLION } from "./terms.ts";
import type { Breaker, Scores } from "./breakerBook.ts";
import type { Market, World } from "./venue.ts";

type Pair = readonly [soft: bigint, hard: bigint];
const SILENT: Pair = [0n, 0n];

/** Windows: milliseconds of a sample, √seconds in millionths, times the floor counts. */
const WINDOWS: readonly (readonly [period: number, root: bigint, floors: bigint])[] = [
  [250, 1_000_000n, 1n],
  [15_000, 7_745_966n, 1n],
  [75_000, 17_320_508n, 1n],
  [900_000, 60_000_000n, 3n],
];

export function scoreSignals(world: World, market: Market): Scores {
  const pairs: readonly Pair[] = [
    SILENT,
    velocity(market, world.time),
    divergence(world, market),
    sums(
      sumOf(market.breaker.liquidations, world.time, 5, 60_000),
      market.breaker.config.liquidationCapacity,
      3n,
    ),
    interest(market, world.time),
    sums(sumOf(market.breaker.losses, world.time, 6, 600_000), market.breaker.config.lossCapacity, 2n),
    book(market),
    oracle(market),
  ];
  return { soft: pairs.map(([soft]) => soft), hard: pairs.map(([, hard]) => hard) };
}

/** The largest change of the mark within a window, ppm. */
export function largestMove({ breaker, mark }: Market, time: number, period: number): bigint {
  let largest = 0n;
  if (mark === 0) return largest;
  for (const sample of samples(breaker, time, 4, period)) {
    largest = greatest(largest, share(BigInt(Math.abs(mark - sample.mark)), BigInt(sample.mark)));
  }
  return largest;
}

export function largestMoves(market: Market, time: number): bigint[] {
  return WINDOWS.map(([period]) => largestMove(market, time, period));
}

function velocity(market: Market, time: number): Pair {
  const { sigma, softZ, hardZ, softMove, hardMove } = market.breaker.config;
  const worst = (z: bigint, floor: bigint): bigint =>
    WINDOWS.map(([period, root, floors]) => {
      const limit = greatest((z * sigma * root) / MILLION, floors * floor);
      return share(largestMove(market, time, period), limit);
    }).reduce(greatest);
  return [worst(softZ, softMove), worst(hardZ, hardMove)];
}

/** Distance of the book's middle from the index, ppm. */
export function distance({ bids, asks, index }: Market): bigint {
  if (bids.highest === undefined || asks.lowest === undefined || index === 0) return 0n;
  return share(BigInt(Math.abs(bids.highest + asks.lowest - 2 * index)), BigInt(2 * index));
}

function divergence(world: World, market: Market): Pair {
  const { breaker } = market;
  const band = breaker.config.divergence;
  const apart = distance(market);
  const isFar = band > 0n && !isStill(breaker) && apart >= 2n * band;
  const since = breaker.divergedSince === 0 ? world.time : breaker.divergedSince;
  world.journal.set(breaker, "divergedSince", isFar ? since : 0);
  if (band === 0n || isStill(breaker)) return SILENT;
  const isLasting = isFar && world.time - since >= 30_000;
  return [share(apart, band), isLasting ? share(apart, 2n * band) : 0n];
}

/** A sum against half its capacity, and against so many halves of it. */
function sums(sum: bigint, capacity: bigint, halves: bigint): Pair {
  if (capacity === 0n) return SILENT;
  return [share(sum, (capacity + 1n) / 2n), share(sum, (capacity * halves + 1n) / 2n)];
}

function interest({ breaker, openInterest, terms }: Market, time: number): Pair {
  const step = breaker.config.openInterestStep;
  if (step === 0n) return SILENT;
  const limit = terms.maxOpenInterestLots;
  const change = samples(breaker, time, 5, 120_000)
    .map(({ interest: before }) =>
      share(absolute(openInterest - before), greatest(before, (limit + 9n) / 10n)),
    )
    .reduce(greatest, 0n);
  const crowding = share(openInterest, (4n * limit + 4n) / 5n);
  return [greatest(share(change, (3n * step + 7n) / 8n), crowding), share(change, step)];
}

function book(market: Market): Pair {
  const { breaker } = market;
  if (isStill(breaker)) return SILENT;
  const { spreadFactor, depthFloor } = breaker.config;
  const wide = (breaker.spreadMean / 256n) * spreadFactor;
  const deep = breaker.depthMean / 256n;
  const spread = spreadOf(market);
  const width: Pair = [share(spread, (wide + 3n) / 4n), share(spread, wide)];
  if (depthFloor === 0n || deep === 0n) return width;
  const left = greatest(share(breaker.depth, deep), 1n);
  return [
    greatest(width[0], share(least(6n * depthFloor, MILLION), left)),
    greatest(width[1], share(depthFloor, left)),
  ];
}

/** A price that may not be used to open, and one that may not be used even to get out. */
function oracle(market: Market): Pair {
  const isStuck = isForbidden(market, FORBIDS.reduce) || isForbidden(market, FORBIDS.liquidate);
  return [isForbidden(market, FORBIDS.open) ? 2n * MILLION : 0n, isStuck ? (3n * MILLION) / 2n : 0n];
}

/** True while nothing is matched because of the breaker. */
export function isStill({ level }: Breaker): boolean {
  return level === BREAKER.halt || level === BREAKER.auction;
}

/** Where a breaker stands, read from its row and written back. */
import type { Arena, Ref } from "../kernel/arena.ts";
import type { Ms } from "../kernel/units.ts";
import { BREAKER, MAX_TRIPS, TRIP_MEMORY } from "../domain/breaker.ts";
import { GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Reading, Standing } from "./breaker.ts";
import type { Scores } from "./scores.ts";

/** A clock tick counts as an update so long after the last one that did. */
const TICK_COUNTS_AFTER = 1_000;

export function readStanding(arena: Arena, guard: Ref<"guard">): Standing {
  return {
    level: arena.num(guard, GUARD.level),
    since: arena.num(guard, GUARD.since),
    calmSince: arena.num(guard, GUARD.calmSince),
    streak: [streakOf(arena, guard, 0), streakOf(arena, guard, 1), streakOf(arena, guard, 2)],
  };
}

export function writeCount(arena: Arena, guard: Ref<"guard">, { streak }: Standing): void {
  streak.forEach((updates, index) => arena.setInt(guard, streakAt(index), updates));
}

/** What the breaker is told by these scores, at a new price or at a tick. */
export function readingOf(
  arena: Arena,
  guard: Ref<"guard">,
  market: Ref<"market">,
  scores: Scores,
  isPrice: boolean,
  now: Ms,
): Reading {
  const { softScore, hardScore, softSignal, hardSignal } = scores;
  return {
    softScore,
    hardScore,
    softSignal,
    hardSignal,
    haltScore: arena.int(guard, GUARD.haltScore),
    counts: isPrice || now - arena.num(guard, GUARD.countedAt) >= TICK_COUNTS_AFTER,
    trips: tripsWithinDay(arena, guard, now),
    auctions: arena.int(market, MARKET.callAuctionPeriod) !== 0,
  };
}

/** Trips of the last day, as far as they are remembered. */
export function tripsWithinDay(arena: Arena, guard: Ref<"guard">, now: Ms): number {
  const kept = Math.min(arena.int(guard, GUARD.trips), MAX_TRIPS);
  let recent = 0;
  for (let trip = 0; trip < kept; trip++) if (now - arena.num(guard, tripAt(trip)) < TRIP_MEMORY) recent++;
  return recent;
}

/** Remembers a trip in place of the oldest. */
export function noteTrip(arena: Arena, guard: Ref<"guard">, now: Ms): void {
  const trips = arena.int(guard, GUARD.trips);
  arena.setNum(guard, tripAt(trips), now);
  arena.setInt(guard, GUARD.trips, trips + 1);
}

/** True while a breaker has something to look at or to come back from. */
export function isWatching(arena: Arena, guard: Ref<"guard">): boolean {
  const { divergence, openInterestStep, spreadFactor, depthFloor } = GUARD;
  const moves = [GUARD.sigma, GUARD.softMove, GUARD.hardMove];
  const others = [divergence, openInterestStep, spreadFactor, depthFloor];
  if (moves.some((column) => arena.int(guard, column) !== 0)) return true;
  if (others.some((column) => arena.int<"guard", number>(guard, column) !== 0)) return true;
  if (arena.num(guard, GUARD.liquidationCapacity) !== 0) return true;
  if (arena.num(guard, GUARD.lossCapacity) !== 0) return true;
  return arena.num(guard, GUARD.level) !== BREAKER.normal;
}

function streakOf(arena: Arena, guard: Ref<"guard">, index: number): number {
  return arena.int(guard, streakAt(index));
}

function streakAt(index: number): typeof GUARD.streak {
  return (GUARD.streak + index) as typeof GUARD.streak;
}

function tripAt(trip: number): typeof GUARD.tripAt {
  return (GUARD.tripAt + (trip % MAX_TRIPS)) as typeof GUARD.tripAt;
}

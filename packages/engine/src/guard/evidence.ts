/**
 * What a trip is expected to avoid and to cost, micro-dollars: a breaker fires if the one exceeds the other, or if the score is so high
 * that nobody asks. See docs/spec/breakers.md, "Evidence".
 */
import type { Arena, Ref } from "../kernel/arena.ts";
import { mulDivCeil, mulDivFloor } from "../kernel/mulDiv.ts";
import { BREAKER, TRIP } from "../domain/breaker.ts";
import { GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market } from "../domain/tierShard.ts";
import { divergenceOf } from "./book.ts";
import { type Tripped, dwellOf } from "./breaker.ts";
import { isPaused } from "./signals.ts";
import { WINDOWS, largestMove } from "./velocity.ts";

/** A score at which a level is entered whatever it costs. */
const HARD_FLOOR = 2 * TRIP;
/** The tail beyond which a move cannot cost more than itself: √8 times the margin. */
const MAX_RATIO = 2_828_427;
/** How much of the market a level stops. */
const WEIGHTS: Readonly<Record<Tripped, number>> = {
  [BREAKER.caution]: 100_000,
  [BREAKER.reduceOnly]: 500_000,
  [BREAKER.halt]: 1_000_000,
};
const HOUR = 3_600_000;

/**
 * Expected loss beyond maintenance margin if the move goes on: a Pareto tail of index 3 above the present move, begun with probability 1/4.
 * V/8·r³/m², at most V·r; rounded down.
 */
export function lossAvoided(arena: Arena, guard: Ref<"guard">, market: Market, score: number): number {
  const { row } = market;
  const margin = Math.max(
    mulDivFloor(arena.int(row, MARKET.initialMargin), arena.int(row, MARKET.maintenanceRatio), TRIP),
    1,
  );
  const implied = mulDivFloor(margin, Math.min(score, HARD_FLOOR), HARD_FLOOR);
  const move = Math.min(Math.max(moveSeen(arena, guard, market), implied), TRIP);
  const eighth = Math.floor(mulDivFloor(openValue(arena, market), move, TRIP) / 8);
  const ratio = Math.min(mulDivFloor(move, TRIP, margin), MAX_RATIO);
  return mulDivFloor(mulDivFloor(eighth, ratio, TRIP), ratio, TRIP);
}

/** What open positions lose by not trading freely for the level's dwell; rounded up. */
export function costOf(
  arena: Arena,
  guard: Ref<"guard">,
  market: Market,
  level: Tripped,
  trips: number,
): number {
  const perHour = mulDivCeil(openValue(arena, market), arena.int(guard, GUARD.haltCost), TRIP);
  return mulDivCeil(mulDivCeil(perHour, WEIGHTS[level], TRIP), dwellOf(level, trips), HOUR);
}

/** Whether to enter a level: always, if costs are not looked at or the score is beyond the hard floor. */
export function isWorthIt(score: number, avoided: number, cost: number, looksAtCost: boolean): boolean {
  return !looksAtCost || score >= HARD_FLOOR || avoided > cost;
}

/** The largest move that any window shows, or the book's distance from the index; ppm. */
function moveSeen(arena: Arena, guard: Ref<"guard">, market: Market): number {
  const mark = arena.int(market.row, MARKET.mark);
  let move = isPaused(arena, guard) ? 0 : divergenceOf(arena, market);
  if (mark === 0) return move;
  for (let window = 0; window < WINDOWS.length; window++)
    move = Math.max(move, largestMove(arena, guard, window, mark));
  return move;
}

/** Open interest at the mark. */
function openValue(arena: Arena, market: Market): number {
  return arena.num(market.row, MARKET.openInterest) * arena.num(market.row, MARKET.lotValue);
}

/** The signals of a market's breaker: what it has sampled, as scores. O(1), whatever the market's size. See docs/spec/breakers.md. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { BREAKER, SIGNAL, SIGNALS, TRIP } from "../domain/breaker.ts";
import { FORBID } from "../domain/permits.ts";
import { GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market } from "../domain/tierShard.ts";
import { type Ms, NONE } from "../kernel/units.ts";
import { WEIGHT, divergenceOf, sampleBook, spreadOf } from "./book.ts";
import { Scores, scoreOf } from "./scores.ts";
import { INTEREST, LIQUIDATIONS, LOSSES, sampleOf, total, turn } from "./sums.ts";
import { WINDOWS, largestMove, moveLimit, sampleMarks } from "./velocity.ts";

/** How long the book must have been twice its band away from the index. */
const DIVERGED_FOR = 30_000;
/** Scores of a price whose quality forbids to open, and to reduce or liquidate. */
const ORACLE_SOFT = 2 * TRIP;
const ORACLE_HARD = TRIP + TRIP / 2;

/** Brings what was sampled up to `now`. The mark and the open interest of before hold for the time in between. */
export function sampleGuard(arena: Arena, guard: Ref<"guard">, market: Market, now: Ms): void {
  sampleMarks(arena, guard, now);
  turn(arena, guard, LIQUIDATIONS, now, 0);
  turn(arena, guard, LOSSES, now, 0);
  turn(arena, guard, INTEREST, now, arena.num(guard, GUARD.lastInterest));
  arena.setInt(guard, GUARD.lastMark, arena.int(market.row, MARKET.mark));
  arena.setNum(guard, GUARD.lastInterest, arena.num(market.row, MARKET.openInterest));
  if (!isPaused(arena, guard)) sampleBook(arena, guard, market, now);
}

/** Scores every signal, and files the scores in the guard's row. */
export function scoreGuard(arena: Arena, guard: Ref<"guard">, market: Market, now: Ms): Scores {
  const scores = new Scores();
  const { soft, hard } = scores;
  scoreVelocity(arena, guard, market, scores);
  scoreDivergence(arena, guard, market, now, scores);
  scoreSum(
    scores,
    SIGNAL.liquidations,
    total(arena, guard, LIQUIDATIONS),
    arena.num(guard, GUARD.liquidationCapacity),
    3,
  );
  scoreInterest(arena, guard, market, scores);
  scoreSum(scores, SIGNAL.losses, total(arena, guard, LOSSES), arena.num(guard, GUARD.lossCapacity), 2);
  scoreBook(arena, guard, market, scores);
  scoreOracle(arena, market, scores);
  scores.fuse();
  for (let signal = 1; signal <= SIGNALS; signal++) {
    arena.setInt(guard, (GUARD.soft + signal - 1) as typeof GUARD.soft, soft[signal] as number);
    arena.setInt(guard, (GUARD.hard + signal - 1) as typeof GUARD.hard, hard[signal] as number);
  }
  arena.setInt(guard, GUARD.softScore, scores.softScore);
  arena.setInt(guard, GUARD.hardScore, scores.hardScore);
  return scores;
}

/** True while nothing is matched because of the breaker: what the book says then is old. */
export function isPaused(arena: Arena, guard: Ref<"guard">): boolean {
  const level = arena.num(guard, GUARD.level);
  return level === BREAKER.halt || level === BREAKER.auction;
}

function scoreVelocity(arena: Arena, guard: Ref<"guard">, market: Market, { soft, hard }: Scores): void {
  const mark = arena.int(market.row, MARKET.mark);
  const sigma = arena.int(guard, GUARD.sigma);
  if (mark === 0) return;
  for (let window = 0; window < WINDOWS.length; window++) {
    const move = largestMove(arena, guard, window, mark);
    const softLimit = moveLimit(
      window,
      sigma,
      arena.int(guard, GUARD.softZ),
      arena.int(guard, GUARD.softMove),
    );
    const hardLimit = moveLimit(
      window,
      sigma,
      arena.int(guard, GUARD.hardZ),
      arena.int(guard, GUARD.hardMove),
    );
    raise(soft, SIGNAL.velocity, scoreOf(move, softLimit));
    raise(hard, SIGNAL.velocity, scoreOf(move, hardLimit));
  }
}

function scoreDivergence(
  arena: Arena,
  guard: Ref<"guard">,
  market: Market,
  now: Ms,
  { soft, hard }: Scores,
): void {
  const band = arena.int(guard, GUARD.divergence);
  if (band === 0 || isPaused(arena, guard)) return arena.setNum(guard, GUARD.divergedSince, NONE);
  const divergence = divergenceOf(arena, market);
  soft[SIGNAL.divergence] = scoreOf(divergence, band);
  if (divergence < 2 * band) return arena.setNum(guard, GUARD.divergedSince, NONE);
  if (arena.num(guard, GUARD.divergedSince) === 0) arena.setNum(guard, GUARD.divergedSince, now);
  if (now - arena.num(guard, GUARD.divergedSince) >= DIVERGED_FOR)
    hard[SIGNAL.divergence] = scoreOf(divergence, 2 * band);
}

/** A sum against its capacity: soft at half of it, hard at `halves` halves. */
function scoreSum(
  { soft, hard }: Scores,
  signal: number,
  sum: number,
  capacity: number,
  halves: number,
): void {
  if (capacity === 0) return;
  soft[signal] = scoreOf(sum, Math.ceil(capacity / 2));
  hard[signal] = scoreOf(sum, Math.ceil((capacity * halves) / 2));
}

/** How much open interest changed within ten minutes, and how close it is to its limit. */
function scoreInterest(arena: Arena, guard: Ref<"guard">, market: Market, { soft, hard }: Scores): void {
  const step = arena.int(guard, GUARD.openInterestStep);
  if (step === 0) return;
  const held = arena.num(market.row, MARKET.openInterest);
  const limit = arena.num(market.row, MARKET.maxOpenInterestLots);
  let change = 0;
  for (let sample = 0; sample < INTEREST.length; sample++) {
    const before = sampleOf(arena, guard, INTEREST, sample);
    change = Math.max(change, scoreOf(Math.abs(held - before), Math.max(before, Math.ceil(limit / 10))));
  }
  const crowding = scoreOf(held, Math.ceil((limit * 4) / 5));
  soft[SIGNAL.openInterest] = Math.max(scoreOf(change, Math.ceil((step * 3) / 8)), crowding);
  hard[SIGNAL.openInterest] = scoreOf(change, step);
}

function scoreBook(arena: Arena, guard: Ref<"guard">, market: Market, { soft, hard }: Scores): void {
  if (isPaused(arena, guard)) return;
  const factor = arena.int(guard, GUARD.spreadFactor);
  const usual = Math.floor(arena.num(guard, GUARD.spreadMean) / WEIGHT);
  const spread = spreadOf(arena, market);
  raise(hard, SIGNAL.book, scoreOf(spread, usual * factor));
  raise(soft, SIGNAL.book, scoreOf(spread, Math.ceil((usual * factor) / 4)));
  const floor = arena.int(guard, GUARD.depthFloor);
  const deep = Math.floor(arena.num(guard, GUARD.depthMean) / WEIGHT);
  if (floor === 0 || deep === 0) return;
  const share = Math.max(scoreOf(arena.num(guard, GUARD.depth), deep), 1);
  raise(hard, SIGNAL.book, scoreOf(floor, share));
  raise(soft, SIGNAL.book, scoreOf(Math.min(6 * floor, TRIP), share));
}

function scoreOracle(arena: Arena, market: Market, { soft, hard }: Scores): void {
  const forbids = arena.int(market.row, MARKET.forbids);
  if ((forbids & FORBID.open) !== 0) soft[SIGNAL.oracle] = ORACLE_SOFT;
  if ((forbids & (FORBID.reduce | FORBID.liquidate)) !== 0) hard[SIGNAL.oracle] = ORACLE_HARD;
}

function raise(scores: Float64Array, signal: number, score: number): void {
  if (score > (scores[signal] as number)) scores[signal] = score;
}

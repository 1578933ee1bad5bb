/**
 * Judges what breakers did (22): along the allowed graph only, down no sooner than the dwell allows, and never in a halt that is too long.
 * Reads the command's journal; the graph and the times are stated here a second time.
 */
import type { Arena, Ref } from "../kernel/arena.ts";
import { CONTROLLER, GUARD, GUARD_WORDS } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import { STATUS } from "../domain/parameters.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Verdict } from "./verdict.ts";

const LEVELS = { normal: 0, caution: 1, reduceOnly: 2, halt: 3, auction: 4, reopen: 5 } as const;
/** Where each level may lead. */
const GRAPH: readonly (readonly number[])[] = [
  [LEVELS.caution, LEVELS.reduceOnly, LEVELS.halt],
  [LEVELS.normal, LEVELS.reduceOnly, LEVELS.halt],
  [LEVELS.caution, LEVELS.halt],
  [LEVELS.auction, LEVELS.reopen],
  [LEVELS.reopen],
  [LEVELS.normal, LEVELS.reduceOnly, LEVELS.halt],
];
const MINUTE = 60_000;
/** Minutes that a level lasts at least before it is left for a milder one. */
const LEAST_MINUTES: readonly number[] = [0, 2, 5, 5, 0, 10];
const DAY = 1_440 * MINUTE;
const HALT_MINUTES = 30;
const DWELL_MINUTES = 60;
const REMEMBERED = 8;

/** Postures that let positions only shrink, and that stop trading. */
const REDUCING = 3;
const STOPPED = 4;
/** Minutes that a posture lasts at least before it is left for a milder one. */
const POSTURE_MINUTES: readonly number[] = [0, 5, 10, 15, 10];

/** True for a cell of a tier's breakers or of its controller; `at` counts doubles. */
export function isOfGuard(tier: TierShard, at: number): boolean {
  return at >= tier.firstGuardCell && at < tier.endOfGuardCells;
}

/** Judges every breaker whose level the command has written. */
export function judgeGuards(tier: TierShard, verdict: Verdict): void {
  const { arena } = tier;
  const { numAt, numOld, numNew, numCount } = arena;
  const first = tier.guard(1) >> 1;
  const posture = (tier.controller >> 1) + CONTROLLER.posture;
  const doubles = GUARD_WORDS >> 1;
  for (let record = 0; record < numCount; record++) {
    const at = numAt[record] as number;
    if (!isOfGuard(tier, at)) continue;
    const isMoved = numOld[record] !== numNew[record];
    if (at < first) {
      if (isMoved && at === posture)
        judgePosture(tier, numOld[record] as number, numNew[record] as number, verdict);
      continue;
    }
    const market = Math.floor((at - first) / doubles) + 1;
    const guard = tier.guard(market);
    if (isMoved && (at - first) % doubles === GUARD.level)
      judgeStep(tier, market, numOld[record] as number, numNew[record] as number, verdict);
    judgeHalt(arena, guard, verdict);
  }
}

/** One step along the graph; the row is as the command leaves it. */
function judgeStep(tier: TierShard, market: number, from: number, to: number, verdict: Verdict): void {
  const { arena } = tier;
  const guard = tier.guard(market);
  if (GRAPH[from]?.includes(to) !== true) return verdict.breach(22, from, to);
  const goesUp =
    to === LEVELS.halt || to === LEVELS.reduceOnly || (from === LEVELS.normal && to === LEVELS.caution);
  if (goesUp) return;
  if (from === LEVELS.auction) return judgeUncrossed(tier, market, verdict);
  const left = arena.num(guard, GUARD.since);
  const stayed = left - numBefore(arena, (guard >> 1) + GUARD.since);
  const isForced = from === LEVELS.halt && stayed >= HALT_MINUTES * MINUTE;
  const dwell = dwellOf(arena, guard, from, left);
  if (!isForced && stayed < dwell) verdict.breach(22, dwell, stayed);
}

/** After a call auction nothing is left that it collected, and nothing that crosses. */
function judgeUncrossed(tier: TierShard, market: number, verdict: Verdict): void {
  const { arena } = tier;
  const row = tier.marketRow(market);
  const collected = arena.int(row, MARKET.collected);
  if (collected !== 0) verdict.breach(22, 0, collected);
  const bid = arena.int(row, MARKET.bestBid);
  const ask = arena.int(row, MARKET.bestAsk);
  if (bid !== 0 && ask !== 0 && bid >= ask) verdict.breach(22, ask, bid);
}

/** A posture is left for a milder one step by step, and no sooner than it may be. */
function judgePosture(tier: TierShard, from: number, to: number, verdict: Verdict): void {
  const { arena, controller } = tier;
  if (to > from && to <= STOPPED) return;
  if (to !== from - 1) return verdict.breach(22, from, to);
  const stayed =
    arena.num(controller, CONTROLLER.since) - numBefore(arena, (controller >> 1) + CONTROLLER.since);
  const least = (POSTURE_MINUTES[from] as number) * MINUTE;
  if (stayed < least) verdict.breach(22, least, stayed);
}

/** A halt that was looked at is no older than the longest one. */
function judgeHalt(arena: Arena, guard: Ref<"guard">, verdict: Verdict): void {
  if (arena.num(guard, GUARD.level) !== LEVELS.halt) return;
  const lasted = arena.num(guard, GUARD.evaluatedAt) - arena.num(guard, GUARD.since);
  if (lasted >= HALT_MINUTES * MINUTE) verdict.breach(22, HALT_MINUTES * MINUTE, lasted);
}

function dwellOf(arena: Arena, guard: Ref<"guard">, level: number, now: number): number {
  const remembered = Math.min(arena.int(guard, GUARD.trips), REMEMBERED);
  let dwell = (LEAST_MINUTES[level] as number) * MINUTE;
  let isFirst = true;
  for (let trip = 0; trip < remembered; trip++) {
    if (now - arena.num(guard, (GUARD.tripAt + trip) as typeof GUARD.tripAt) >= DAY) continue;
    if (!isFirst) dwell = Math.floor(dwell * 1.5);
    isFirst = false;
  }
  return Math.min(dwell, DWELL_MINUTES * MINUTE);
}

/** A cell as it was before the command: the oldest value the journal knows, or the present one. */
function numBefore(arena: Arena, cell: number): number {
  const { numAt, numOld, numCount, f64 } = arena;
  for (let record = 0; record < numCount; record++)
    if (numAt[record] === cell) return numOld[record] as number;
  return f64[cell] as number;
}

/** The status in force, from its sources: what is set, the breaker, and the posture. */
export function statusInForce(tier: TierShard, market: number): number {
  const { arena } = tier;
  const set = arena.int(tier.marketRow(market), MARKET.status);
  if (set >= STATUS.halted) return set;
  const level = arena.num(tier.guard(market), GUARD.level);
  const posture = arena.num(tier.controller, CONTROLLER.posture);
  if (level === LEVELS.halt || level === LEVELS.auction || posture === STOPPED) return STATUS.halted;
  return level === LEVELS.reduceOnly || posture === REDUCING ? STATUS.reduceOnly : set;
}

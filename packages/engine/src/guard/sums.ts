/** Sums over a sliding window, kept in a small ring of intervals. The oldest interval leaves whole: the window is never longer than told. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { MAX_INTEGER } from "../domain/limits.ts";
import { GUARD } from "../domain/rows/guard.ts";

type Column = typeof GUARD.liquidations;

/** A ring of a guard's row: where it lies, how many intervals it has and how long one lasts. */
export interface Ring {
  readonly first: Column;
  readonly slot: Column;
  readonly length: number;
  readonly period: number;
}

/** Value liquidated within five minutes. */
export const LIQUIDATIONS: Ring = {
  first: GUARD.liquidations,
  slot: GUARD.liquidationSlot,
  length: 5,
  period: 60_000,
};
/** Losses that defaults brought within an hour. */
export const LOSSES: Ring = {
  first: GUARD.losses,
  slot: GUARD.lossSlot,
  length: 6,
  period: 600_000,
};
/** Open interest within ten minutes: samples, not sums. */
export const INTEREST: Ring = {
  first: GUARD.interest,
  slot: GUARD.interestSlot,
  length: 5,
  period: 120_000,
};

/** Brings a ring up to now; intervals that have begun since hold `value`. */
export function turn(arena: Arena, guard: Ref<"guard">, ring: Ring, now: number, value: number): void {
  const slot = Math.floor(now / ring.period);
  const passed = Math.min(slot - arena.num(guard, ring.slot), ring.length);
  for (let back = 0; back < passed; back++) arena.setNum(guard, at(ring, slot - back), value);
  arena.setNum(guard, ring.slot, slot);
}

/** Adds to the interval under way; the ring must have been turned. Sums stop at the largest exact integer. */
export function addTo(arena: Arena, guard: Ref<"guard">, ring: Ring, value: number): void {
  const column = at(ring, arena.num(guard, ring.slot));
  arena.setNum(guard, column, Math.min(arena.num(guard, column) + value, MAX_INTEGER));
}

/** Sum over the ring, at most the largest exact integer. */
export function total(arena: Arena, guard: Ref<"guard">, ring: Ring): number {
  let sum = 0;
  for (let sample = 0; sample < ring.length; sample++) sum += arena.num(guard, at(ring, sample));
  return Math.min(sum, MAX_INTEGER);
}

/** One sample of a ring. */
export function sampleOf(arena: Arena, guard: Ref<"guard">, ring: Ring, sample: number): number {
  return arena.num(guard, at(ring, sample));
}

function at(ring: Ring, sample: number): Column {
  return (ring.first + (sample % ring.length)) as typeof GUARD.liquidations;
}

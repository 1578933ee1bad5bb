/** Sums and differences of quantities: exact, or refused. Small enough to be compiled into their callers. */
import { rangeFault } from "./invariant.ts";
import type { Quantity } from "./units.ts";

/** Largest integer n such that no other integer is held by the same double: 2^53 − 1. */
export const MAX_EXACT = 9_007_199_254_740_991;

/**
 * `x` itself, with −0 made 0. Whether `x` is an integer is not asked: sums, differences and products of
 * integers are, and a rounded one lies outside the range, since rounding never crosses ±2^53.
 *
 * @throws {InvariantViolation} if `x` is NaN or lies outside ±(2^53 − 1)
 */
export function checked(x: number): number {
  if (x <= MAX_EXACT && x >= -MAX_EXACT) return x + 0;
  throw rangeFault("a quantity is exact", x);
}

/**
 * Sum of two counts of the same unit.
 * @throws {InvariantViolation} if it lies outside ±(2^53 − 1)
 */
export function plus<Unit extends string>(a: Quantity<Unit>, b: Quantity<Unit>): Quantity<Unit> {
  return checked(a + b) as Quantity<Unit>;
}

/**
 * Difference a − b of two counts of the same unit.
 * @throws {InvariantViolation} if it lies outside ±(2^53 − 1)
 */
export function minus<Unit extends string>(a: Quantity<Unit>, b: Quantity<Unit>): Quantity<Unit> {
  return checked(a - b) as Quantity<Unit>;
}

/** Sum of two counts ≥ 0 of the same unit; what lies beyond 2^53 − 1 counts as that. */
export function plusUpTo<Unit extends string>(a: Quantity<Unit>, b: Quantity<Unit>): Quantity<Unit> {
  return Math.min(a + b, MAX_EXACT) as Quantity<Unit>;
}

/** The same amount in the other direction; 0 stays +0. Exact for every quantity. */
export function negate<Unit extends string>(a: Quantity<Unit>): Quantity<Unit> {
  return (0 - a) as Quantity<Unit>;
}

/**
 * `count` times a quantity; `count` is an integer of either sign, without a unit.
 * @throws {InvariantViolation} if the product lies outside ±(2^53 − 1)
 */
export function times<Unit extends string>(a: Quantity<Unit>, count: number): Quantity<Unit> {
  return checked(a * count) as Quantity<Unit>;
}

/** The smaller of two counts of the same unit. */
export function least<Unit extends string>(a: Quantity<Unit>, b: Quantity<Unit>): Quantity<Unit> {
  return a < b ? a : b;
}

/** The larger of two counts of the same unit. */
export function most<Unit extends string>(a: Quantity<Unit>, b: Quantity<Unit>): Quantity<Unit> {
  return a > b ? a : b;
}

/** The middle of two counts of the same unit, rounded towards −∞. Exact for counts whose sum is. */
export function middle<Unit extends string>(a: Quantity<Unit>, b: Quantity<Unit>): Quantity<Unit> {
  return Math.floor((a + b) / 2) as Quantity<Unit>;
}

/** One of `parts` equal parts of an amount, rounded towards −∞. */
export function partFloor<Unit extends string>(amount: Quantity<Unit>, parts: number): Quantity<Unit> {
  return Math.floor(amount / parts) as Quantity<Unit>;
}

/** About `share` (0 to 1) of the way from one count to another at least two away, and strictly between them: where to look next. */
export function guessBetween<Unit extends string>(
  from: Quantity<Unit>,
  to: Quantity<Unit>,
  share: number,
): Quantity<Unit> {
  const span = to - from;
  const inside = Math.min(Math.max(Math.trunc(Math.abs(span) * share), 1), Math.abs(span) - 1);
  return (from + (span < 0 ? -inside : inside)) as Quantity<Unit>;
}

/** The amount without its direction, ≥ 0. Exact for every quantity. */
export function absolute<Unit extends string>(a: Quantity<Unit>): Quantity<Unit> {
  return (a <= 0 ? 0 - a : a) as Quantity<Unit>;
}

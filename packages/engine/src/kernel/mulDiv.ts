/**
 * Products and quotients without rounding on the way: a·b/divisor, a·b against c·d, shares and square roots.
 * The direction of the one rounding at the end is in the name. Operands are plain numbers, except where a
 * share keeps the unit of its amount: the caller knows what a product counts.
 *
 * fl(x) is the double nearest to x. It is monotone, and an integer up to 2^53 is its own fl.
 *
 * **Narrow products.** If |fl(a·b)| ≤ 2^53 − 1, then fl(a·b) = a·b =: P, for a larger product rounds to at
 * least 2^53. Then fl(P/d) has the floor and the ceiling of P/d. Say P = k·d + r > 0 with 0 < r < d (r = 0 is
 * exact, P < 0 is symmetric): P/d lies at least 1/d inside (k, k+1), so fl has to miss both ends. Where 2^e ≤
 * k < 2^(e+1) doubles are 2^(e−52) apart between k and k+1, and half of that is below 1/d, as d·2^e ≤ d·k ≤ P
 * < 2^53. Where k = 0 doubles below 1 are 2^−53 apart, and half of that is below 1/d too.
 *
 * **Wide products.** Let p = fl(a·b), a·b = p + e, Q = p/d, q = ⌊fl(Q)⌋, p′ = fl(q·d), q·d = p′ + e′. Left
 * over is
 *
 *     R = a·b − q·d = (p − p′) + (e − e′) = d·(Q − q) + e
 *
 * Assume |Q| ≤ 2^53 for now. Note |Q| ≥ 1, as |p| ≥ 2^53 > d, and ⌊Q⌋ ≤ q ≤ Q + ½.
 *
 * 1. e and e′ are integers up to 2^52 (half a unit in the last place of a product below 2^106), and
 *    `roundingError` finds them exactly; so e − e′ is exact.
 * 2. p − p′ is exact: |q| ≥ 1, |Q| ≤ 2|q| and |q| ≤ 2|Q|; fl is monotone, so p and p′ differ at most by a
 *    factor of 2 (Sterbenz's lemma).
 * 3. The sum of the two may round, but it compares with −d, 0 and d as R does: R is an integer, and these
 *    three and their neighbours are doubles.
 * 4. |R| ≤ 1.5·d. If |Q| ≥ 2^52, then fl(Q) is an integer, |Q − q| ≤ ½, and |e| ≤ 2^−53·|p| ≤ d. If |Q| <
 *    2^52, then −¼ ≤ Q − q < 1 and |e| < d/2. So ⌊a·b/d⌋ is q − 2, q − 1, q or q + 1, and three comparisons
 *    tell which.
 * 5. If |Q| > 2^53, nearly every result is refused. Where |fl(Q)| = 2^53, we have |Q| ≤ 2^53 + 1 and |e| ≤ d,
 *    and steps 1 to 3 hold as before. For q = 2^53, R ≥ −|e| ≥ −d: the result is q − 1 if R < 0, and else
 *    refused. For q = −2^53, R < |e| ≤ d: it is refused. Both rightly. Where |fl(Q)| > 2^53, |q| ≥ 2^53 + 2
 *    is refused after any correction, rightly: |Q| ≥ 2^53 + 1 makes |a·b/d| ≥ (1 − 2^−53)·|Q| > 2^53 − 1/d,
 *    hence at least 2^53.
 */
import { MAX_EXACT, checked } from "./checked.ts";
import { invariant } from "./invariant.ts";
import type { Ppm, Quantity } from "./units.ts";

const PPM_ONE = 1_000_000;
/** 2^27 + 1: see `upperBits`. */
const SPLITTER = 134_217_729;

/**
 * ⌊a·b/divisor⌋, towards −∞ for every sign.
 *
 * @param a - an integer within ±(2^53 − 1)
 * @param b - an integer within ±(2^53 − 1)
 * @param divisor - an integer from 1 to 2^53 − 1
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function mulDivFloor(a: number, b: number, divisor: number): number {
  const product = a * b;
  return isNarrow(product, divisor) ? Math.floor(product / divisor) + 0 : wideFloor(a, b, divisor);
}

/**
 * ⌈a·b/divisor⌉, towards +∞ for every sign.
 *
 * @param a - an integer within ±(2^53 − 1)
 * @param b - an integer within ±(2^53 − 1)
 * @param divisor - an integer from 1 to 2^53 − 1
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function mulDivCeil(a: number, b: number, divisor: number): number {
  const product = a * b;
  return isNarrow(product, divisor) ? Math.ceil(product / divisor) + 0 : -wideFloor(-a, b, divisor);
}

/**
 * a·b/divisor without its fraction: towards 0 for every sign.
 *
 * @param a - an integer within ±(2^53 − 1)
 * @param b - an integer within ±(2^53 − 1)
 * @param divisor - an integer from 1 to 2^53 − 1
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function mulDivTruncate(a: number, b: number, divisor: number): number {
  const product = a * b;
  if (isNarrow(product, divisor)) return Math.trunc(product / divisor) + 0;
  return product > 0 ? wideFloor(a, b, divisor) : -wideFloor(-a, b, divisor);
}

/**
 * a·b − ⌊a·b/divisor⌋·divisor, from 0 to divisor − 1: what the floor leaves.
 *
 * @param a - an integer within ±(2^53 − 1)
 * @param b - an integer within ±(2^53 − 1)
 * @param divisor - an integer from 1 to 2^53 − 1
 * @throws {InvariantViolation} if an argument or the quotient leaves its range
 */
export function mulDivRest(a: number, b: number, divisor: number): number {
  const quotient = mulDivFloor(a, b, divisor);
  const product = a * b;
  const covered = quotient * divisor;
  // Both differences are exact, and so is their sum, an integer below the divisor: see "Wide products".
  return product - covered + (roundingError(a, b, product) - roundingError(quotient, divisor, covered)) + 0;
}

/**
 * ⌊amount·numerator/denominator⌋ in the unit of the amount, towards −∞ for every sign.
 *
 * @param numerator - an integer within ±(2^53 − 1); it counts the same as the denominator
 * @param denominator - an integer from 1 to 2^53 − 1
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function scaleFloor<Unit extends string>(
  amount: Quantity<Unit>,
  numerator: number,
  denominator: number,
): Quantity<Unit> {
  return mulDivFloor(amount, numerator, denominator) as Quantity<Unit>;
}

/**
 * ⌈amount·numerator/denominator⌉ in the unit of the amount, towards +∞ for every sign.
 *
 * @param numerator - an integer within ±(2^53 − 1); it counts the same as the denominator
 * @param denominator - an integer from 1 to 2^53 − 1
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function scaleCeil<Unit extends string>(
  amount: Quantity<Unit>,
  numerator: number,
  denominator: number,
): Quantity<Unit> {
  return mulDivCeil(amount, numerator, denominator) as Quantity<Unit>;
}

/**
 * amount·numerator/denominator without its fraction, in the unit of the amount: towards 0 for every sign.
 *
 * @param numerator - an integer within ±(2^53 − 1); it counts the same as the denominator
 * @param denominator - an integer from 1 to 2^53 − 1
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function scaleTruncate<Unit extends string>(
  amount: Quantity<Unit>,
  numerator: number,
  denominator: number,
): Quantity<Unit> {
  return mulDivTruncate(amount, numerator, denominator) as Quantity<Unit>;
}

/**
 * ⌊amount·rate/1e6⌋ in the unit of the amount, towards −∞ for every sign.
 *
 * The amount is cut into millions and a rest of the same sign. Neither part's share exceeds the whole share,
 * so each is exact when the result is in range; the rest's product stays below 1e6·rate.
 *
 * @param rate - within ±9_007_199_254 ppm, which every 32-bit rate is
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function shareFloor<Unit extends string>(amount: Quantity<Unit>, rate: Ppm): Quantity<Unit> {
  const millions = Math.trunc(checked(amount) / PPM_ONE);
  const ofRest = checked((amount - millions * PPM_ONE) * rate);
  return checked(millions * rate + Math.floor(ofRest / PPM_ONE)) as Quantity<Unit>;
}

/**
 * ⌈amount·rate/1e6⌉ in the unit of the amount, towards +∞ for every sign; exact as `shareFloor` is.
 *
 * @param rate - within ±9_007_199_254 ppm, which every 32-bit rate is
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function shareCeil<Unit extends string>(amount: Quantity<Unit>, rate: Ppm): Quantity<Unit> {
  const millions = Math.trunc(checked(amount) / PPM_ONE);
  const ofRest = checked((amount - millions * PPM_ONE) * rate);
  return checked(millions * rate + Math.ceil(ofRest / PPM_ONE)) as Quantity<Unit>;
}

/**
 * The sign of a·b − c·d, exactly, for integers within ±(2^53 − 1). Products that round differently differ the
 * same way, since fl is monotone; products that round alike differ by their rounding errors.
 *
 * @throws {InvariantViolation} if a product is not a finite number
 */
export function compareProducts(a: number, b: number, c: number, d: number): -1 | 0 | 1 {
  const left = a * b;
  const right = c * d;
  if (left < right) return -1;
  if (left > right) return 1;
  const leftError = roundingError(a, b, left);
  const rightError = roundingError(c, d, right);
  if (leftError < rightError) return -1;
  if (leftError > rightError) return 1;
  invariant(leftError === rightError, "compared products are finite", "left", left, "right", right);
  return 0;
}

/**
 * The smallest integer s ≥ 0 with s² ≥ x, for an integer x from 0 to 2^53 − 1.
 *
 * The machine's root is a guess, corrected by one either way: √(94_906_265² + 1) rounds to 94_906_265. A
 * square above 2^53 may round, but still compares rightly with x, for x and x − 1 are doubles.
 *
 * @throws {InvariantViolation} if `x` leaves its range
 */
export function squareRootCeil(x: number): number {
  invariant(x >= 0 && x <= MAX_EXACT, "a radicand is exact and not negative", "x", x);
  const root = Math.ceil(Math.sqrt(x)) + 0;
  if (root * root < x) return root + 1;
  const below = root - 1;
  return root > 0 && below * below >= x ? below : root;
}

/** True when a rounded product is exact and the divisor in range; false for NaN. */
function isNarrow(product: number, divisor: number): boolean {
  return product <= MAX_EXACT && product >= -MAX_EXACT && divisor >= 1 && divisor <= MAX_EXACT;
}

/** ⌊a·b/divisor⌋ of a product beyond ±(2^53 − 1): see "Wide products". */
function wideFloor(a: number, b: number, divisor: number): number {
  invariant(divisor >= 1 && divisor <= MAX_EXACT, "a divisor is positive and exact", "divisor", divisor);
  const product = checked(a) * checked(b);
  const quotient = Math.floor(product / divisor);
  const covered = quotient * divisor;
  const error = roundingError(a, b, product) - roundingError(quotient, divisor, covered);
  const rest = product - covered + error;
  if (rest >= divisor) return checked(quotient + 1);
  if (rest >= 0) return checked(quotient);
  return checked(quotient - (rest < -divisor ? 2 : 1));
}

/**
 * a·b − product, exactly, where product = fl(a·b) and a, b are integers up to 2^53 in magnitude.
 *
 * A zero is trivial, and scaling a factor by a power of two or by −1 scales every step below; so let a and b
 * be from 2^52 to 2^53 − 1. Then product is from 2^104 to 2^106. Let u be its unit in the last place (2^52 |
 * u | 2^54), and E the result: |E| ≤ 2^52. `upperBits` gives multiples of 2^27 up to 2^53 and leaves integers
 * up to 2^26, so the four partial products are exact: the first a multiple of 2^54, the mixed ones multiples
 * of 2^27 up to 2^79, the last an integer up to 2^52. From left to right every sum is exact as well:
 *
 *     aUpper·bUpper − product   a multiple of u; at most product ≤ 2^53·u, because aUpper·bUpper ≤ 2·product
 *     … + aUpper·bLower         = E − aLower·bLower − aLower·bUpper, a multiple of 2^27 below 2^80
 *     … + aLower·bUpper         = E − aLower·bLower, an integer up to 2^53
 *     … + aLower·bLower         = E
 */
function roundingError(a: number, b: number, product: number): number {
  const aUpper = upperBits(a);
  const bUpper = upperBits(b);
  const aLower = a - aUpper;
  const bLower = b - bUpper;
  return aUpper * bUpper - product + aUpper * bLower + aLower * bUpper + aLower * bLower;
}

/**
 * The upper 26 bits of x, rounded. Again let x be from 2^52 to 2^53 − 1. Then scaled = (2^27 + 1)·x + s, |s|
 * ≤ 2^27, is a multiple of 2^27, and scaled − x = 2^27·x + s is from 2^79 to 2^80; so its fl is a multiple of
 * 2^27 too and adds some t, |t| ≤ 2^26. What is returned, x − t, is a multiple of 2^27 up to 2^53, thus
 * exact, and leaves t.
 */
function upperBits(x: number): number {
  const scaled = SPLITTER * x;
  return scaled - (scaled - x);
}

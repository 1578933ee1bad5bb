/**
 * Products and quotients without rounding on the way: a·b/divisor, a·b against c·d, shares and square roots. The direction
 * of the one rounding at the end is in the name. Everything is a plain number here; the caller knows the units.
 *
 * fl(x) is the double nearest to x. It is monotone, and an integer of at most 2^53 in magnitude is its own fl.
 *
 * **Narrow products.** If |fl(a·b)| ≤ 2^53 − 1, then fl(a·b) = a·b =: P, for a larger product rounds to at least 2^53. Then
 * floor and ceil of fl(P/d) are those of P/d. Say P = k·d + r > 0 with 0 < r < d (r = 0 is exact, P < 0 is symmetric), so
 * P/d lies at least 1/d inside (k, k+1); fl cannot leave [k, k+1] and has to miss its ends. With 2^e ≤ k < 2^(e+1) doubles
 * between k and k+1 are 2^(e−52) apart, and half of that is less than 1/d, because d·2^e ≤ d·k ≤ P < 2^53. If k = 0 doubles
 * near 1 are 2^−53 apart, which is less than 1/d too.
 *
 * **Wide products.** Let p = fl(a·b), a·b = p + e, Q = p/d, q = ⌊fl(Q)⌋, q·d = p′ + e′ with p′ = fl(q·d). What is left over is
 *
 *     R = a·b − q·d = (p − p′) + (e − e′) = d·(Q − q) + e
 *
 * 1. e and e′ are integers of at most 2^52 (a half unit of a product below 2^106), computed exactly by `roundingError`;
 *    so e − e′ is exact.
 * 2. p − p′ is exact. |Q| ≥ 1, as |p| ≥ 2^53 > d. Since ⌊Q⌋ ≤ q ≤ Q + ½ (up to |Q| = 2^53), we have |q| ≥ 1, |Q| ≤ 2|q| and
 *    |q| ≤ 2|Q|; fl is monotone, so p and p′ are within a factor of 2 of each other (Sterbenz).
 * 3. The last sum may round, but compares with 0, d and −d as R does: these and their neighbours are doubles.
 * 4. |R| ≤ 1.5·d. If 2^52 ≤ |Q| ≤ 2^53, fl(Q) is an integer, |Q − q| ≤ ½ and |e| ≤ 2^−53·|p| ≤ d. If |Q| < 2^52, then
 *    −¼ ≤ Q − q < 1 and |e| < d/2. So ⌊a·b/d⌋ is q−2, q−1, q or q+1, and three comparisons tell which.
 * 5. If |Q| > 2^53 the result is refused, or right. For fl(Q) = ±2^53 we have |Q| ≤ 2^53 + 1 and hence |e| ≤ d: a quotient in
 *    range means −d ≤ R < 0 above and R = d below, which step 4 maps to q−1 and q+1. For a larger |fl(Q)|, |q| ≥ 2^53 + 2 stays
 *    out of range after any correction, and rightly: |a·b|/d ≥ (1 − 2^−53)(2^53 + 1) > 2^53 − 1/d.
 */
import { MAX_EXACT, checked } from "./checked.ts";
import { invariant } from "./invariant.ts";
import type { Ppm, Quantity } from "./units.ts";

const PPM_ONE = 1_000_000;
/** Multiplying by 2^27 + 1 and taking the excess away again leaves the upper 26 bits of a double. */
const SPLITTER = 134_217_729;

/**
 * ⌊a·b/divisor⌋, towards −∞ for every sign.
 *
 * @param a - an integer within ±(2^53 − 1), and so is `b`
 * @param divisor - an integer from 1 to 2^53 − 1
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function mulDivFloor(a: number, b: number, divisor: number): number {
  const product = a * b;
  return isNarrow(product, divisor) ? Math.floor(product / divisor) + 0 : wideFloor(a, b, divisor);
}

/**
 * ⌈a·b/divisor⌉, towards +∞ for every sign; ranges and errors as for `mulDivFloor`.
 *
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function mulDivCeil(a: number, b: number, divisor: number): number {
  const product = a * b;
  return isNarrow(product, divisor) ? Math.ceil(product / divisor) + 0 : -wideFloor(-a, b, divisor);
}

/**
 * a·b/divisor rounded towards zero; ranges and errors as for `mulDivFloor`.
 *
 * @throws {InvariantViolation} if an argument or the result leaves its range
 */
export function mulDivTruncate(a: number, b: number, divisor: number): number {
  const product = a * b;
  if (isNarrow(product, divisor)) return Math.trunc(product / divisor) + 0;
  return product > 0 ? wideFloor(a, b, divisor) : -wideFloor(-a, b, divisor);
}

/** The share `rate` of an amount, rounded towards −∞, in the amount's unit. @throws {InvariantViolation} out of range */
export function shareFloor<Unit extends string>(amount: Quantity<Unit>, rate: Ppm): Quantity<Unit> {
  return mulDivFloor(amount, rate, PPM_ONE) as Quantity<Unit>;
}

/** The share `rate` of an amount, rounded towards +∞, in the amount's unit. @throws {InvariantViolation} out of range */
export function shareCeil<Unit extends string>(amount: Quantity<Unit>, rate: Ppm): Quantity<Unit> {
  return mulDivCeil(amount, rate, PPM_ONE) as Quantity<Unit>;
}

/**
 * Sign of a·b − c·d, exactly, for integers within ±(2^53 − 1): fl is monotone, so products that round differently differ the
 * same way, and products that round alike differ by their rounding errors.
 *
 * @throws {InvariantViolation} if an argument is NaN or infinite
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
 * The root of the machine is a guess, corrected by one either way: it rounds 94_906_265² + 1 to 94_906_265. The squares
 * compare rightly with x though they may exceed 2^53, for x and x − 1 are doubles.
 *
 * @throws {InvariantViolation} if `x` leaves its range
 */
export function squareRootCeil(x: number): number {
  invariant(x >= 0 && x <= MAX_EXACT, "a radicand is exact and not negative", "x", x);
  const root = Math.ceil(Math.sqrt(x));
  if (root * root < x) return root + 1;
  const below = root - 1;
  return root > 0 && below * below >= x ? below : root + 0;
}

/** True when a rounded product is exact and the divisor in range; NaN is not. */
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
 * a·b − product, exactly, where product = fl(a·b) and |a|, |b| ≤ 2^53 are integers.
 *
 * A zero is trivial, and scaling by powers of two or −1 changes nothing, so let 2^52 ≤ a, b < 2^53. Then 2^104 ≤ product ≤ 2^106;
 * u ≥ 2^52 is its unit in the last place, and the result E has |E| ≤ 2^52. `upperBits` gives multiples of 2^27 up to 2^53 and
 * leaves integers up to 2^26, so the four partial products are exact: the first is a multiple of 2^54, the mixed ones are
 * multiples of 2^27 up to 2^79, the last is at most 2^52. The sums are exact from left to right:
 *
 *     aUpper·bUpper − product   a multiple of min(u, 2^54), at most product ≤ 2^53·u, as aUpper·bUpper ≤ 2·product
 *     … + aUpper·bLower         = E − aLower·bLower − aLower·bUpper: a multiple of 2^27 below 2^80
 *     … + aLower·bUpper         = E − aLower·bLower: an integer up to 2^53
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
 * The upper 26 bits of x; again let 2^52 ≤ x < 2^53. scaled = (2^27 + 1)·x + s with |s| ≤ 2^27, a multiple of 2^27. So scaled − x
 * is 2^27·x + s, from 2^79 to 2^80; its fl is a multiple of 2^27 that adds some t, |t| ≤ 2^26. What is returned, x − t, is a
 * multiple of 2^27 up to 2^53, thus exact, and leaves t.
 */
function upperBits(x: number): number {
  const scaled = SPLITTER * x;
  return scaled - (scaled - x);
}

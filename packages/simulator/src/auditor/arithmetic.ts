/** Exact integer arithmetic with the direction of rounding in the name. Divisors are always positive. */

/** Quotient rounded towards −∞. */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}

/** Quotient rounded towards +∞. */
export function ceilDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend > 0n && quotient * divisor !== dividend ? quotient + 1n : quotient;
}

/** Smallest integer whose square is at least `square` ≥ 0. */
export function ceilSquareRoot(square: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(square))));
  while (root * root < square) root += 1n;
  while (root > 0n && (root - 1n) * (root - 1n) >= square) root -= 1n;
  return root;
}

export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

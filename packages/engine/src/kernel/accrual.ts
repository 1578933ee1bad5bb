/**
 * What has come together of `rate` units per period after some time, to the last fraction: with a carry from one reckoning to the
 * next, in 1/period of a unit, reckoning often gives neither more nor less than reckoning once.
 *
 *     rate = q·period + r:  rate·elapsed + carry = q·elapsed·period + (r·elapsed + carry)
 *
 * With elapsed ≤ period ≤ a day and carry < period the part in brackets is at most 86_400_000² < 2^53, so nothing is rounded but once,
 * and down.
 */
import { checked } from "./checked.ts";
import type { Ms, Quantity } from "./units.ts";

/**
 * ⌊(rate·elapsed + carry)/period⌋ in the unit of the rate.
 *
 * @param rate - units per period, ≥ 0
 * @param elapsed - 0 … period
 * @param period - 1 … 86_400_000
 * @param carry - 0 … period − 1
 */
export function accrued<Unit extends string>(
  rate: Quantity<Unit>,
  elapsed: Ms,
  period: Ms,
  carry: number,
): Quantity<Unit> {
  const whole = Math.floor(rate / period);
  const rest = (rate - whole * period) * elapsed + carry;
  return checked(whole * elapsed + Math.floor(rest / period)) as Quantity<Unit>;
}

/** What is over: the next carry, 0 … period − 1. */
export function accruedCarry<Unit extends string>(
  rate: Quantity<Unit>,
  elapsed: Ms,
  period: Ms,
  carry: number,
): number {
  return ((rate % period) * elapsed + carry) % period;
}

/** Pro-rata shares with caps: everybody bears in proportion to his weight, nobody more than he can. */
import { least, minus, plus } from "../kernel/checked.ts";
import { compareProducts, scaleFloor } from "../kernel/mulDiv.ts";
import { type MicroUsd, NONE } from "../kernel/units.ts";
import { ONE_MICRO_USD } from "../domain/limits.ts";

/** Somebody who may have to bear a share. */
export interface Bearer {
  /** In proportion to this, ≥ 0; 0 bears nothing. */
  readonly weight: MicroUsd;
  /** Never more than this, ≥ 0. */
  readonly cap: MicroUsd;
}

/**
 * Shares of an amount, in the order of the bearers; they sum to the smaller of the amount and the caps of those with a weight.
 *
 * Whoever's proportion exceeds his cap bears the cap, and the rest is shared anew among the others, until nobody's does. Then
 * proportions are rounded down, and what rounding leaves goes in units of one to those below their caps, from the first.
 */
export function waterFill(amount: MicroUsd, bearers: readonly Bearer[]): MicroUsd[] {
  const shares: MicroUsd[] = bearers.map(() => NONE);
  let active = bearers.map((_, index) => index).filter((index) => at(bearers, index).weight > 0);
  let left = least(amount, sum(active.map((index) => at(bearers, index).cap)));
  for (;;) {
    const total = sum(active.map((index) => at(bearers, index).weight));
    const amountNow = left;
    const isCapped = (index: number): boolean => {
      const { weight, cap } = at(bearers, index);
      return compareProducts(amountNow, weight, cap, total) > 0;
    };
    const capped = active.filter(isCapped);
    if (capped.length === 0) {
      for (const index of active) {
        shares[index] = scaleFloor(amountNow, at(bearers, index).weight, total);
        left = minus(left, at(shares, index));
      }
      break;
    }
    for (const index of capped) {
      shares[index] = at(bearers, index).cap;
      left = minus(left, at(shares, index));
    }
    active = active.filter((index) => !isCapped(index));
  }
  while (left > 0) {
    for (const index of active) {
      if (left === 0) break;
      if (at(shares, index) >= at(bearers, index).cap) continue;
      shares[index] = plus(at(shares, index), ONE_MICRO_USD);
      left = minus(left, ONE_MICRO_USD);
    }
  }
  return shares;
}

function sum(amounts: readonly MicroUsd[]): MicroUsd {
  return amounts.reduce<MicroUsd>((total, amount) => plus(total, amount), NONE);
}

function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}

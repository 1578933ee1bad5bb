/** Limits a market's listing must respect so that every later sum stays exact: docs/spec/numbers.md#headroom. */
import type { Lots, MicroUsd } from "../kernel/units.ts";
import { lotsWithin } from "../kernel/value.ts";
import { MAX_INTEGER, MAX_POSITION_VALUE } from "../domain/limits.ts";

/** Largest position limit, given the value of a lot at the top of the price range. */
export function positionAllowed(ceiling: MicroUsd): Lots {
  return lotsWithin(MAX_POSITION_VALUE, ceiling);
}

/** Largest open-interest limit, likewise. */
export function openInterestAllowed(ceiling: MicroUsd): Lots {
  return lotsWithin(MAX_INTEGER, ceiling);
}

/** Open-interest scaling is off (both 0), or rises from the lower to a higher upper bound. */
export function areOpenInterestBounds(lower: MicroUsd, upper: MicroUsd): boolean {
  return upper > lower || (upper === 0 && lower === 0);
}

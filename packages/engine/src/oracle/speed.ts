/** How far a price may move in a time by its volatility: a number of standard deviations, which grow with the root of the time. */
import { squareRootCeil } from "../kernel/mulDiv.ts";
import { MAX_PRICE_STEP } from "../domain/limits.ts";

/** ⌊deviations·σ·√time⌋ in ppb of the price, √ in thousandths of a root second and rounded up; time counts up to an hour. */
export function moveWithin(time: number, sigma: number, deviations: number): number {
  const root = squareRootCeil(1_000 * Math.min(time, MAX_PRICE_STEP));
  return Math.floor((deviations * sigma * root) / 1_000);
}

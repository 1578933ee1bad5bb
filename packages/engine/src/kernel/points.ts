/**
 * Prices of feeds. A market's point is a thousandth of its tick, so that medians and averages of reports are finer than the prices
 * orders can name; a collateral asset's point is a micro-dollar per whole asset.
 */
import { checked } from "./checked.ts";
import type { MicroUsdPerWhole, Points, Ticks } from "./units.ts";

export const POINTS_PER_TICK = 1_000;

/**
 * An integer that counts points.
 * @throws {InvariantViolation} if it lies outside ±(2^53 − 1)
 */
export function points(count: number): Points {
  return checked(count) as Points;
}

/** A market's price in points. */
export function pointsOf(price: Ticks): Points {
  return (price * POINTS_PER_TICK) as Points;
}

/** The tick nearest to a market's price in points, half a tick rounded up, but from 1 to `highest`. */
export function nearestTick(price: number, highest: Ticks): Ticks {
  const nearest = Math.floor((price + POINTS_PER_TICK / 2) / POINTS_PER_TICK);
  return Math.max(1, Math.min(nearest, highest)) as Ticks;
}

/** The tick at or below a market's price in points. */
export function tickBelow(price: Points): Ticks {
  return Math.floor(price / POINTS_PER_TICK) as Ticks;
}

/** The tick at or above it. */
export function tickAbove(price: Points): Ticks {
  return Math.ceil(price / POINTS_PER_TICK) as Ticks;
}

/** A tick moved into `lowest` … `highest`. */
export function tickWithin(price: Ticks, lowest: number, highest: number): Ticks {
  return Math.max(lowest, Math.min(price, highest)) as Ticks;
}

/** A collateral asset's price in points, as the price it is. */
export function wholePrice(price: Points): MicroUsdPerWhole {
  return price as number as MicroUsdPerWhole;
}

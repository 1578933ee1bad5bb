/**
 * From one unit to another: what lots, prices, rates and amounts are worth. Where something is rounded the direction is told; all else
 * is exact.
 */
import { checked } from "./checked.ts";
import { compareProducts, mulDivCeil, mulDivFloor } from "./mulDiv.ts";
import type {
  AssetUnits,
  Lots,
  MicroUsd,
  MicroUsdPerTickLot,
  MicroUsdPerWhole,
  PicoUsdPerLot,
  Ppb,
  Ppm,
  Ticks,
} from "./units.ts";

const PPB_PER_PPM = 1_000;
const MICRO_PER_DOLLAR = 1_000_000;
/** Indices count 1e-12 USD, and so does a ppb of 1e-3 USD. */
const PICO_PER_MICRO = 1_000_000;
const PPB_PER_PICO = 1_000;
/** Two indices within this limit, of either sign, differ by an exact integer: 2^52 − 1. */
const MAX_INDEX = 4_503_599_627_370_495;

/**
 * Value of one lot at a price; `quantum` is the notional quantum of its market. It is not checked: a value beyond 2^53 − 1, which only
 * the listing of a market meets, is rounded but still beyond, and no cell takes it.
 */
export function lotValueAt(price: Ticks, quantum: MicroUsdPerTickLot): MicroUsd {
  return (price * quantum) as MicroUsd;
}

/**
 * Value of lots, signed as they are, when one is worth `lotValue`.
 * @throws {InvariantViolation} if it lies outside ±(2^53 − 1)
 */
export function valueOf(lots: Lots, lotValue: MicroUsd): MicroUsd {
  return checked(lots * lotValue) as MicroUsd;
}

/** Most lots that together are worth no more than `value`, at a `lotValue` > 0: rounded down. */
export function lotsWithin(value: MicroUsd, lotValue: MicroUsd): Lots {
  return Math.floor(value / lotValue) as Lots;
}

/** Fewest lots that together are worth at least `value` ≥ 0, at a `lotValue` > 0: rounded up. */
export function lotsCovering(value: MicroUsd, lotValue: MicroUsd): Lots {
  return Math.ceil(value / lotValue) as Lots;
}

/** Most ticks by which the price of `lots` > 0 may move for no more than `amount`: rounded down; 0 for an amount below 0. */
export function ticksWithin(amount: MicroUsd, lots: Lots, quantum: MicroUsdPerTickLot): Ticks {
  return (amount <= 0 ? 0 : Math.floor(amount / checked(lots * quantum))) as Ticks;
}

/**
 * Funding that lots owe for the drift of their market's index, rounded up: payers owe more, receivers (< 0) get less.
 * @throws {InvariantViolation} if it lies outside ±(2^53 − 1)
 */
export function fundingOn(lots: Lots, drift: PicoUsdPerLot): MicroUsd {
  return mulDivCeil(lots, drift, PICO_PER_MICRO) as MicroUsd;
}

/**
 * Step of a funding index at a rate of the lot's value, rounded down.
 * @throws {InvariantViolation} if it lies outside ±(2^53 − 1)
 */
export function indexStep(lotValue: MicroUsd, rate: Ppb): PicoUsdPerLot {
  return mulDivFloor(lotValue, rate, PPB_PER_PICO) as PicoUsdPerLot;
}

/** The index that has charged one lot `amount` ≥ 0, at most 2^52 − 1, so that any two within it differ by an exact integer. */
export function indexCharging(amount: MicroUsd): PicoUsdPerLot {
  return Math.min(amount * PICO_PER_MICRO, MAX_INDEX) as PicoUsdPerLot;
}

/**
 * Worth of an amount ≥ 0 of an asset, `scale` of whose units make a whole one; rounded down.
 * @throws {InvariantViolation} if it lies beyond 2^53 − 1
 */
export function worthOf(amount: AssetUnits, price: MicroUsdPerWhole, scale: AssetUnits): MicroUsd {
  return mulDivFloor(amount, price, scale) as MicroUsd;
}

/** The same, but never more than `most`: for sums of what somebody may have priced beyond all measure. */
export function worthUpTo(
  most: MicroUsd,
  amount: AssetUnits,
  price: MicroUsdPerWhole,
  scale: AssetUnits,
): MicroUsd {
  return compareProducts(amount, price, most, scale) >= 0 ? most : worthOf(amount, price, scale);
}

/** Worth of an amount ≥ 0, rounded up, but never more than `most`. */
export function costUpTo(
  most: MicroUsd,
  amount: AssetUnits,
  price: MicroUsdPerWhole,
  scale: AssetUnits,
): MicroUsd {
  if (compareProducts(amount, price, most, scale) >= 0) return most;
  return mulDivCeil(amount, price, scale) as MicroUsd;
}

/**
 * Most units, up to `most`, that are worth no more than `value` ≥ 0 even when their worth is rounded up. The price is above 0: then
 * units ≤ value·scale/price, hence units·price/scale ≤ value, and so is its ceiling, for `value` is an integer.
 */
export function unitsWithin(
  value: MicroUsd,
  price: MicroUsdPerWhole,
  scale: AssetUnits,
  most: AssetUnits,
): AssetUnits {
  if (compareProducts(most, price, value, scale) <= 0) return most;
  return mulDivFloor(value, scale, price) as AssetUnits;
}

/** An amount of the quote currency as money: its smallest unit is the micro-dollar. */
export function quoteAsCash(amount: AssetUnits): MicroUsd {
  return amount as number as MicroUsd;
}

/** Money as an amount of the quote currency, likewise. */
export function cashAsQuote(cash: MicroUsd): AssetUnits {
  return cash as number as AssetUnits;
}

/** So many dollars, in micro-dollars. */
export function dollars(count: number): MicroUsd {
  return checked(count * MICRO_PER_DOLLAR) as MicroUsd;
}

/** An integer that counts the smallest units of an asset. */
export function assetUnits(count: number): AssetUnits {
  return checked(count) as AssetUnits;
}

/** An integer that counts ppb. */
export function ppb(count: number): Ppb {
  return checked(count) as Ppb;
}

/** A rate in the finer unit. */
export function inPpb(rate: Ppm): Ppb {
  return (rate * PPB_PER_PPM) as Ppb;
}

/**
 * A sum of money taken over raw cells, where a loop is too hot for a checked sum at each step: it is checked as a whole, and has rounded
 * nowhere if every partial sum was in range too.
 * @throws {InvariantViolation} if it lies outside ±(2^53 − 1)
 */
export function sumOfCells(sum: number): MicroUsd {
  return checked(sum) as MicroUsd;
}

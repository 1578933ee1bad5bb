/**
 * Tick and lot of a market, chosen once, at listing: a tick is 1, 2 or 5 times a power of ten, a lot is a power of ten. The first price lies
 * between 1/50 and 1/20 of a range of 2^20 ticks, so that there is room for a price twenty times as high, and a fall of 99.99 % still ends
 * on a tick. A series known to rise further gets coarser ticks, until its highest price lies within 4/5 of the range. A price
 * below one tick is held at one tick.
 */
import type { PriceSeries } from "./priceSeries.ts";

export const RANGE_BITS = 20;
const RANGE = 2 ** RANGE_BITS;
/** The first and the highest price are at most so many ticks. */
const FIRST_TICKS = BigInt(Math.floor(RANGE / 20));
const HIGHEST_TICKS = BigInt(Math.floor((RANGE * 4) / 5));

export interface ContractSize {
  /** A tick is tickUnits·10^−tickDecimals USD. */
  readonly tickUnits: number;
  readonly tickDecimals: number;
  /** A lot is 10^−lotDecimals of the underlying, worth 10 to 100 USD at the first price; negative for lots of many. */
  readonly lotDecimals: number;
  /** Micro-dollars per tick and lot. */
  readonly notional: number;
}

export function contractSizeOf(series: PriceSeries): ContractSize {
  const first = BigInt(series.open[0] as number);
  const highest = BigInt(series.high.reduce((most, price) => Math.max(most, price), 0));
  const { tickUnits, tickDecimals } = tickFor(first, highest, series.decimals);
  const lotDecimals = wholeDigits(first) - series.decimals - LOT_DIGITS;
  const notional = Number(scaled(BigInt(tickUnits), MICRO - tickDecimals - lotDecimals));
  return { tickUnits, tickDecimals, lotDecimals, notional };
}

/** A price of the series in ticks, rounded half up; it may lie outside the range. */
export function ticksOf(price: number, decimals: number, { tickUnits, tickDecimals }: ContractSize): number {
  const shift = Math.max(0, decimals - tickDecimals);
  const dividend = scaled(BigInt(price), tickDecimals - decimals + shift);
  const divisor = scaled(BigInt(tickUnits), shift);
  return Number((dividend * 2n + divisor) / (divisor * 2n));
}

/** The nearest price of the range, ticks. */
export function withinRange(ticks: number): number {
  return Math.min(Math.max(1, ticks), RANGE - 1);
}

/** A price in ticks as a decimal number of USD. */
export function priceText(ticks: number, { tickUnits, tickDecimals }: ContractSize): string {
  const digits = (BigInt(ticks) * BigInt(tickUnits)).toString().padStart(tickDecimals + 1, "0");
  const point = digits.length - tickDecimals;
  return tickDecimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Micro-dollars that a whole unit of the underlying is worth, at least 1. */
export function wholeValue(ticks: number, { notional, lotDecimals }: ContractSize): number {
  return Math.max(1, Number(scaled(BigInt(ticks) * BigInt(notional), lotDecimals)));
}

const MICRO = 6;
/** A lot is worth two digits of dollars. */
const LOT_DIGITS = 2;
const FINEST = 15;
const STEPS = [1, 2, 5];

/** The finest tick that keeps both prices within their shares of the range. */
function tickFor(
  first: bigint,
  highest: bigint,
  decimals: number,
): Pick<ContractSize, "tickUnits" | "tickDecimals"> {
  const unit = 10n ** BigInt(FINEST);
  for (let exponent = -FINEST; ; exponent++) {
    for (const step of STEPS) {
      const tick = BigInt(step) * 10n ** BigInt(exponent + FINEST + decimals);
      if (first * unit > tick * FIRST_TICKS || highest * unit > tick * HIGHEST_TICKS) continue;
      return { tickUnits: step * 10 ** Math.max(0, exponent), tickDecimals: Math.max(0, -exponent) };
    }
  }
}

function wholeDigits(value: bigint): number {
  return value.toString().length;
}

/** value·10^power, towards 0. */
function scaled(value: bigint, power: number): bigint {
  return power >= 0 ? value * 10n ** BigInt(power) : value / 10n ** BigInt(-power);
}

/**
 * The units of the engine. Every quantity is an integer held in a double, a count of the unit it names,
 * within ±(2^53 − 1); adding two units that differ does not compile. Narrower ranges are those of
 * docs/spec/numbers.md.
 */

declare const unit: unique symbol;

/** A count of `Unit`: exact, never NaN, never −0 once stored. */
export type Quantity<Unit extends string> = number & { readonly [unit]: Unit };

/** Money in micro-dollars, signed: 1 USD = 1_000_000. What is owned > 0, what is owed < 0. */
export type MicroUsd = Quantity<"MicroUsd">;

/** Price in ticks of its market, > 0; 0 stands for "no price". Below 2^22. */
export type Ticks = Quantity<"Ticks">;

/** Size in lots of its market, signed: long > 0, short < 0. Sizes of orders are > 0. */
export type Lots = Quantity<"Lots">;

/** A share in millionths, signed: 1 % = 10_000. A 32-bit integer; a negative fee is a rebate. */
export type Ppm = Quantity<"Ppm">;

/**
 * A share in thousand-millionths, signed: 1 % = 10_000_000. A 32-bit integer; funding > 0 is paid by longs.
 */
export type Ppb = Quantity<"Ppb">;

/** Milliseconds, ≥ 0: a length of time, or a moment counted from the Unix epoch by the sequencer. */
export type Ms = Quantity<"Ms">;

/**
 * The notional quantum k of a market, ≥ 1: micro-dollars that one lot gains when its price rises by one tick.
 */
export type MicroUsdPerTickLot = Quantity<"MicroUsdPerTickLot">;

/** A cumulative funding index, signed: 1e-12 USD per lot, rising when longs pay. */
export type PicoUsdPerLot = Quantity<"PicoUsdPerLot">;

/** An amount of a collateral asset in its smallest units, ≥ 0 when held. */
export type AssetUnits = Quantity<"AssetUnits">;

/** Price of a collateral asset, ≥ 0: micro-dollars per whole asset, not per smallest unit. */
export type MicroUsdPerWhole = Quantity<"MicroUsdPerWhole">;

/**
 * Price of a feed, ≥ 0: thousandths of a tick for a market, micro-dollars per whole for a collateral asset; 0 stands for "no price".
 * At most 1e15. Differences of prices are signed.
 */
export type Points = Quantity<"Points">;
/** Parts of a pot that many own together, ≥ 0; what one is worth moves with the pot. */
export type Shares = Quantity<"Shares">;

/** Nothing, of any unit. */
export const NONE = 0 as Quantity<never>;

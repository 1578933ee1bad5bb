/**
 * Names. The engine knows ids, ticks, lots and asset units; the wire's JSON speaks symbols and exact decimals. Which name stands for what is
 * written in `names.json` of a node's data directory, and told by `GET /v1/venue`.
 */
import { DecodeError, limits } from "@bulkhead/engine";
import { z } from "zod";
import { DECIMAL, type Step, countOf, stepOf, stepOfPlaces, textOf } from "./decimal.ts";

const symbol = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9._-]{0,31}$/, "a symbol of capitals, digits, dots and dashes is required");
const step = z.string().regex(DECIMAL, 'a decimal such as "0.5" is required');

export const ASSET_NAME = z.strictObject({
  symbol,
  asset: z.int().min(1).max(limits.MAX_ASSETS),
  /** 10^decimals units make a whole. */
  decimals: z.int().min(0).max(15),
});
export const TIER_NAME = z.strictObject({
  tier: z.int().min(1).max(limits.MAX_TIERS),
  name: z.string().min(1).max(64),
});
export const INSTRUMENT = z.strictObject({
  symbol,
  tier: z.int().min(1).max(limits.MAX_TIERS),
  market: z.int().min(1).max(limits.MAX_MARKETS),
  base: symbol,
  quote: symbol,
  /** Quote currency per base: what a tick is worth. */
  tickSize: step,
  /** Base: what a lot is. */
  lotSize: step,
});
/** What `names.json` holds. */
export const NAMES = z.strictObject({
  assets: z.array(ASSET_NAME),
  tiers: z.array(TIER_NAME),
  instruments: z.array(INSTRUMENT),
});

export type AssetName = z.infer<typeof ASSET_NAME>;
export type TierName = z.infer<typeof TIER_NAME>;
export type InstrumentName = z.infer<typeof INSTRUMENT>;
export type Names = z.infer<typeof NAMES>;

/** An asset, and what its unit is worth. */
export interface Asset extends AssetName {
  readonly unit: Step;
}

/** A market by its name, and what its ticks and lots are worth. */
export interface Instrument extends InstrumentName {
  readonly tick: Step;
  readonly lot: Step;
  /** A thousandth of a tick: prices of reporters are counted in it. */
  readonly point: Step;
}

/** The names of a venue, to be looked up either way. */
export interface Directory {
  readonly names: Names;
  readonly assets: readonly Asset[];
  readonly tiers: readonly TierName[];
  readonly instruments: readonly Instrument[];
}

/** Micro-dollars: what the engine counts all money of account in. */
export const MICRO_USD: Step = stepOfPlaces(6);

const POINT_PLACES = 3;

/**
 * Makes a directory of names.
 * @throws {DecodeError} if a symbol or an id is named twice, a size is no decimal above 0, or a market's base or tier has no name
 */
export function directoryOf(names: Names): Directory {
  expectUnique(names.assets, ({ symbol: name }) => name, "assets", "symbol");
  expectUnique(names.assets, ({ asset }) => String(asset), "assets", "asset");
  expectUnique(names.tiers, ({ tier }) => String(tier), "tiers", "tier");
  expectUnique(names.instruments, ({ symbol: name }) => name, "instruments", "symbol");
  expectUnique(names.instruments, ({ tier, market }) => `${tier}:${market}`, "instruments", "market");
  const instruments = names.instruments.map((instrument, index): Instrument => {
    if (!names.tiers.some(({ tier }) => tier === instrument.tier))
      throw new DecodeError(`instruments.${index}.tier`, "a tier of names.json is required", instrument.tier);
    const tick = stepOf(instrument.tickSize, `instruments.${index}.tickSize`);
    return {
      ...instrument,
      tick,
      lot: stepOf(instrument.lotSize, `instruments.${index}.lotSize`),
      point: { ...tick, places: tick.places + POINT_PLACES, text: `${tick.text}/1000` },
    };
  });
  return {
    names,
    assets: names.assets.map((asset) => ({ ...asset, unit: stepOfPlaces(asset.decimals) })),
    tiers: names.tiers,
    instruments,
  };
}

/** @throws {DecodeError} if no instrument has this symbol */
export function instrumentNamed({ instruments }: Directory, name: string, path: string): Instrument {
  const found = instruments.find((instrument) => instrument.symbol === name);
  if (found === undefined) throw new DecodeError(path, "no such instrument", name);
  return found;
}

export function instrumentOf(
  { instruments }: Directory,
  tier: number,
  market: number,
): Instrument | undefined {
  return instruments.find((instrument) => instrument.tier === tier && instrument.market === market);
}

/** @throws {DecodeError} if no asset has this symbol */
export function assetNamed({ assets }: Directory, name: string, path: string): Asset {
  const found = assets.find((asset) => asset.symbol === name);
  if (found === undefined) throw new DecodeError(path, "no such asset", name);
  return found;
}

export function assetOf({ assets }: Directory, asset: number): Asset | undefined {
  return assets.find((candidate) => candidate.asset === asset);
}

/** Price in ticks. @throws {DecodeError} if it is no multiple of the tick, or below one */
export function ticksOf(instrument: Instrument, price: string, path = "price"): number {
  return positive(countOf(price, instrument.tick, path, "tick"), price, path);
}

/** Size in lots. @throws {DecodeError} if it is no multiple of the lot, or below one */
export function lotsOf(instrument: Instrument, amount: string, path = "amount"): number {
  return positive(countOf(amount, instrument.lot, path, "lot"), amount, path);
}

/** Units of an asset. @throws {DecodeError} if the amount is no multiple of the unit, or below one */
export function unitsOf(asset: Asset, amount: string, path = "amount"): number {
  return positive(countOf(amount, asset.unit, path, "unit"), amount, path);
}

/** Points, in which reporters count. @throws {DecodeError} if the price is no multiple of a thousandth of a tick, or below one */
export function pointsOf(instrument: Instrument, price: string, path = "price"): number {
  return positive(countOf(price, instrument.point, path, "point"), price, path);
}

export function priceText(instrument: Instrument, ticks: number): string {
  return textOf(ticks, instrument.tick);
}

export function amountText(instrument: Instrument, lots: number): string {
  return textOf(lots, instrument.lot);
}

export function pointsText(instrument: Instrument, points: number): string {
  return textOf(points, instrument.point);
}

export function assetText(asset: Asset, units: number): string {
  return textOf(units, asset.unit);
}

/** Micro-dollars as dollars. */
export function usdText(microUsd: number): string {
  return textOf(microUsd, MICRO_USD);
}

/** Micro-dollars of a decimal of dollars. @throws {DecodeError} if it has more than six places */
export function microUsdOf(usd: string, path: string): number {
  return countOf(usd, MICRO_USD, path, "micro-dollar");
}

/** Average price of fills, to a thousandth of a tick, rounded down; "0" with its places if there are none. */
export function averageText(instrument: Instrument, tickLots: number, lots: number): string {
  const points = lots === 0 ? 0n : (BigInt(tickLots) * 10n ** BigInt(POINT_PLACES)) / BigInt(lots);
  return textOf(Number(points), instrument.point);
}

/**
 * Micro-dollars per tick and lot of a market with these sizes: what it must be listed with.
 * @throws {DecodeError} if that is no whole number of micro-dollars
 */
export function notionalOf({ tick, lot, symbol: name }: Instrument): number {
  const places = tick.places + lot.places;
  const scaled = tick.mantissa * lot.mantissa * 10n ** BigInt(Math.max(MICRO_USD.places - places, 0));
  const unit = 10n ** BigInt(Math.max(places - MICRO_USD.places, 0));
  if (scaled % unit !== 0n)
    throw new DecodeError(
      name,
      "tick times lot is no whole number of micro-dollars",
      `${tick.text} × ${lot.text}`,
    );
  return Number(scaled / unit);
}

function positive(count: number, text: string, path: string): number {
  if (count < 1) throw new DecodeError(path, "more than 0 is required", text);
  return count;
}

function expectUnique<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  list: string,
  field: string,
): void {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    if (seen.has(key)) throw new DecodeError(`${list}.${index}.${field}`, "named before", key);
    seen.add(key);
  }
}

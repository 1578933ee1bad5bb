/**
 * What may leave the vault: windows as vessels that fill at a rate and hold no more than their cap. A vessel's level is counted in
 * 1/period of a unit, so that nothing is rounded while it fills.
 *
 * @see docs/spec/vault.md#windows
 */
import { ceilDivide, floorDivide, greatest, least } from "./arithmetic.ts";
import { MAX_HELD, MILLION, QUOTE } from "./terms.ts";
import type { Throttle, Vessel } from "./throttleBook.ts";
import type { Asset, World } from "./venue.ts";

export const HOUR = 3_600_000;
export const DAY = 86_400_000;
const MAX_ASSET_VALUE = 2n ** 51n;
const MAX_VAULT_VALUE = 2n ** 52n;
const DOLLAR = 1_000_000n;
/** What postures 0 to 3 leave, in parts of the first. */
const HOUR_PARTS = [8n, 4n, 2n, 1n] as const;
const DAY_PARTS = [6n, 4n, 2n, 1n] as const;

const EMPTY: Vessel = { level: 0n, cap: 0n };

export function createThrottle(): Throttle {
  return {
    terms: {
      throttleHour: 0n,
      throttleDay: 0n,
      throttleHourMinimum: 0n,
      throttleDayMinimum: 0n,
      throttleAssetHour: 0n,
      throttleAssetDay: 0n,
      laneUser: 0n,
      laneTotal: 0n,
    },
    posture: 0,
    askedPosture: 0,
    postureAt: 0,
    exitRatio: 0n,
    refilledAt: 0,
    vessels: new Map(),
    prices: new Map(),
    deposits: new Map(),
    laneUses: new Map(),
    queue: [],
    round: { opened: 0, at: 0, toCome: [], grants: new Map(), taken: new Map() },
  };
}

export function isOn({ terms }: Throttle): boolean {
  const { throttleHour, throttleDay, throttleAssetHour, throttleAssetDay } = terms;
  return throttleHour + throttleDay + throttleAssetHour + throttleAssetDay > 0n;
}

export function slotOf(time: number, period: number): number {
  return Math.floor(time / period);
}

/** Adds a deposit to what came in its hour, and to what its owner paid in on its day. */
export function rememberDeposit(world: World, account: number, asset: Asset, amount: bigint): void {
  const { deposits } = world.venue.throttle;
  const keys = [
    `asset ${asset.id} hour ${slotOf(world.time, HOUR)}`,
    `account ${account} asset ${asset.id} day ${slotOf(world.time, DAY)}`,
  ];
  for (const key of keys) world.journal.put(deposits, key, (deposits.get(key) ?? 0n) + amount);
}

/** Deposits of an asset in this clock hour and the last do not count yet; released units do not count any more. */
export function settledUnits(world: World, asset: Asset, time: number): bigint {
  const slot = slotOf(time, HOUR);
  const fresh = [slot, slot - 1].map((each) => depositsOf(world, `asset ${asset.id} hour ${each}`));
  return greatest(0n, asset.held - asset.released - sum(fresh));
}

/** A balance without what was deposited on this clock day and the last. */
export function agedBalance(world: World, account: number, asset: Asset): bigint {
  const slot = slotOf(world.time, DAY);
  const days = [slot, slot - 1].map((each) =>
    depositsOf(world, `account ${account} asset ${asset.id} day ${each}`),
  );
  return greatest(0n, (asset.owners.get(account) ?? 0n) - sum(days));
}

/** 0 while there is none. */
export function priceOf(world: World, asset: Asset): bigint {
  return asset.id === QUOTE ? DOLLAR : (world.venue.throttle.prices.get(asset.id) ?? 0n);
}

export function settledValue(world: World, time: number): bigint {
  const worths = world.venue.assets.map((asset) => {
    const worth = floorDivide(settledUnits(world, asset, time) * priceOf(world, asset), asset.scale);
    return least(worth, MAX_ASSET_VALUE);
  });
  return least(sum(worths), MAX_VAULT_VALUE);
}

/** What all that is queued is worth, each asset's sum rounded up; assets without a price are worth nothing here. */
export function queuedValue(world: World): bigint {
  const worths = world.venue.assets.map((asset) =>
    least(costOf(world, asset, asset.pending - asset.released), MAX_ASSET_VALUE),
  );
  return least(sum(worths), MAX_VAULT_VALUE);
}

export function costOf(world: World, asset: Asset, amount: bigint): bigint {
  return ceilDivide(amount * priceOf(world, asset), asset.scale);
}

/** Most units, up to `most`, that cost no more than `value`. */
export function unitsFor(world: World, asset: Asset, value: bigint, most: bigint): bigint {
  const price = priceOf(world, asset);
  return price === 0n ? 0n : least(most, floorDivide(value * asset.scale, price));
}

/** Time has passed, and caps may have changed: every window is brought up to date. */
export function refill(world: World): void {
  const { venue, journal, time } = world;
  const { throttle } = venue;
  const { terms } = throttle;
  const elapsed = time - throttle.refilledAt;
  const value = settledValue(world, time);
  const hourCap = narrow(throttle, value, terms.throttleHour, terms.throttleHourMinimum, HOUR_PARTS);
  const dayCap = narrow(throttle, value, terms.throttleDay, terms.throttleDayMinimum, DAY_PARTS);
  fill(world, "hour", hourCap, elapsed, HOUR);
  fill(world, "day", dayCap, elapsed, DAY);
  fill(world, "lane", floorDivide(value * terms.laneTotal, MILLION), elapsed, DAY);
  for (const asset of venue.assets) {
    const units = settledUnits(world, asset, time);
    const hourFloor = unitsFor(world, asset, terms.throttleHourMinimum, MAX_HELD);
    const dayFloor = unitsFor(world, asset, terms.throttleDayMinimum, MAX_HELD);
    const assetHour = narrow(throttle, units, terms.throttleAssetHour, hourFloor, HOUR_PARTS);
    const assetDay = narrow(throttle, units, terms.throttleAssetDay, dayFloor, DAY_PARTS);
    fill(world, `hour of ${asset.id}`, assetHour, elapsed, HOUR);
    fill(world, `day of ${asset.id}`, assetDay, elapsed, DAY);
    fill(world, `lane of ${asset.id}`, floorDivide(units * terms.laneTotal, MILLION), elapsed, DAY);
  }
  journal.set(throttle, "refilledAt", time);
}

/** Whole units in a window. */
export function contentOf({ vessels }: Throttle, name: string): bigint {
  const { level } = vessels.get(name) ?? EMPTY;
  return floorDivide(level, BigInt(periodOf(name)));
}

export function capOf({ vessels }: Throttle, name: string): bigint {
  return (vessels.get(name) ?? EMPTY).cap;
}

/** The windows that an outflow of an asset must pass, and in what they count it. */
export function gates(
  { terms }: Throttle,
  asset: Asset,
): { readonly name: string; readonly counts: "dollars" | "units" }[] {
  const all = [
    { name: "hour", counts: "dollars", rate: terms.throttleHour },
    { name: "day", counts: "dollars", rate: terms.throttleDay },
    { name: `hour of ${asset.id}`, counts: "units", rate: terms.throttleAssetHour },
    { name: `day of ${asset.id}`, counts: "units", rate: terms.throttleAssetDay },
  ] as const;
  return all.filter(({ rate }) => rate > 0n);
}

/** Most units, up to `wanted`, that pass every gate. */
export function passing(world: World, asset: Asset, wanted: bigint): bigint {
  const { throttle } = world.venue;
  if (priceOf(world, asset) === 0n) return 0n;
  const limits = gates(throttle, asset).map(({ name, counts }) => {
    const content = contentOf(throttle, name);
    return counts === "units" ? content : unitsFor(world, asset, content, wanted);
  });
  return limits.reduce(least, wanted);
}

/** An outflow goes through its gates. */
export function pass(world: World, asset: Asset, amount: bigint): void {
  for (const { name, counts } of gates(world.venue.throttle, asset)) {
    drain(world, name, counts === "units" ? amount : costOf(world, asset, amount));
  }
}

/** Takes whole units out of a window. */
export function drain(world: World, name: string, amount: bigint): void {
  const { vessels } = world.venue.throttle;
  const { level, cap } = vessels.get(name) ?? EMPTY;
  world.journal.put(vessels, name, { level: level - amount * BigInt(periodOf(name)), cap });
}

function fill(world: World, name: string, cap: bigint, elapsed: number, period: number): void {
  const { vessels } = world.venue.throttle;
  const before = vessels.get(name) ?? EMPTY;
  const lower = least(before.cap, cap);
  const inflow = lower * BigInt(Math.min(elapsed, period));
  const level = least(before.level + inflow, lower * BigInt(period));
  world.journal.put(vessels, name, { level, cap });
}

function periodOf(name: string): number {
  return name.startsWith("hour") ? HOUR : DAY;
}

/** A cap: a share of what is held, or the minimum if that is more; then what posture and exit ratio leave of it. */
function narrow(
  { posture, askedPosture, exitRatio }: Throttle,
  held: bigint,
  rate: bigint,
  minimum: bigint,
  parts: readonly bigint[],
): bigint {
  if (rate === 0n) return 0n;
  const wide = greatest(minimum, floorDivide(held * rate, MILLION));
  const left = floorDivide(wide * (parts[Math.max(posture, askedPosture)] ?? 0n), parts[0] ?? 1n);
  return exitRatio === 0n ? left : floorDivide(left * exitRatio, MILLION);
}

function depositsOf({ venue }: World, key: string): bigint {
  return venue.throttle.deposits.get(key) ?? 0n;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

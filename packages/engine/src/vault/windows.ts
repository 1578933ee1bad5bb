/**
 * The windows of the throttle: token buckets of what may still leave in an hour and in a day, in dollars for the venue and in units
 * for each asset. Capacity lies in [0, cap]; it is cut at once when the cap falls and grows by cap/period when it rises, so that no
 * change of a cap is worth more than time has made of it. See docs/spec/vault.md#windows.
 */
import { type Arena, type NumColumn, type Ref } from "../kernel/arena.ts";
import { accrued, accruedCarry } from "../kernel/accrual.ts";
import { least, minus, most, negate, plus } from "../kernel/checked.ts";
import { scaleTruncate, shareFloor } from "../kernel/mulDiv.ts";
import { type AssetUnits, type MicroUsd, type Ms, NONE, type Ppm, type Quantity } from "../kernel/units.ts";
import { DAY_MS, HOUR_MS, MAX_HELD } from "../domain/limits.ts";
import { ASSET_WINDOW, THROTTLE, USD_WINDOW } from "../domain/rows/throttle.ts";
import { VAULT } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { settledUnits } from "./deposits.ts";
import { outflowValue, referencePrice, settledValue, unitsWorth } from "./valuation.ts";

interface WindowColumns<Table extends string, Value extends number> {
  readonly capacity: NumColumn<Table, Value>;
  readonly cap: NumColumn<Table, Value>;
  readonly carry: NumColumn<Table>;
}

/** What each posture leaves of a cap: eighths of the hour's, sixths of the day's. */
const HOUR_SHARES = [8, 4, 2, 1] as const;
const DAY_SHARES = [6, 4, 2, 1] as const;

/** True once any window is on; until then everything is released as soon as it is requested. */
export function isThrottled(vault: VaultShard): boolean {
  const { arena, throttle } = vault;
  const { hour, day, assetHour, assetDay } = THROTTLE;
  return [hour, day, assetHour, assetDay].some((rate) => arena.int(throttle, rate) > 0);
}

/** Brings all windows up to the present, with the caps of the present. */
export function refillWindows(vault: VaultShard, now: Ms): void {
  const { arena, throttle } = vault;
  const elapsed = minus(now, arena.num(throttle, THROTTLE.refilledAt));
  const value = settledValue(vault, now);
  refill(arena, vault.hourWindow, USD_WINDOW, hourCap(vault, value), elapsed, HOUR_MS);
  refill(arena, vault.dayWindow, USD_WINDOW, dayCap(vault, value), elapsed, DAY_MS);
  refill(arena, vault.laneWindow, USD_WINDOW, laneCap(vault, value), elapsed, DAY_MS);
  for (let asset = 1; asset <= vault.assetCount; asset++) {
    const units = settledUnits(vault, asset, now);
    const hour = assetHourCap(vault, asset, units);
    const day = assetDayCap(vault, asset, units);
    refill(arena, vault.assetHourWindow(asset), ASSET_WINDOW, hour, elapsed, HOUR_MS);
    refill(arena, vault.assetDayWindow(asset), ASSET_WINDOW, day, elapsed, DAY_MS);
    refill(arena, vault.assetLaneWindow(asset), ASSET_WINDOW, laneCap(vault, units), elapsed, DAY_MS);
  }
  arena.setNum(throttle, THROTTLE.refilledAt, now);
}

/** Most units of an asset, up to `wanted`, that every window that is on has room for. Without a price it is none. */
export function unitsFree(vault: VaultShard, asset: number, wanted: AssetUnits): AssetUnits {
  const { arena, throttle } = vault;
  let free = referencePrice(vault, asset) === NONE ? NONE : wanted;
  if (arena.int(throttle, THROTTLE.assetHour) > 0)
    free = least(free, arena.num(vault.assetHourWindow(asset), ASSET_WINDOW.capacity));
  if (arena.int(throttle, THROTTLE.assetDay) > 0)
    free = least(free, arena.num(vault.assetDayWindow(asset), ASSET_WINDOW.capacity));
  if (arena.int(throttle, THROTTLE.hour) > 0)
    free = unitsWorth(vault, asset, arena.num(vault.hourWindow, USD_WINDOW.capacity), free);
  if (arena.int(throttle, THROTTLE.day) > 0)
    free = unitsWorth(vault, asset, arena.num(vault.dayWindow, USD_WINDOW.capacity), free);
  return free;
}

/** What the venue's windows that are on have room for, but no more than `wanted`. */
export function valueFree(vault: VaultShard, wanted: MicroUsd): MicroUsd {
  const { arena, throttle } = vault;
  let free = wanted;
  if (arena.int(throttle, THROTTLE.hour) > 0)
    free = least(free, arena.num(vault.hourWindow, USD_WINDOW.capacity));
  if (arena.int(throttle, THROTTLE.day) > 0)
    free = least(free, arena.num(vault.dayWindow, USD_WINDOW.capacity));
  return free;
}

/** Takes an outflow off every window that is on; the caller has made sure there is room. */
export function spendWindows(vault: VaultShard, asset: number, amount: AssetUnits): void {
  const { arena, throttle } = vault;
  const value = outflowValue(vault, asset, amount);
  if (arena.int(throttle, THROTTLE.hour) > 0)
    arena.addNum(vault.hourWindow, USD_WINDOW.capacity, negate(value));
  if (arena.int(throttle, THROTTLE.day) > 0)
    arena.addNum(vault.dayWindow, USD_WINDOW.capacity, negate(value));
  if (arena.int(throttle, THROTTLE.assetHour) > 0)
    arena.addNum(vault.assetHourWindow(asset), ASSET_WINDOW.capacity, negate(amount));
  if (arena.int(throttle, THROTTLE.assetDay) > 0)
    arena.addNum(vault.assetDayWindow(asset), ASSET_WINDOW.capacity, negate(amount));
}

/**
 * Refills a window over what has elapsed, as if the lower of its old cap and its new one had been its cap all the time: a higher cap
 * works from now on, a lower one from before.
 */
function refill<Table extends string, Unit extends string>(
  arena: Arena,
  row: Ref<Table>,
  columns: WindowColumns<Table, Quantity<Unit>>,
  cap: Quantity<Unit>,
  elapsed: Ms,
  period: Ms,
): void {
  const lower = least(arena.num(row, columns.cap), cap);
  const span = least(elapsed, period);
  const carry = arena.num(row, columns.carry);
  const grown = plus(arena.num(row, columns.capacity), accrued(lower, span, period, carry));
  const isFull = grown >= lower;
  arena.setNum(row, columns.capacity, isFull ? lower : grown);
  arena.setNum(row, columns.carry, isFull ? NONE : accruedCarry(lower, span, period, carry));
  arena.setNum(row, columns.cap, cap);
}

function hourCap(vault: VaultShard, value: MicroUsd): MicroUsd {
  const { arena, throttle } = vault;
  const rate = arena.int(throttle, THROTTLE.hour);
  return capOf(vault, value, rate, arena.num(throttle, THROTTLE.hourMinimum), HOUR_SHARES);
}

function dayCap(vault: VaultShard, value: MicroUsd): MicroUsd {
  const { arena, throttle } = vault;
  const rate = arena.int(throttle, THROTTLE.day);
  return capOf(vault, value, rate, arena.num(throttle, THROTTLE.dayMinimum), DAY_SHARES);
}

/** The lane is for those whom a strict posture should not hurt: nothing narrows it. */
function laneCap<Unit extends string>(vault: VaultShard, held: Quantity<Unit>): Quantity<Unit> {
  return shareFloor(held, vault.arena.int(vault.throttle, THROTTLE.laneTotal));
}

function assetHourCap(vault: VaultShard, asset: number, units: AssetUnits): AssetUnits {
  const { arena, throttle } = vault;
  const rate = arena.int(throttle, THROTTLE.assetHour);
  const minimum = unitsWorth(vault, asset, arena.num(throttle, THROTTLE.hourMinimum), MAX_HELD);
  return capOf(vault, units, rate, minimum, HOUR_SHARES);
}

function assetDayCap(vault: VaultShard, asset: number, units: AssetUnits): AssetUnits {
  const { arena, throttle } = vault;
  const rate = arena.int(throttle, THROTTLE.assetDay);
  const minimum = unitsWorth(vault, asset, arena.num(throttle, THROTTLE.dayMinimum), MAX_HELD);
  return capOf(vault, units, rate, minimum, DAY_SHARES);
}

/** max(minimum, rate·held), narrowed by posture and exit ratio; rounded down at each step. 0 while the window is off. */
function capOf<Unit extends string>(
  vault: VaultShard,
  held: Quantity<Unit>,
  rate: Ppm,
  minimum: Quantity<Unit>,
  shares: readonly number[],
): Quantity<Unit> {
  if (rate === NONE) return NONE;
  const { arena, row } = vault;
  const wide = most(shareFloor(held, rate), minimum);
  const posture = Math.max(arena.int(row, VAULT.posture), arena.int(row, VAULT.askedPosture));
  const postured = scaleTruncate(wide, shares[posture] as number, shares[0] as number);
  const ratio = arena.int(row, VAULT.exitRatio);
  return ratio === NONE ? postured : shareFloor(postured, ratio);
}

/**
 * The small-user lane: so much per account and day leaves at once, whatever the windows say; so much of all, and of each asset, in a
 * day. The asset's own bound holds whatever its price is said to be.
 */
import { least, minus, most, negate, plus } from "../kernel/checked.ts";
import { type AssetUnits, type MicroUsd, type Ms, NONE } from "../kernel/units.ts";
import { DAY_MS } from "../domain/limits.ts";
import { ASSET_WINDOW, LANE, THROTTLE, USD_WINDOW } from "../domain/rows/throttle.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { agedBalance, slotOf } from "./deposits.ts";
import { outflowValue, unitsWorth } from "./valuation.ts";

/** Most units, up to `wanted`, of an account's balance that may go through the lane now; asked before the balance is debited. */
export function unitsInLane(
  vault: VaultShard,
  account: number,
  asset: number,
  wanted: AssetUnits,
  now: Ms,
): AssetUnits {
  const { arena, throttle } = vault;
  const own = minus(arena.num(throttle, THROTTLE.laneUser), usedToday(vault, account, now));
  const room = least(most(own, NONE), arena.num(vault.laneWindow, USD_WINDOW.capacity));
  const units = arena.num(vault.assetLaneWindow(asset), ASSET_WINDOW.capacity);
  const aged = agedBalance(vault, account, asset, now);
  return unitsWorth(vault, asset, room, least(wanted, least(units, aged)));
}

/** Takes an outflow off the account's day and off the lane; the caller has made sure there is room. */
export function spendLane(
  vault: VaultShard,
  account: number,
  asset: number,
  amount: AssetUnits,
  now: Ms,
): void {
  const { arena } = vault;
  const value = outflowValue(vault, asset, amount);
  const row = vault.lane(account);
  arena.setNum(row, LANE.used, plus(usedToday(vault, account, now), value));
  arena.setNum(row, LANE.slot, slotOf(now, DAY_MS));
  arena.addNum(vault.laneWindow, USD_WINDOW.capacity, negate(value));
  arena.addNum(vault.assetLaneWindow(asset), ASSET_WINDOW.capacity, negate(amount));
}

function usedToday(vault: VaultShard, account: number, now: Ms): MicroUsd {
  const { arena } = vault;
  const row = vault.lane(account);
  return arena.num(row, LANE.slot) === slotOf(now, DAY_MS) ? arena.num(row, LANE.used) : NONE;
}

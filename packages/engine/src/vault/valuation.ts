/** What the vault's own reference prices say assets are worth. What leaves is rounded up, what gives room to leave is rounded down. */
import { least, plus } from "../kernel/checked.ts";
import { type AssetUnits, type MicroUsd, type MicroUsdPerWhole, type Ms, NONE } from "../kernel/units.ts";
import { costUpTo, unitsWithin, worthUpTo } from "../kernel/value.ts";
import { MAX_ASSET_VALUE, MAX_INTEGER, MAX_VAULT_VALUE, QUOTE_ASSET, QUOTE_PRICE } from "../domain/limits.ts";
import { OUTFLOW } from "../domain/rows/throttle.ts";
import { ASSET } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { settledUnits } from "./deposits.ts";

/** Micro-dollars per whole asset; 0 while the asset has no price. The quote currency's is fixed. */
export function referencePrice(vault: VaultShard, asset: number): MicroUsdPerWhole {
  return asset === QUOTE_ASSET ? QUOTE_PRICE : vault.arena.num(vault.outflow(asset), OUTFLOW.price);
}

/** What the throttle's shares are of: settled units of all priced assets, rounded down and bounded. */
export function settledValue(vault: VaultShard, now: Ms): MicroUsd {
  let total: MicroUsd = NONE;
  for (let asset = 1; asset <= vault.assetCount; asset++) {
    const price = referencePrice(vault, asset);
    if (price === NONE) continue;
    const worth = worthUpTo(MAX_ASSET_VALUE, settledUnits(vault, asset, now), price, scaleOf(vault, asset));
    total = least(plus(total, worth), MAX_VAULT_VALUE);
  }
  return total;
}

/** What an outflow counts for, rounded up; what lies beyond the exact range is more than any window holds. */
export function outflowValue(vault: VaultShard, asset: number, amount: AssetUnits): MicroUsd {
  return costUpTo(MAX_INTEGER, amount, referencePrice(vault, asset), scaleOf(vault, asset));
}

/** What the queued units of an asset count for where queues are weighed, rounded up and bounded. */
export function queuedValue(vault: VaultShard, asset: number, amount: AssetUnits): MicroUsd {
  return costUpTo(MAX_ASSET_VALUE, amount, referencePrice(vault, asset), scaleOf(vault, asset));
}

/** Most units, up to `most`, whose outflow counts for no more than `value`; none while the asset has no price. */
export function unitsWorth(vault: VaultShard, asset: number, value: MicroUsd, most: AssetUnits): AssetUnits {
  const price = referencePrice(vault, asset);
  return price === NONE ? NONE : unitsWithin(value, price, scaleOf(vault, asset), most);
}

function scaleOf(vault: VaultShard, asset: number): AssetUnits {
  return vault.arena.num(vault.asset(asset), ASSET.scale);
}

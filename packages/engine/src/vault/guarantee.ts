/** What the venue keeps for losses beyond a tier: the operator's second tranche, and the mutual guarantee fund. */
import type { NumColumn } from "../kernel/arena.ts";
import { least, negate } from "../kernel/checked.ts";
import { shareFloor } from "../kernel/mulDiv.ts";
import type { AssetUnits } from "../kernel/units.ts";
import { MUTUAL_DRAW, QUOTE_ASSET } from "../domain/limits.ts";
import { ASSET } from "../domain/rows.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { LEDGER } from "./ledger.ts";

/** A layer of the waterfall that the vault keeps: its number, its cell, its ledger account. */
export interface Guarantee {
  readonly layer: number;
  readonly cell: NumColumn<"asset", AssetUnits>;
  readonly ledger: number;
}
export const SECOND_TRANCHE: Guarantee = { layer: 4, cell: ASSET.skin, ledger: LEDGER.secondTranche };
export const MUTUAL_FUND: Guarantee = { layer: 5, cell: ASSET.mutual, ledger: LEDGER.mutual };

/** What one default may take of a layer: of the second tranche all, of the mutual fund never more than 40 %. */
export function drawable(vault: VaultShard, guarantee: Guarantee): AssetUnits {
  const held = vault.arena.num(vault.asset(QUOTE_ASSET), guarantee.cell);
  return guarantee === MUTUAL_FUND ? shareFloor(held, MUTUAL_DRAW) : held;
}

/**
 * Takes from a layer what a tier's deficit asks for, as far as one default may.
 * @returns what was taken, ≥ 0; it is the caller's to book to the tier
 */
export function draw(vault: VaultShard, guarantee: Guarantee, asked: AssetUnits): AssetUnits {
  const given = least(asked, drawable(vault, guarantee));
  vault.arena.addNum(vault.asset(QUOTE_ASSET), guarantee.cell, negate(given));
  return given;
}

/** Adds to a layer. @returns what it holds then */
export function contribute(vault: VaultShard, guarantee: Guarantee, amount: AssetUnits): AssetUnits {
  const row = vault.asset(QUOTE_ASSET);
  vault.arena.addNum(row, guarantee.cell, amount);
  return vault.arena.num(row, guarantee.cell);
}

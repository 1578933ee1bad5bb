/** What the venue keeps for losses beyond a tier: the operator's second tranche, and the mutual guarantee fund. */
import type { NumColumn } from "../kernel/arena.ts";
import { least, minus, negate } from "../kernel/checked.ts";
import { shareFloor } from "../kernel/mulDiv.ts";
import { type AssetUnits, type Ms, NONE } from "../kernel/units.ts";
import { DAY_MS, MUTUAL_DRAW, QUOTE_ASSET } from "../domain/limits.ts";
import { ASSET, DRAWING } from "../domain/rows/vault.ts";
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
 * Takes from a layer what a tier's deficit asks for, as far as the layer may give: the second tranche all it has, the mutual fund never
 * more than 40 % for one default, and for all defaults of a tier within a day never more than 40 % of what it was before the first.
 * @returns what was taken, ≥ 0; it is the caller's to book to the tier
 */
export function draw(
  vault: VaultShard,
  guarantee: Guarantee,
  asked: AssetUnits,
  tier: number,
  now: Ms,
): AssetUnits {
  const { arena } = vault;
  const isMutual = guarantee === MUTUAL_FUND;
  const given = least(asked, isMutual ? mostOfMutual(vault, tier, now) : drawable(vault, guarantee));
  arena.addNum(vault.asset(QUOTE_ASSET), guarantee.cell, negate(given));
  if (isMutual) arena.addNum(vault.drawing(tier), DRAWING.drawn, given);
  return given;
}

/** What the mutual fund still gives a tier; a day of the tier begins if its last one is over. */
function mostOfMutual(vault: VaultShard, tier: number, now: Ms): AssetUnits {
  const { arena } = vault;
  if (isDayOver(vault, tier, now)) {
    const row = vault.drawing(tier);
    arena.setNum(row, DRAWING.since, now);
    arena.setNum(row, DRAWING.base, arena.num(vault.asset(QUOTE_ASSET), MUTUAL_FUND.cell));
    arena.setNum(row, DRAWING.drawn, NONE);
  }
  return mutualDrawable(vault, tier, now);
}

/** What a default of a tier could have of the mutual fund now. */
export function mutualDrawable(vault: VaultShard, tier: number, now: Ms): AssetUnits {
  const most = drawable(vault, MUTUAL_FUND);
  if (isDayOver(vault, tier, now)) return most;
  const { arena } = vault;
  const row = vault.drawing(tier);
  const left = minus(shareFloor(arena.num(row, DRAWING.base), MUTUAL_DRAW), arena.num(row, DRAWING.drawn));
  return least(most, left);
}

/** Whether the tier's day of drawing on the mutual fund is over, or has never begun. */
function isDayOver(vault: VaultShard, tier: number, now: Ms): boolean {
  const { arena } = vault;
  const row = vault.drawing(tier);
  return arena.num(row, DRAWING.base) === 0 || now - arena.num(row, DRAWING.since) >= DAY_MS;
}

/** Adds to a layer. @returns what it holds then */
export function contribute(vault: VaultShard, guarantee: Guarantee, amount: AssetUnits): AssetUnits {
  const row = vault.asset(QUOTE_ASSET);
  vault.arena.addNum(row, guarantee.cell, amount);
  return vault.arena.num(row, guarantee.cell);
}

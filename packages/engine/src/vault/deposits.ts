/**
 * How old deposits are, in clock slots: what came in the slot under way and in the one before is fresh. So nothing younger than one
 * slot ever counts as settled, and nothing older than two is held to be fresh. See docs/spec/vault.md#age.
 */
import { type Arena, NIL, type NumColumn, type Ref } from "../kernel/arena.ts";
import { least, minus, most, plus } from "../kernel/checked.ts";
import { numberOf } from "../kernel/pool.ts";
import { type AssetUnits, type Ms, NONE } from "../kernel/units.ts";
import { DAY_MS, HOUR_MS, MAX_HELD } from "../domain/limits.ts";
import { ALLOWANCE, OUTFLOW } from "../domain/rows/throttle.ts";
import { ASSET } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { balanceOf, balanceRow } from "./ledger.ts";

interface Slots<Table extends string> {
  readonly slot: NumColumn<Table>;
  readonly current: NumColumn<Table, AssetUnits>;
  readonly before: NumColumn<Table, AssetUnits>;
}

/** Notes a deposit that was just credited to its owner. */
export function noteDeposit(
  vault: VaultShard,
  account: number,
  asset: number,
  amount: AssetUnits,
  now: Ms,
): void {
  const { arena } = vault;
  note(arena, vault.outflow(asset), OUTFLOW, slotOf(now, HOUR_MS), amount);
  note(arena, allowanceOf(vault, account, asset), ALLOWANCE, slotOf(now, DAY_MS), amount);
}

/** Units of an asset in the vault, released ones excepted, that were deposited an hour ago or earlier. */
export function settledUnits(vault: VaultShard, asset: number, now: Ms): AssetUnits {
  const { arena } = vault;
  const outflow = vault.outflow(asset);
  const staying = minus(arena.num(vault.asset(asset), ASSET.held), arena.num(outflow, OUTFLOW.released));
  return most(minus(staying, fresh(arena, outflow, OUTFLOW, slotOf(now, HOUR_MS))), NONE);
}

/** The part of a balance that does not come from deposits of the last day. */
export function agedBalance(vault: VaultShard, account: number, asset: number, now: Ms): AssetUnits {
  if (balanceRow(vault, account, asset) === NIL) return NONE;
  const young = fresh(vault.arena, allowanceOf(vault, account, asset), ALLOWANCE, slotOf(now, DAY_MS));
  return most(minus(balanceOf(vault, account, asset), young), NONE);
}

/** The row beside an account's balance of an asset; the balance has been opened. */
export function allowanceOf(vault: VaultShard, account: number, asset: number): Ref<"allowance"> {
  return vault.allowance(numberOf(vault.balances, balanceRow(vault, account, asset)));
}

/** Number of the slot a moment lies in. */
export function slotOf(now: Ms, period: Ms): number {
  return Math.floor(now / period);
}

/** More than the vault can hold is as fresh as all it holds, so the sums stop there. */
function note<Table extends string>(
  arena: Arena,
  row: Ref<Table>,
  columns: Slots<Table>,
  slot: number,
  amount: AssetUnits,
): void {
  const last = arena.num(row, columns.slot);
  const current = arena.num(row, columns.current);
  if (slot === last) {
    arena.setNum(row, columns.current, least(plus(current, amount), MAX_HELD));
    return;
  }
  arena.setNum(row, columns.before, slot === last + 1 ? current : NONE);
  arena.setNum(row, columns.current, amount);
  arena.setNum(row, columns.slot, slot);
}

function fresh<Table extends string>(
  arena: Arena,
  row: Ref<Table>,
  columns: Slots<Table>,
  slot: number,
): AssetUnits {
  const last = arena.num(row, columns.slot);
  const current = arena.num(row, columns.current);
  if (slot === last) return plus(current, arena.num(row, columns.before));
  return slot === last + 1 ? current : NONE;
}

/** Withdrawals that were debited from their owner and not yet paid on chain. Ids are generation·2^22 + slot, never reused. */
import { NIL, type Ref } from "../kernel/arena.ts";
import { freeRow, isExhausted, numberOf, rowOf, takeRow } from "../kernel/pool.ts";
import { type AssetUnits, NONE } from "../kernel/units.ts";
import { WITHDRAWAL } from "../domain/rows.ts";
import type { VaultShard } from "../domain/vaultShard.ts";

const ID_SLOTS = 2 ** 22;

export function hasRoomForWithdrawal(vault: VaultShard): boolean {
  return !isExhausted(vault.arena, vault.withdrawals);
}

/** Opens a pending withdrawal; returns its id. */
export function openWithdrawal(
  vault: VaultShard,
  account: number,
  asset: number,
  amount: AssetUnits,
): number {
  const { arena } = vault;
  const row = takeRow(arena, vault.withdrawals);
  const generation = Math.max(1, arena.int(row, WITHDRAWAL.generation));
  arena.setInt(row, WITHDRAWAL.generation, generation);
  arena.setInt(row, WITHDRAWAL.account, account);
  arena.setInt(row, WITHDRAWAL.asset, asset);
  arena.setNum(row, WITHDRAWAL.amount, amount);
  return generation * ID_SLOTS + numberOf(vault.withdrawals, row);
}

/** The pending withdrawal of an id, or `NIL`. */
export function withdrawalOf(vault: VaultShard, id: number): Ref<"withdrawal"> {
  const { arena } = vault;
  const slot = id % ID_SLOTS;
  const row = slot === 0 ? NIL : rowOf(arena, vault.withdrawals, slot);
  if (row === NIL || arena.int(row, WITHDRAWAL.account) === 0) return NIL;
  return arena.int(row, WITHDRAWAL.generation) === (id - slot) / ID_SLOTS ? row : NIL;
}

/** Closes a pending withdrawal; its id is never seen again. */
export function closeWithdrawal(vault: VaultShard, row: Ref<"withdrawal">): void {
  const { arena } = vault;
  arena.setInt(row, WITHDRAWAL.account, 0);
  arena.setNum(row, WITHDRAWAL.amount, NONE);
  arena.setInt(row, WITHDRAWAL.generation, arena.int(row, WITHDRAWAL.generation) + 1);
  freeRow(arena, vault.withdrawals, row);
}

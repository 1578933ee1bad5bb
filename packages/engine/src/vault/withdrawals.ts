/** Withdrawals that were debited from their owner and not yet paid on chain. Ids are generation·2^22 + slot, never reused. */
import { NIL, type Ref } from "../kernel/arena.ts";
import { negate } from "../kernel/checked.ts";
import { freeRow, isExhausted, numberOf, rowOf, takeRow } from "../kernel/pool.ts";
import { type AssetUnits, type Ms, NONE } from "../kernel/units.ts";
import { OUTFLOW } from "../domain/rows/throttle.ts";
import { WITHDRAWAL } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";

const ID_SLOTS = 2 ** 22;

export function hasRoomForWithdrawal(vault: VaultShard): boolean {
  return !isExhausted(vault.arena, vault.withdrawals);
}

/** Opens a pending withdrawal, nothing of it released. */
export function openWithdrawal(
  vault: VaultShard,
  account: number,
  asset: number,
  amount: AssetUnits,
  now: Ms,
): Ref<"withdrawal"> {
  const { arena } = vault;
  const row = takeRow(arena, vault.withdrawals);
  const generation = Math.max(1, arena.int(row, WITHDRAWAL.generation));
  arena.setInt(row, WITHDRAWAL.generation, generation);
  arena.setInt(row, WITHDRAWAL.account, account);
  arena.setInt(row, WITHDRAWAL.asset, asset);
  arena.setNum(row, WITHDRAWAL.amount, amount);
  arena.setNum(row, WITHDRAWAL.requestedAt, now);
  return row;
}

/** The id of a pending withdrawal. */
export function withdrawalId(vault: VaultShard, row: Ref<"withdrawal">): number {
  return vault.arena.int(row, WITHDRAWAL.generation) * ID_SLOTS + numberOf(vault.withdrawals, row);
}

/** The pending withdrawal of an id, or `NIL`. */
export function withdrawalOf(vault: VaultShard, id: number): Ref<"withdrawal"> {
  const { arena } = vault;
  const slot = id % ID_SLOTS;
  const row = slot === 0 ? NIL : rowOf(arena, vault.withdrawals, slot);
  if (row === NIL || arena.int(row, WITHDRAWAL.account) === 0) return NIL;
  return arena.int(row, WITHDRAWAL.generation) === (id - slot) / ID_SLOTS ? row : NIL;
}

/** Lets a part of a withdrawal be paid. */
export function releaseUnits(vault: VaultShard, row: Ref<"withdrawal">, amount: AssetUnits): void {
  const { arena } = vault;
  arena.addNum(row, WITHDRAWAL.released, amount);
  arena.addNum(vault.outflow(arena.int(row, WITHDRAWAL.asset)), OUTFLOW.released, amount);
}

/** Takes the released part off a withdrawal: it was paid, or went back. Closes the withdrawal if nothing of it is left. */
export function settleReleased(vault: VaultShard, row: Ref<"withdrawal">): void {
  const { arena } = vault;
  const amount = arena.num(row, WITHDRAWAL.released);
  releaseUnits(vault, row, negate(amount));
  takeOff(vault, row, amount);
}

/** Takes units off a withdrawal. Closes it if nothing of it is left. */
export function takeOff(vault: VaultShard, row: Ref<"withdrawal">, amount: AssetUnits): void {
  const { arena } = vault;
  arena.addNum(row, WITHDRAWAL.amount, negate(amount));
  if (arena.num(row, WITHDRAWAL.amount) === NONE) closeWithdrawal(vault, row);
}

/** Its id is never seen again. */
function closeWithdrawal(vault: VaultShard, row: Ref<"withdrawal">): void {
  const { arena } = vault;
  arena.setInt(row, WITHDRAWAL.account, 0);
  arena.setNum(row, WITHDRAWAL.requestedAt, NONE);
  arena.setInt(row, WITHDRAWAL.generation, arena.int(row, WITHDRAWAL.generation) + 1);
  freeRow(arena, vault.withdrawals, row);
}

/**
 * The vault's double-entry ledger, per asset. Every movement debits one account and credits another by the same amount; what
 * leaves or enters the vault moves `held` with it. See docs/spec/vault.md.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { negate } from "../kernel/checked.ts";
import { isExhausted, numberOf, rowOf, takeRow } from "../kernel/pool.ts";
import { type AssetUnits, NONE } from "../kernel/units.ts";
import { ACCOUNT, ASSET, BALANCE } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";

/** Ledger accounts that are no owner's, as events name them. */
export const LEDGER = {
  outside: 0,
  transit: 1,
  pending: 2,
  dust: 3,
  secondTranche: 4,
  mutual: 5,
  loans: 8,
  custody: 1_000,
  owner: 1_000_000,
} as const;

/** The open account of an id, or `NIL`. */
export function accountOf(vault: VaultShard, account: number): Ref<"account"> {
  return rowOf(vault.arena, vault.accounts, account);
}

/** What an account owns of an asset, unallocated. */
export function balanceOf(vault: VaultShard, account: number, asset: number): AssetUnits {
  const row = balanceRow(vault, account, asset);
  return row === NIL ? NONE : vault.arena.num(row, BALANCE.amount);
}

/** True when a credit to the account would find its row, or room for one. */
export function hasRoomForBalance(vault: VaultShard, account: number, asset: number): boolean {
  return balanceRow(vault, account, asset) !== NIL || !isExhausted(vault.arena, vault.balances);
}

/** Credits an owner; the caller has made sure there is room for the balance. */
export function creditOwner(vault: VaultShard, account: number, asset: number, amount: AssetUnits): void {
  const { arena } = vault;
  let row = balanceRow(vault, account, asset);
  if (row === NIL) row = openBalance(vault, account, asset);
  arena.addNum(row, BALANCE.amount, amount);
}

/** Debits an owner; the caller has made sure the balance covers it. */
export function debitOwner(vault: VaultShard, account: number, asset: number, amount: AssetUnits): void {
  const { arena } = vault;
  const row = balanceRow(vault, account, asset);
  arena.addNum(row, BALANCE.amount, negate(amount));
}

/** What enters the vault, or leaves it (negative). */
export function moveHeld(vault: VaultShard, asset: number, amount: AssetUnits): void {
  vault.arena.addNum(vault.asset(asset), ASSET.held, amount);
}

export function movePending(vault: VaultShard, asset: number, amount: AssetUnits): void {
  vault.arena.addNum(vault.asset(asset), ASSET.pending, amount);
}

export function moveTransit(vault: VaultShard, asset: number, amount: AssetUnits): void {
  vault.arena.addNum(vault.asset(asset), ASSET.transit, amount);
}

/** What the vault holds for a tier. */
export function moveCustody(vault: VaultShard, asset: number, tier: number, amount: AssetUnits): void {
  vault.arena.addNum(vault.asset(asset), custodyOf(tier), amount);
}

/** The cell of what the vault holds for a tier. */
export function custodyOf(tier: number): typeof ASSET.custody {
  return (ASSET.custody + tier) as typeof ASSET.custody;
}

/** The row of what an account owns of an asset, or `NIL` if it never owned any. */
export function balanceRow(vault: VaultShard, account: number, asset: number): Ref<"balance"> {
  const { arena } = vault;
  let row = arena.int(accountOf(vault, account), ACCOUNT.balances);
  while (row !== NIL && arena.int(row, BALANCE.asset) !== asset) row = arena.int(row, BALANCE.next);
  return row;
}

function openBalance(vault: VaultShard, account: number, asset: number): Ref<"balance"> {
  const { arena } = vault;
  const owner = accountOf(vault, account);
  const row = takeRow(arena, vault.balances);
  arena.setInt(row, BALANCE.asset, asset);
  arena.setInt(row, BALANCE.account, numberOf(vault.accounts, owner));
  arena.setInt(row, BALANCE.next, arena.int(owner, ACCOUNT.balances));
  arena.setInt(owner, ACCOUNT.balances, row);
  return row;
}

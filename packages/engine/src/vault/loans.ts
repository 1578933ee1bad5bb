/**
 * The vault's account of loans between tiers' insurance funds: what is owed, and what lies in between because one side has given it and
 * the other not yet taken it. A claim of a lender changes only by what its own tier sends.
 */
import { minus, negate, plus } from "../kernel/checked.ts";
import { type AssetUnits, type Ms, NONE } from "../kernel/units.ts";
import { LOAN_WAIT_MS, QUOTE_ASSET } from "../domain/limits.ts";
import { ASK, ASSET, LOAN } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";

/** What lies in between changes by so much. */
export function moveLoans(vault: VaultShard, amount: AssetUnits): void {
  vault.arena.addNum(vault.asset(QUOTE_ASSET), ASSET.loans, amount);
}

/** All that a tier is still to get back from another. */
export function claimOf(vault: VaultShard, lender: number, borrower: number): AssetUnits {
  const { arena } = vault;
  const row = vault.loan(lender, borrower);
  return plus(plus(arena.num(row, LOAN.owed), arena.num(row, LOAN.pledged)), arena.num(row, LOAN.returned));
}

/** What waits for a borrower, of all lenders. */
export function pledgedTo(vault: VaultShard, borrower: number): AssetUnits {
  let total: AssetUnits = NONE;
  for (let lender = 1; lender <= vault.tierCount; lender++)
    total = plus(total, vault.arena.num(vault.loan(lender, borrower), LOAN.pledged));
  return total;
}

/** What a tier asks for beyond what waits for it; nothing once it asked too long ago. */
export function openAsk(vault: VaultShard, borrower: number, now: Ms): AssetUnits {
  const { arena } = vault;
  const row = vault.ask(borrower);
  if (now - arena.num(row, ASK.at) >= LOAN_WAIT_MS) return NONE;
  const open = minus(arena.num(row, ASK.amount), pledgedTo(vault, borrower));
  return open > 0 ? open : NONE;
}

export function setAsk(vault: VaultShard, tier: number, amount: AssetUnits, now: Ms): void {
  const { arena } = vault;
  const row = vault.ask(tier);
  arena.setNum(row, ASK.amount, amount);
  arena.setNum(row, ASK.at, amount === 0 ? NONE : now);
}

/** A lender's money waits for who asked for it. */
export function pledge(
  vault: VaultShard,
  lender: number,
  borrower: number,
  amount: AssetUnits,
  now: Ms,
): void {
  const row = vault.loan(lender, borrower);
  vault.arena.addNum(row, LOAN.pledged, amount);
  vault.arena.setNum(row, LOAN.pledgedAt, now);
}

/** A borrower takes what waits for him: now he owes it. */
export function drawPledge(vault: VaultShard, lender: number, borrower: number, amount: AssetUnits): void {
  const row = vault.loan(lender, borrower);
  vault.arena.addNum(row, LOAN.pledged, negate(amount));
  vault.arena.addNum(row, LOAN.owed, amount);
}

/** What waited for a borrower waits for its lender. */
export function returnPledge(vault: VaultShard, lender: number, borrower: number, amount: AssetUnits): void {
  const row = vault.loan(lender, borrower);
  vault.arena.addNum(row, LOAN.pledged, negate(amount));
  vault.arena.addNum(row, LOAN.returned, amount);
}

/** A borrower has repaid: it waits for its lender. */
export function repayLoan(vault: VaultShard, lender: number, borrower: number, amount: AssetUnits): void {
  const row = vault.loan(lender, borrower);
  vault.arena.addNum(row, LOAN.owed, negate(amount));
  vault.arena.addNum(row, LOAN.returned, amount);
}

/** What a lender may fetch of a loan: what has come back, and what its borrower has not fetched in time. */
export function fetchable(vault: VaultShard, lender: number, borrower: number, now: Ms): AssetUnits {
  const { arena } = vault;
  const row = vault.loan(lender, borrower);
  const returned = arena.num(row, LOAN.returned);
  return isLapsed(vault, lender, borrower, now) ? plus(returned, arena.num(row, LOAN.pledged)) : returned;
}

/** Takes what is `fetchable` off the books. */
export function fetch(vault: VaultShard, lender: number, borrower: number, now: Ms): AssetUnits {
  const amount = fetchable(vault, lender, borrower, now);
  const row = vault.loan(lender, borrower);
  if (isLapsed(vault, lender, borrower, now)) vault.arena.setNum(row, LOAN.pledged, NONE);
  vault.arena.setNum(row, LOAN.returned, NONE);
  return amount;
}

function isLapsed(vault: VaultShard, lender: number, borrower: number, now: Ms): boolean {
  return now - vault.arena.num(vault.loan(lender, borrower), LOAN.pledgedAt) >= LOAN_WAIT_MS;
}

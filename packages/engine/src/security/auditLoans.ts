/** The audit of loans between insurance funds (1, 19): the vault's books and both tiers' say the same, and nobody lends to himself. */
import { QUOTE_ASSET } from "../domain/limits.ts";
import { TIER } from "../domain/rows/tier.ts";
import { ASSET, LOAN } from "../domain/rows/vault.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { VaultShard } from "../domain/vaultShard.ts";
import { type Report, exactly } from "./finding.ts";

export function auditLoans(vault: VaultShard, tiers: readonly TierShard[], report: Report): void {
  const { arena } = vault;
  const owedBy = new Map<number, bigint>();
  let between = 0n;
  for (const lender of tiers) {
    let claims = 0n;
    for (const borrower of tiers) {
      const row = vault.loan(lender.id, borrower.id);
      const [owed, pledged] = [arena.num(row, LOAN.owed), arena.num(row, LOAN.pledged)];
      const returned = arena.num(row, LOAN.returned);
      const where = `loan of tier ${lender.id} to tier ${borrower.id}`;
      for (const part of [owed, pledged, returned]) if (part < 0) report("19", where, 0, part);
      if (lender === borrower) report("19", where, 0, owed + pledged + returned);
      between += exactly(pledged) + exactly(returned);
      claims += exactly(owed) + exactly(pledged) + exactly(returned);
      owedBy.set(borrower.id, (owedBy.get(borrower.id) ?? 0n) + exactly(owed));
    }
    report("19", `what tier ${lender.id} has lent`, claims, exactly(lender.arena.num(lender.row, TIER.lent)));
  }
  for (const { id, arena: own, row } of tiers)
    report("19", `what tier ${id} owes`, owedBy.get(id) ?? 0n, exactly(own.num(row, TIER.owed)));
  const held = arena.num(vault.asset(QUOTE_ASSET), ASSET.loans);
  report("1", "between insurance funds", between, exactly(held));
}

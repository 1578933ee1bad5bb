/** Loans between insurance funds come back: out of the borrower's fees to the vault, and from there to the lender when his tier next sweeps. */
import { least, negate } from "../../kernel/checked.ts";
import type { MicroUsd } from "../../kernel/units.ts";
import { cashAsQuote, quoteAsCash } from "../../kernel/value.ts";
import { EVENTS, RETURNED } from "../../domain/events.ts";
import { TIER } from "../../domain/rows/tier.ts";
import { LOAN } from "../../domain/rows/vault.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { waterFill } from "../../clearing/waterFill.ts";
import { claimOf, fetch, fetchable, repayLoan } from "../../vault/loans.ts";
import { receiveLoan, sendLoan } from "./moveLoan.ts";

const { code: CAME_BACK } = EVENTS.loanReturned;

/** The fund gets what waits for it with the vault: what borrowers have repaid, did not need, or did not fetch in time. */
export function fetchLoans(venue: Venue, tier: TierShard): void {
  const { vault, now } = venue;
  const { arena, row, id } = tier;
  if (arena.num(row, TIER.lent) === 0) return;
  for (let borrower = 1; borrower <= vault.tierCount; borrower++) {
    if (fetchable(vault, id, borrower, now) === 0) continue;
    const arrived = receiveLoan(venue, tier, fetch(vault, id, borrower, now));
    arena.addNum(row, TIER.insurance, arrived);
    arena.addNum(row, TIER.lent, negate(arrived));
    const claim = claimOf(vault, id, borrower);
    venue.events.emit(CAME_BACK, id, borrower, arrived, RETURNED.received, claim);
  }
}

/**
 * Takes up to `due` of the tier's fees for its lenders, in proportion to what each is owed.
 * @returns what was taken, no more than the tier owes
 */
export function repayLoans(venue: Venue, tier: TierShard, due: MicroUsd): MicroUsd {
  const { vault } = venue;
  const { arena, row, id } = tier;
  const repaid = least(due, arena.num(row, TIER.owed));
  if (repaid === 0) return repaid;
  arena.addNum(row, TIER.fees, negate(repaid));
  arena.addNum(row, TIER.owed, negate(repaid));
  const owed = Array.from({ length: vault.tierCount }, (_, index) =>
    quoteAsCash(vault.arena.num(vault.loan(index + 1, id), LOAN.owed)),
  );
  const parts = waterFill(
    repaid,
    owed.map((amount) => ({ weight: amount, cap: amount })),
  );
  parts.forEach((part, index) => {
    if (part === 0) return;
    const lender = index + 1;
    repayLoan(vault, lender, id, sendLoan(venue, tier, part));
    const claim = claimOf(vault, lender, id);
    venue.events.emit(CAME_BACK, lender, id, cashAsQuote(part), RETURNED.repaid, claim);
  });
  return repaid;
}

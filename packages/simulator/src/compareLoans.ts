/** Loans between insurance funds, as the engine's queries tell them, against the auditor's. */
import { type Venue, loansView } from "@bulkhead/engine";
import type { AuditorState } from "./auditor/state/state.ts";

type Same = (what: string, field: string, expected: number | bigint, found: number) => void;

const LOAN_FIELDS = ["lender", "borrower", "owed", "pledged", "pledgedAt", "returned"] as const;
const TIER_FIELDS = ["tier", "lent", "owed", "excess", "left", "room", "need", "asked", "askedAt"] as const;

export function compareLoans({ loans, lending }: AuditorState, venue: Venue, same: Same): void {
  const view = loansView(venue);
  same("loans", "count", loans.length, view.loans.length);
  for (const [index, loan] of loans.entries()) {
    const what = `loan of tier ${loan.lender} to tier ${loan.borrower}`;
    for (const field of LOAN_FIELDS) same(what, field, loan[field], view.loans[index]?.[field] ?? Number.NaN);
  }
  for (const [index, tier] of lending.entries())
    for (const field of TIER_FIELDS)
      same(`lending of tier ${tier.tier}`, field, tier[field], view.tiers[index]?.[field] ?? Number.NaN);
}

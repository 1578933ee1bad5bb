/**
 * A tier's insurance fund lends another's of what it has beyond its target. Anybody may send it: how much, and whether at all, is for
 * the rule to say. It touches the lender and the vault, where the money waits for the borrower to fetch it.
 */
import { least, negate } from "../kernel/checked.ts";
import { cashAsQuote, quoteAsCash } from "../kernel/value.ts";
import { LEND_INSURANCE } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { LENDING_POSTURE } from "../domain/limits.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { CONTROLLER } from "../domain/rows/guard.ts";
import { TIER } from "../domain/rows/tier.ts";
import { ASK } from "../domain/rows/vault.ts";
import type { Venue } from "../domain/venue.ts";
import { countLoan, lendable, mostLendable } from "../clearing/lending.ts";
import { openAsk, pledge } from "../vault/loans.ts";
import { enterTier } from "./steps/lookUp.ts";
import { sendLoan } from "./steps/moveLoan.ts";

const { at } = LEND_INSURANCE;

export function lendInsurance(venue: Venue): OutcomeCode {
  const { command, vault, now } = venue;
  const lender = word(command, at.tier);
  const tier = enterTier(venue, lender);
  if (tier === undefined) return venue.refuse("tier_unknown", lender);
  const borrower = word(command, at.borrower);
  if (borrower > vault.tierCount) return venue.refuse("tier_unknown", borrower);
  const { arena, row } = tier;
  const posture = arena.num(tier.controller, CONTROLLER.posture);
  if (posture > LENDING_POSTURE) return venue.refuse("lender_strained", posture, LENDING_POSTURE);
  const asked = openAsk(vault, borrower, now);
  if (asked === 0 || borrower === lender)
    return venue.refuse("loan_not_asked", borrower, vault.arena.num(vault.ask(borrower), ASK.at));
  const bounds = lendable(tier, now);
  const amount = least(mostLendable(bounds), quoteAsCash(asked));
  if (amount === 0) return venue.refuse("nothing_to_lend", bounds.excess, bounds.left, bounds.room);

  countLoan(tier, amount, now);
  arena.addNum(row, TIER.insurance, negate(amount));
  arena.addNum(row, TIER.lent, amount);
  pledge(vault, lender, borrower, sendLoan(venue, tier, amount), now);
  const lent = arena.num(row, TIER.lent);
  venue.events.emit(EVENTS.insuranceLent.code, lender, borrower, cashAsQuote(amount), lent);
  return venue.accept(amount, lent);
}

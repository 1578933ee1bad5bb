/**
 * A tier's insurance fund takes what others have lent it, as far as it still lacks it, and asks for the rest of what it lacks. Anybody
 * may send it. What it no longer needs waits for its lender again.
 */
import { least, minus, plus } from "../kernel/checked.ts";
import { type MicroUsd, NONE } from "../kernel/units.ts";
import { cashAsQuote, quoteAsCash } from "../kernel/value.ts";
import { DRAW_INSURANCE } from "../domain/commands.ts";
import { EVENTS, RETURNED } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { SHARE_BOOK } from "../domain/rows/shares.ts";
import { TIER } from "../domain/rows/tier.ts";
import { ASK, LOAN } from "../domain/rows/vault.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { needOf } from "../clearing/lending.ts";
import { claimOf, drawPledge, pledgedTo, returnPledge, setAsk } from "../vault/loans.ts";
import { enterTier } from "./steps/lookUp.ts";
import { receiveLoan } from "./steps/moveLoan.ts";

const { at } = DRAW_INSURANCE;
const { insuranceAsked, insuranceDrawn, loanReturned } = EVENTS;

export function drawInsurance(venue: Venue): OutcomeCode {
  const { command, vault, now } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  const { arena, row, insuranceBook: book } = tier;
  const need = needOf(tier);
  const isAsking = vault.arena.num(vault.ask(tierId), ASK.amount) > 0;
  if (need === 0 && !isAsking && pledgedTo(vault, tierId) === 0) {
    const target = arena.num(book.row, SHARE_BOOK.target);
    return venue.refuse("loan_not_needed", arena.num(row, TIER.insurance), target, arena.num(row, TIER.owed));
  }

  let drawn: MicroUsd = NONE;
  for (let lender = 1; lender <= vault.tierCount; lender++)
    drawn = plus(drawn, takePledge(venue, tier, lender, minus(need, drawn)));
  const lacking = minus(need, drawn);
  setAsk(vault, tierId, cashAsQuote(lacking), now);
  if (lacking > 0) venue.events.emit(insuranceAsked.code, tierId, lacking);
  return venue.accept(drawn, lacking);
}

/** Takes what one lender has pledged, up to what is needed; the rest goes back. @returns what was taken */
function takePledge(venue: Venue, tier: TierShard, lender: number, needed: MicroUsd): MicroUsd {
  const { vault } = venue;
  const { arena, row, id } = tier;
  const pledged = quoteAsCash(vault.arena.num(vault.loan(lender, id), LOAN.pledged));
  const taken = least(pledged, needed);
  if (taken > 0) {
    drawPledge(vault, lender, id, cashAsQuote(taken));
    arena.addNum(row, TIER.insurance, receiveLoan(venue, tier, cashAsQuote(taken)));
    arena.addNum(row, TIER.owed, taken);
    venue.events.emit(insuranceDrawn.code, lender, id, taken, arena.num(row, TIER.owed));
  }
  const rest = minus(pledged, taken);
  if (rest > 0) {
    returnPledge(vault, lender, id, cashAsQuote(rest));
    const claim = claimOf(vault, lender, id);
    venue.events.emit(loanReturned.code, lender, id, rest, RETURNED.unneeded, claim);
  }
  return taken;
}

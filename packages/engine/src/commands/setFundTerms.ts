/** The terms on which a fund is owned in shares: how long leaving takes, what must stay, how much it may take of fees. */
import { SET_FUND_TERMS } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { SHARE_BOOK } from "../domain/rows.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier } from "./steps/lookUp.ts";
import { isSharedFund, sharedFund } from "./steps/sharedFund.ts";

const { at } = SET_FUND_TERMS;

export function setFundTerms(venue: Venue): OutcomeCode {
  const { command } = venue;
  const number = word(command, at.fund);
  const tierId = word(command, at.tier);
  if (!isSharedFund(number, tierId)) return venue.refuse("fund_unknown", number, tierId);
  const tier = tierId === 0 ? undefined : enterTier(venue, tierId);
  if (tierId !== 0 && tier === undefined) return venue.refuse("tier_unknown", tierId);
  const target = word(command, at.target);
  if (tier === undefined && target !== 0) return venue.refuse("fund_takes_no_fees", target);

  const { arena, book } = sharedFund(venue, tier);
  arena.setNum(book.row, SHARE_BOOK.cooldown, word(command, at.cooldown));
  arena.setNum(book.row, SHARE_BOOK.window, word(command, at.window));
  arena.setNum(book.row, SHARE_BOOK.minimum, word(command, at.minimum));
  arena.setNum(book.row, SHARE_BOOK.target, target);
  return venue.accept();
}

/** A fund is owned in shares on other terms from now on. */
import { SET_FUND_TERMS } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { SHARE_BOOK } from "../../domain/rows/shares.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { INSURANCE_FUND, bookOf, isSharedFund } from "./sharedFund.ts";

const { at } = SET_FUND_TERMS;

/** Carries out a `setFundTerms`, given in `frame`; without a tier it is about the mutual fund. */
export function takeFundTerms(venue: Venue, tier: TierShard | undefined, frame: Float64Array): OutcomeCode {
  const number = word(frame, at.fund);
  const tierId = word(frame, at.tier);
  if (!isSharedFund(number, tierId)) return venue.refuse("fund_unknown", number, tierId);
  const target = word(frame, at.target);
  if (number !== INSURANCE_FUND && target !== 0) return venue.refuse("fund_takes_no_fees", target);

  const { arena } = tier ?? venue.vault;
  const book = bookOf(venue, tier, number);
  arena.setNum(book.row, SHARE_BOOK.cooldown, word(frame, at.cooldown));
  arena.setNum(book.row, SHARE_BOOK.window, word(frame, at.window));
  arena.setNum(book.row, SHARE_BOOK.minimum, word(frame, at.minimum));
  arena.setNum(book.row, SHARE_BOOK.target, target);
  return venue.accept();
}

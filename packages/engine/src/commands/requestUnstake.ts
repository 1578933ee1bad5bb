/** An owner of shares asks to turn some into money: from now on they cool down, and lose with the fund as before. */
import { REQUEST_UNSTAKE } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { announce, sharesOf, stakeOf } from "../domain/shareBook.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier, isAccount } from "./steps/lookUp.ts";
import { bookOf, isSharedFund } from "./steps/sharedFund.ts";

const { at } = REQUEST_UNSTAKE;

export function requestUnstake(venue: Venue): OutcomeCode {
  const { command } = venue;
  const number = word(command, at.fund);
  const tierId = word(command, at.tier);
  if (!isSharedFund(number, tierId)) return venue.refuse("fund_unknown", number, tierId);
  const tier = tierId === 0 ? undefined : enterTier(venue, tierId);
  if (tierId !== 0 && tier === undefined) return venue.refuse("tier_unknown", tierId);
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const { arena } = tier ?? venue.vault;
  const book = bookOf(venue, tier, number);
  const stake = stakeOf(arena, book, account);
  const held = sharesOf(arena, book, stake);
  const shares = word(command, at.shares);
  if (shares > held) return venue.refuse("shares_insufficient", held, shares);

  const unlocksAt = announce(arena, book, stake, shares, venue.now);
  venue.events.emit(EVENTS.unstakeRequested.code, number, account, shares, unlocksAt);
  return venue.accept(unlocksAt);
}

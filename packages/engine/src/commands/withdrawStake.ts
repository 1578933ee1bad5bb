/** An owner fetches the money for shares that have cooled down, at what they are worth now. */
import { minus, plus } from "../kernel/checked.ts";
import { worthOfShares } from "../kernel/shares.ts";
import { WITHDRAW_STAKE } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { QUOTE_ASSET } from "../domain/limits.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { SHARE_BOOK, STAKE } from "../domain/rows/shares.ts";
import { burn, leavingOf, sharesOf, stakeOf, windowOf } from "../domain/shareBook.ts";
import type { Venue } from "../domain/venue.ts";
import { hasRoomForBalance } from "../vault/ledger.ts";
import { enterTier, isAccount } from "./steps/lookUp.ts";
import { INSURANCE_FUND, bookOf, isSharedFund, sharedFund } from "./steps/sharedFund.ts";
import { sweepTierFees } from "./steps/sweepTierFees.ts";

const { at } = WITHDRAW_STAKE;

export function withdrawStake(venue: Venue): OutcomeCode {
  const { command, vault, now } = venue;
  const number = word(command, at.fund);
  const tierId = word(command, at.tier);
  if (!isSharedFund(number, tierId)) return venue.refuse("fund_unknown", number, tierId);
  const tier = tierId === 0 ? undefined : enterTier(venue, tierId);
  if (tierId !== 0 && tier === undefined) return venue.refuse("tier_unknown", tierId);
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const { arena } = tier ?? vault;
  const book = bookOf(venue, tier, number);
  const stake = stakeOf(arena, book, account);
  const shares = word(command, at.shares);
  const leaving = leavingOf(arena, book, stake);
  if (shares > leaving) return venue.refuse("unstake_not_requested", leaving, shares);
  const unlocksAt = arena.num(stake, STAKE.unlocksAt);
  if (now < unlocksAt) return venue.refuse("unstake_cooling_down", unlocksAt, now);
  const until = plus(unlocksAt, windowOf(arena, book));
  if (now > until) return venue.refuse("unstake_window_passed", until, now);

  // Whoever has shares that leave has a fund that they are of.
  const fund = sharedFund(venue, tier, number);
  if (fund === undefined) return venue.refuse("bucket_unknown", 0);
  if (tier !== undefined && number === INSURANCE_FUND) sweepTierFees(venue, tier);
  const appraisal = fund.appraise();
  if (appraisal !== ACCEPTED) return appraisal;
  const amount = worthOfShares(shares, fund.leastWorth(), arena.num(book.row, SHARE_BOOK.shares));
  const rest = minus(fund.pot(), amount);
  const minimum = fund.floor();
  if (rest < minimum) return venue.refuse("fund_minimum", rest, minimum);
  const leave = fund.mayLeave(amount);
  if (leave !== ACCEPTED) return leave;
  if (amount > 0 && !hasRoomForBalance(vault, account, QUOTE_ASSET))
    return venue.refuse("balance_capacity_reached", vault.balances.capacity);
  burn(arena, book, stake, shares);
  if (amount > 0) fund.give(account, amount);
  venue.events.emit(EVENTS.stakeRedeemed.code, number, account, amount, shares, rest);
  fund.close();
  return venue.accept(amount, sharesOf(arena, book, stakeOf(arena, book, account)));
}

/** An owner buys shares of a fund with settled balance: he earns what the fund earns, and loses what it pays for others' defaults. */
import { sharesBought } from "../kernel/shares.ts";
import { quoteAsCash } from "../kernel/value.ts";
import { STAKE_FUND } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { QUOTE_ASSET } from "../domain/limits.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { SHARE_BOOK } from "../domain/rows/shares.ts";
import { mint, recount } from "../domain/shareBook.ts";
import type { Venue } from "../domain/venue.ts";
import { balanceOf } from "../vault/ledger.ts";
import { enterTier, isAccount } from "./steps/lookUp.ts";
import { INSURANCE_FUND, isSharedFund, sharedFund } from "./steps/sharedFund.ts";
import { sweepTierFees } from "./steps/sweepTierFees.ts";

const { at } = STAKE_FUND;

export function stakeFund(venue: Venue): OutcomeCode {
  const { command, vault } = venue;
  const number = word(command, at.fund);
  const tierId = word(command, at.tier);
  if (!isSharedFund(number, tierId)) return venue.refuse("fund_unknown", number, tierId);
  const tier = tierId === 0 ? undefined : enterTier(venue, tierId);
  if (tierId !== 0 && tier === undefined) return venue.refuse("tier_unknown", tierId);
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const fund = sharedFund(venue, tier, number);
  if (fund === undefined) return venue.refuse("bucket_unknown", 0);
  const amount = word(command, at.amount);
  const balance = vault.assetCount < QUOTE_ASSET ? 0 : balanceOf(vault, account, QUOTE_ASSET);
  if (amount > balance) return venue.refuse("balance_insufficient", balance, amount);

  // What was earned before belongs to those who were there.
  if (tier !== undefined && number === INSURANCE_FUND) sweepTierFees(venue, tier);
  const appraisal = fund.appraise();
  if (appraisal !== ACCEPTED) return appraisal;
  const opening = fund.open();
  if (opening !== ACCEPTED) return opening;
  const { arena, book } = fund;
  const worth = fund.mostWorth();
  recount(arena, book, worth);
  const minted = sharesBought(quoteAsCash(amount), worth, arena.num(book.row, SHARE_BOOK.shares));
  if (minted < fund.fewest) return venue.refuse("stake_too_small", amount);
  const shares = mint(arena, book, account, minted);
  if (shares === 0) return venue.refuse("stake_capacity_reached", book.stakes.capacity);
  fund.take(account, amount);
  venue.events.emit(EVENTS.stakeMinted.code, number, account, amount, minted, fund.pot());
  return venue.accept(minted, shares);
}

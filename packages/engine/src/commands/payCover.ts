/** A provider of cover pays what he owes for a default: it goes to the layers that bore it in his place, the last one first. */
import { least, minus, plus } from "../kernel/checked.ts";
import { NONE } from "../kernel/units.ts";
import { quoteAsCash } from "../kernel/value.ts";
import { PAY_COVER } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { QUOTE_ASSET } from "../domain/limits.ts";
import { coverAccountAt, coverOwedAt, coverPaidAt, lossOf, shortDownTo } from "../domain/losses.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { NIL } from "../kernel/arena.ts";
import type { Venue } from "../domain/venue.ts";
import { balanceOf } from "../vault/ledger.ts";
import { enterTier, isAccount } from "./steps/lookUp.ts";
import { refuseDefault, repayLoss } from "./steps/repayLoss.ts";

const { at } = PAY_COVER;
/** Layers beyond cover: those that paid because it did not. */
const BEYOND_COVER = 4;

export function payCover(venue: Venue): OutcomeCode {
  const { command, vault } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const { arena } = tier;
  const id = word(command, at.default);
  const loss = lossOf(tier, id);
  if (loss === NIL) return refuseDefault(venue, tier, id);
  const cover = word(command, at.cover);
  const amount = word(command, at.amount);
  const isProvider = arena.int(loss, coverAccountAt(cover)) === account;
  const claim = isProvider ? arena.num(loss, coverOwedAt(cover)) : NONE;
  const owed = least(claim, shortDownTo(tier, loss, BEYOND_COVER));
  if (quoteAsCash(amount) > owed) return venue.refuse("claim_exceeded", owed, amount);
  const balance = balanceOf(vault, account, QUOTE_ASSET);
  if (amount > balance) return venue.refuse("balance_insufficient", balance, amount);

  const paid = quoteAsCash(amount);
  repayLoss(venue, tier, loss, account, amount, BEYOND_COVER);
  const left = minus(claim, paid);
  arena.setNum(loss, coverOwedAt(cover), left);
  arena.setNum(loss, coverPaidAt(cover), plus(arena.num(loss, coverPaidAt(cover)), paid));
  return venue.accept(left);
}

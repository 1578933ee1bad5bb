/** Money is recovered of a default, whoever brings it: it goes back to those who bore the loss, the last layer first. */
import { NIL } from "../kernel/arena.ts";
import { quoteAsCash } from "../kernel/value.ts";
import { RECORD_RECOVERY } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { QUOTE_ASSET } from "../domain/limits.ts";
import { lossOf, shortDownTo } from "../domain/losses.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { balanceOf } from "../vault/ledger.ts";
import { enterTier, isAccount } from "./steps/lookUp.ts";
import { refuseDefault, repayLoss } from "./steps/repayLoss.ts";

const { at } = RECORD_RECOVERY;
const FIRST_LAYER = 1;

export function recordRecovery(venue: Venue): OutcomeCode {
  const { command, vault } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const id = word(command, at.default);
  const loss = lossOf(tier, id);
  if (loss === NIL) return refuseDefault(venue, tier, id);
  const amount = word(command, at.amount);
  const short = shortDownTo(tier, loss, FIRST_LAYER);
  if (quoteAsCash(amount) > short) return venue.refuse("recovery_exceeds_loss", short, amount);
  const balance = balanceOf(vault, account, QUOTE_ASSET);
  if (amount > balance) return venue.refuse("balance_insufficient", balance, amount);

  repayLoss(venue, tier, loss, account, amount, FIRST_LAYER);
  return venue.accept(shortDownTo(tier, loss, FIRST_LAYER));
}

/** An owner asks for settled balance to leave the vault: it is debited at once and waits to be paid. */
import { REQUEST_WITHDRAWAL } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { LEDGER, balanceOf, debitOwner, movePending } from "../vault/ledger.ts";
import { hasRoomForWithdrawal, openWithdrawal } from "../vault/withdrawals.ts";
import { isAccount, isAsset } from "./steps/lookUp.ts";
import { emitMoved } from "./steps/moveBalance.ts";

const { at } = REQUEST_WITHDRAWAL;

export function requestWithdrawal(venue: Venue): OutcomeCode {
  const { command, vault, capacities } = venue;
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const asset = word(command, at.asset);
  if (!isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);
  const amount = word(command, at.amount);
  const balance = balanceOf(vault, account, asset);
  if (amount > balance) return venue.refuse("balance_insufficient", balance, amount);
  if (!hasRoomForWithdrawal(vault))
    return venue.refuse("withdrawal_capacity_reached", capacities.withdrawals);

  debitOwner(vault, account, asset, amount);
  movePending(vault, asset, amount);
  const id = openWithdrawal(vault, account, asset, amount);
  emitMoved(venue, asset, amount, LEDGER.owner + account, LEDGER.pending);
  return venue.accept(id, balance - amount);
}

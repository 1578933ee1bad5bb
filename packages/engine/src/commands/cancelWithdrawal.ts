/** An owner takes back what is still queued of a withdrawal; what is released of it stays released. */
import { NIL } from "../kernel/arena.ts";
import { negate } from "../kernel/checked.ts";
import { CANCEL_WITHDRAWAL } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { WITHDRAWAL } from "../domain/rows/vault.ts";
import type { Venue } from "../domain/venue.ts";
import { LEDGER, balanceOf, creditOwner, movePending } from "../vault/ledger.ts";
import { leaveQueue, queuedOf } from "../vault/queue.ts";
import { takeOff, withdrawalOf } from "../vault/withdrawals.ts";
import { isAccount } from "./steps/lookUp.ts";
import { emitMoved } from "./steps/moveBalance.ts";

const { at } = CANCEL_WITHDRAWAL;

export function cancelWithdrawal(venue: Venue): OutcomeCode {
  const { command, vault, events } = venue;
  const { arena } = vault;
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const id = word(command, at.withdrawal);
  const row = withdrawalOf(vault, id);
  if (row === NIL) return venue.refuse("withdrawal_unknown", id);
  const owner = arena.int(row, WITHDRAWAL.account);
  if (owner !== account) return venue.refuse("withdrawal_not_owned", id, owner);
  const amount = queuedOf(vault, row);
  if (amount === 0) return venue.refuse("withdrawal_not_queued", id, arena.num(row, WITHDRAWAL.released));

  const asset = arena.int(row, WITHDRAWAL.asset);
  leaveQueue(vault, row);
  takeOff(vault, row, amount);
  movePending(vault, asset, negate(amount));
  creditOwner(vault, account, asset, amount);
  events.emit(EVENTS.withdrawalCancelled.code, id, account, asset, amount);
  emitMoved(venue, asset, amount, LEDGER.pending, LEDGER.owner + account);
  return venue.accept(amount, balanceOf(vault, account, asset));
}

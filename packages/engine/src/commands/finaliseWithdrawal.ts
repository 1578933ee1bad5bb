/** The released part of a withdrawal was paid on chain, or could not be and goes back to its owner. */
import { NIL } from "../kernel/arena.ts";
import { negate } from "../kernel/checked.ts";
import { FINALISE_WITHDRAWAL } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { WITHDRAWAL } from "../domain/rows/vault.ts";
import type { Venue } from "../domain/venue.ts";
import { LEDGER, creditOwner, moveHeld, movePending } from "../vault/ledger.ts";
import { queuedOf } from "../vault/queue.ts";
import { settleReleased, withdrawalOf } from "../vault/withdrawals.ts";
import { emitMoved } from "./steps/moveBalance.ts";

const { at } = FINALISE_WITHDRAWAL;

export function finaliseWithdrawal(venue: Venue): OutcomeCode {
  const { command, vault } = venue;
  const id = word(command, at.withdrawal);
  const row = withdrawalOf(vault, id);
  if (row === NIL) return venue.refuse("withdrawal_unknown", id);
  const amount = vault.arena.num(row, WITHDRAWAL.released);
  if (amount === 0) return venue.refuse("withdrawal_not_released", id, queuedOf(vault, row));

  const asset = vault.arena.int(row, WITHDRAWAL.asset);
  const account = vault.arena.int(row, WITHDRAWAL.account);
  movePending(vault, asset, negate(amount));
  if (word(command, at.paid) === 1) {
    moveHeld(vault, asset, negate(amount));
    emitMoved(venue, asset, amount, LEDGER.pending, LEDGER.outside);
  } else {
    creditOwner(vault, account, asset, amount);
    emitMoved(venue, asset, amount, LEDGER.pending, LEDGER.owner + account);
  }
  settleReleased(vault, row);
  return venue.accept(amount);
}

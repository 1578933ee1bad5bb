/**
 * An owner asks for settled balance to leave the vault: it is debited at once. It is released at once too if the throttle has room for
 * all of it and nobody waits for the same asset; otherwise a small part may take the small-user lane, and the rest is queued.
 */
import type { Ref } from "../kernel/arena.ts";
import { minus } from "../kernel/checked.ts";
import { type AssetUnits, NONE } from "../kernel/units.ts";
import { REQUEST_WITHDRAWAL } from "../domain/commands.ts";
import { EVENTS, WAY } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { spendLane, unitsInLane } from "../vault/lane.ts";
import { LEDGER, balanceOf, debitOwner, movePending } from "../vault/ledger.ts";
import { enqueue, queuedUnits } from "../vault/queue.ts";
import { isThrottled, refillWindows, spendWindows, unitsFree } from "../vault/windows.ts";
import { hasRoomForWithdrawal, openWithdrawal, releaseUnits, withdrawalId } from "../vault/withdrawals.ts";
import { isAccount, isAsset } from "./steps/lookUp.ts";
import { emitMoved } from "./steps/moveBalance.ts";
import { releasePart } from "./steps/releasePart.ts";

const { at } = REQUEST_WITHDRAWAL;

export function requestWithdrawal(venue: Venue): OutcomeCode {
  const { command, vault, capacities, now } = venue;
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const asset = word(command, at.asset);
  if (!isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);
  const amount = word(command, at.amount);
  const balance = balanceOf(vault, account, asset);
  if (amount > balance) return venue.refuse("balance_insufficient", balance, amount);
  if (!hasRoomForWithdrawal(vault))
    return venue.refuse("withdrawal_capacity_reached", capacities.withdrawals);

  const isOn = isThrottled(vault);
  if (isOn) refillWindows(vault, now);
  const isFree = isOn && queuedUnits(vault, asset) === 0 && unitsFree(vault, asset, amount) === amount;
  const inLane = isOn ? unitsInLane(vault, account, asset, amount, now) : NONE;
  debitOwner(vault, account, asset, amount);
  movePending(vault, asset, amount);
  const row = openWithdrawal(vault, account, asset, amount, now);
  const id = withdrawalId(vault, row);
  emitMoved(venue, asset, amount, LEDGER.owner + account, LEDGER.pending);
  const left = balance - amount;
  if (!isOn) {
    releaseUnits(vault, row, amount);
    return venue.accept(id, left);
  }
  if (isFree) {
    spendWindows(vault, asset, amount);
    releasePart(venue, row, amount, WAY.atOnce);
    return venue.accept(id, left);
  }
  if (inLane > 0) {
    spendLane(vault, account, asset, inLane, now);
    releasePart(venue, row, inLane, WAY.lane);
  }
  const queued = minus(amount, inLane);
  return venue.accept(id, left, queued, queued === 0 ? 0 : queue(venue, row, account, asset, queued));
}

/** @returns its place in the queue */
function queue(
  venue: Venue,
  row: Ref<"withdrawal">,
  account: number,
  asset: number,
  amount: AssetUnits,
): number {
  const { vault, events } = venue;
  const place = enqueue(vault, row);
  events.emit(EVENTS.withdrawalQueued.code, withdrawalId(vault, row), account, asset, amount, place);
  return place;
}

/** A deposit has arrived on chain: the vault holds more, and its owner's balance says so. */
import { CONFIRM_DEPOSIT } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { MAX_HELD } from "../domain/limits.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { ASSET } from "../domain/rows/vault.ts";
import type { Venue } from "../domain/venue.ts";
import { noteDeposit } from "../vault/deposits.ts";
import { LEDGER, balanceOf, creditOwner, hasRoomForBalance, moveHeld } from "../vault/ledger.ts";
import { isAccount, isAsset } from "./steps/lookUp.ts";
import { emitMoved } from "./steps/moveBalance.ts";

const { at } = CONFIRM_DEPOSIT;

export function confirmDeposit(venue: Venue): OutcomeCode {
  const { command, vault, capacities } = venue;
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const asset = word(command, at.asset);
  if (!isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);

  const row = vault.asset(asset);
  const reference = word(command, at.reference);
  const last = vault.arena.num(row, ASSET.lastReference);
  if (reference <= last) return venue.refuse("deposit_already_confirmed", reference, last);
  const amount = word(command, at.amount);
  const held = vault.arena.num(row, ASSET.held);
  if (held + amount > MAX_HELD) return venue.refuse("asset_held_cap", held, amount);
  if (!hasRoomForBalance(vault, account, asset))
    return venue.refuse("balance_capacity_reached", capacities.balances);

  vault.arena.setNum(row, ASSET.lastReference, reference);
  moveHeld(vault, asset, amount);
  creditOwner(vault, account, asset, amount);
  noteDeposit(vault, account, asset, amount, venue.now);
  emitMoved(venue, asset, amount, LEDGER.outside, LEDGER.owner + account);
  return venue.accept(balanceOf(vault, account, asset));
}

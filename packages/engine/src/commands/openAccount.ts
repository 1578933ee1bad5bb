/** Open an account: an owner of balances in the vault and of buckets in tiers. */
import { NIL } from "../kernel/arena.ts";
import { numberOf, takeRow } from "../kernel/pool.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";

export function openAccount(venue: Venue): OutcomeCode {
  const { vault, capacities } = venue;
  const row = takeRow(vault.arena, vault.accounts);
  if (row === NIL) return venue.refuse("account_capacity_reached", capacities.accounts);
  return venue.accept(numberOf(vault.accounts, row));
}

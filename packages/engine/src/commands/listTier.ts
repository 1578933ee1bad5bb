/** Open the next isolated margin tier there is room for. */
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { addTier } from "./steps/addTier.ts";

export function listTier(venue: Venue): OutcomeCode {
  if (isSealed(venue.vault)) return venue.refuse("governance_required", 0);
  return addTier(venue, venue.command);
}

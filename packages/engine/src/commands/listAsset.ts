/** List an asset that the vault can hold. The first one is the quote currency and counts micro-dollars. */
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { addAsset } from "./steps/addAsset.ts";

export function listAsset(venue: Venue): OutcomeCode {
  if (isSealed(venue.vault)) return venue.refuse("governance_required", 0);
  return addAsset(venue, venue.command);
}

/** The cross bucket of an account becomes the tier's backstop: it takes over positions nobody else wants, within its caps. */
import { APPOINT_BACKSTOP } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier } from "./steps/lookUp.ts";
import { takeBackstop } from "./steps/takeBackstop.ts";

const { at } = APPOINT_BACKSTOP;

export function appointBackstop(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(tier)) return venue.refuse("governance_required", tierId);
  return takeBackstop(venue, tier, command);
}

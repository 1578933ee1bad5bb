/** Turn a tier's posture controller on or off, and tell it what to hold by: the insurance fund's target and the posture without a report. */
import { CONFIGURE_POSTURE } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier } from "./steps/lookUp.ts";
import { takePosture } from "./steps/takePosture.ts";

const { at } = CONFIGURE_POSTURE;

export function configurePosture(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(tier)) return venue.refuse("governance_required", tierId);
  return takePosture(venue, tier, command);
}

/**
 * Say what a collateral asset can be redeemed for: dollars, or another asset that the tier accepts, at a ratio that reporters tell; or, with basis 0,
 * that it cannot. The ratio told so far is forgotten.
 */
import { CONFIGURE_REDEMPTION } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier } from "./steps/lookUp.ts";
import { takeRedemption } from "./steps/takeRedemption.ts";

const { at } = CONFIGURE_REDEMPTION;

export function configureRedemption(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(tier)) return venue.refuse("governance_required", tierId);
  return takeRedemption(venue, tier, command);
}

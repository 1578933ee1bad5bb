/** A tier accepts an asset as collateral, or changes its weights and cap. The quote currency needs no accepting. */
import { ACCEPT_COLLATERAL } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier } from "./steps/lookUp.ts";
import { takeCollateral } from "./steps/takeCollateral.ts";

const { at } = ACCEPT_COLLATERAL;

export function acceptCollateral(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(tier)) return venue.refuse("governance_required", tierId);
  return takeCollateral(venue, tier, command);
}

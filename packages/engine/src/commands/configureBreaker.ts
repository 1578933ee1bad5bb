/** Set what a market's breaker looks at and where it trips; all zero turns it off, once it has come back to normal. */
import { CONFIGURE_BREAKER } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier } from "./steps/lookUp.ts";
import { takeBreaker } from "./steps/takeBreaker.ts";

const { at } = CONFIGURE_BREAKER;

export function configureBreaker(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(tier)) return venue.refuse("governance_required", tierId);
  return takeBreaker(venue, tier, command);
}

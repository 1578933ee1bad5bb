/** Set a bracket of a market's margin schedule, or remove the last one (rate 0). Brackets rise in notional and in rate. */
import { SET_MARGIN_BRACKET } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { changeBracket } from "./steps/changeBracket.ts";
import { enterTier } from "./steps/lookUp.ts";

const { at } = SET_MARGIN_BRACKET;

export function setMarginBracket(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(tier)) return venue.refuse("governance_required", tierId);
  return changeBracket(venue, tier, command);
}

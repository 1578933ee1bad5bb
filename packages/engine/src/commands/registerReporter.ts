/**
 * Register who may report prices to a tier under a number, who runs it, and how much its word weighs; or remove it. When somebody else
 * takes a number, what was reported under it is forgotten.
 */
import { REGISTER_REPORTER } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier } from "./steps/lookUp.ts";
import { takeReporter } from "./steps/takeReporter.ts";

const { at } = REGISTER_REPORTER;

export function registerReporter(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(tier)) return venue.refuse("governance_required", tierId);
  return takeReporter(venue, tier, command);
}

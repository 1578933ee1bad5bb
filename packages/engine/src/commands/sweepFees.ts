/** Anybody may have the fees collected so far divided between the tier's insurance fund and the house. */
import { SWEEP_FEES } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { Venue } from "../domain/venue.ts";
import { enterTier } from "./steps/lookUp.ts";
import { sweepTierFees } from "./steps/sweepTierFees.ts";

const { at } = SWEEP_FEES;

export function sweepFees(venue: Venue): OutcomeCode {
  const tierId = word(venue.command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  const insured = sweepTierFees(venue, tier);
  return venue.accept(insured, tier.arena.num(tier.row, TIER.insurance));
}

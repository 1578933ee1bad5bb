/** Turn a tier's posture controller on or off, and tell it what to hold by: the insurance fund's target and the posture without a report. */
import { CONFIGURE_POSTURE } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { CONTROLLER } from "../domain/rows.ts";
import type { Venue } from "../domain/venue.ts";
import { controlTier } from "./steps/controlTier.ts";
import { enterTier } from "./steps/lookUp.ts";

const { at } = CONFIGURE_POSTURE;

export function configurePosture(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const { arena, controller } = tier;
  arena.setInt(controller, CONTROLLER.enabled, word(command, at.enabled));
  arena.setInt(controller, CONTROLLER.baseline, word(command, at.baseline));
  arena.setNum(controller, CONTROLLER.insuranceTarget, word(command, at.insuranceTarget));
  controlTier(venue, tier);
  return venue.accept(arena.num(controller, CONTROLLER.posture));
}

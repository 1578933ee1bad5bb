/** Risk as somebody outside has estimated it, good for a while: forecasts enter as commands, so that what follows is replayed. */
import { REPORT_RISK } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { INPUT } from "../domain/posture.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { CONTROLLER } from "../domain/rows/guard.ts";
import type { Venue } from "../domain/venue.ts";
import { controlTier } from "./steps/controlTier.ts";
import { enterTier } from "./steps/lookUp.ts";

const { at } = REPORT_RISK;

const REPORTED = [
  [at.expectedShortfall, INPUT.expectedShortfall],
  [at.ruin, INPUT.ruin],
  [at.branching, INPUT.branching],
  [at.spike, INPUT.spike],
  [at.cover2, INPUT.cover2],
] as const;

export function reportRisk(venue: Venue): OutcomeCode {
  const { command, now } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const expiry = word(command, at.expiry);
  if (expiry <= now) return venue.refuse("report_expired", expiry, now);
  const { arena, controller } = tier;
  for (const [field, input] of REPORTED) {
    const cell = (CONTROLLER.reported + input) as typeof CONTROLLER.reported;
    arena.setInt(controller, cell, word(command, field));
  }
  arena.setNum(controller, CONTROLLER.freshUntil, expiry);
  controlTier(venue, tier);
  return venue.accept(arena.num(controller, CONTROLLER.posture));
}

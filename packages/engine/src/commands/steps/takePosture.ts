/** A tier's posture controller is told what to hold by. */
import { CONFIGURE_POSTURE } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { CONTROLLER } from "../../domain/rows/guard.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { controlTier } from "./controlTier.ts";

const { at } = CONFIGURE_POSTURE;

/** Carries out a `configurePosture`, given in `frame`. */
export function takePosture(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const { arena, controller } = tier;
  arena.setInt(controller, CONTROLLER.enabled, word(frame, at.enabled));
  arena.setInt(controller, CONTROLLER.baseline, word(frame, at.baseline));
  arena.setNum(controller, CONTROLLER.insuranceTarget, word(frame, at.insuranceTarget));
  controlTier(venue, tier);
  return venue.accept(arena.num(controller, CONTROLLER.posture));
}

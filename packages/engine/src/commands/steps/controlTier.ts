/** The posture controller looks at a tier, and moves it if it must; the terms of all its markets follow. */
import { EVENTS } from "../../domain/events.ts";
import { CONTROLLER } from "../../domain/rows/guard.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { type Stance, actionsOf, decide } from "../../guard/posture.ts";
import { RULES_VERSION } from "../../guard/postureRules.ts";
import { summaryOf } from "../../guard/tierSummary.ts";
import { askThrottle } from "./askThrottle.ts";
import { renewTerms } from "./renewTerms.ts";

const MOVED = EVENTS.postureMoved.code;

export function controlTier(venue: Venue, tier: TierShard): void {
  const { arena, controller } = tier;
  const before = arena.num(controller, CONTROLLER.posture);
  if (arena.int(controller, CONTROLLER.enabled) === 0 && before === 0) return;
  const stance: Stance = {
    posture: before,
    since: arena.num(controller, CONTROLLER.since),
    calmSince: arena.num(controller, CONTROLLER.calmSince),
    forced: arena.int(controller, CONTROLLER.forced) === 1,
  };
  const { stance: after, rule, seen, bound } = decide(summaryOf(tier, venue.now), stance, venue.now);
  arena.setNum(controller, CONTROLLER.calmSince, after.calmSince);
  if (after.posture !== before) enterPosture(venue, tier, after, rule, seen, bound);
  askThrottle(venue);
}

function enterPosture(
  venue: Venue,
  tier: TierShard,
  after: Stance,
  rule: number,
  seen: number,
  bound: number,
): void {
  const { arena, controller } = tier;
  const before = arena.num(controller, CONTROLLER.posture);
  arena.setNum(controller, CONTROLLER.posture, after.posture);
  arena.setNum(controller, CONTROLLER.since, after.since);
  arena.setInt(controller, CONTROLLER.forced, after.forced ? 1 : 0);
  arena.setInt(controller, CONTROLLER.rule, rule);
  const { buffer, throttle } = actionsOf(after.posture);
  arena.setInt(controller, CONTROLLER.buffer, buffer);
  arena.setInt(controller, CONTROLLER.throttle, throttle);
  venue.events.emit(MOVED, before, after.posture, rule, seen, bound, RULES_VERSION);
  for (let id = 1; id <= tier.marketCount; id++) renewTerms(tier, tier.listedMarket(id), venue.now);
}

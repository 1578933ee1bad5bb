/** The posture controller looks at a tier, and moves it if it must; the terms of all its markets follow. */
import { EVENTS } from "../../domain/events.ts";
import { CONTROL } from "../../domain/rows.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { type Stance, actionsOf, decide } from "../../guard/posture.ts";
import { RULES_VERSION } from "../../guard/postureRules.ts";
import { summaryOf } from "../../guard/tierSummary.ts";
import { renewTerms } from "./renewTerms.ts";

const MOVED = EVENTS.postureMoved.code;

export function controlTier(venue: Venue, tier: TierShard): void {
  const { arena, control } = tier;
  const before = arena.num(control, CONTROL.posture);
  if (arena.int(control, CONTROL.enabled) === 0 && before === 0) return;
  const stance: Stance = {
    posture: before,
    since: arena.num(control, CONTROL.since),
    calmSince: arena.num(control, CONTROL.calmSince),
    forced: arena.int(control, CONTROL.forced) === 1,
  };
  const { stance: after, rule, seen, bound } = decide(summaryOf(tier, venue.now), stance, venue.now);
  arena.setNum(control, CONTROL.calmSince, after.calmSince);
  if (after.posture === before) return;
  arena.setNum(control, CONTROL.posture, after.posture);
  arena.setNum(control, CONTROL.since, after.since);
  arena.setInt(control, CONTROL.forced, after.forced ? 1 : 0);
  arena.setInt(control, CONTROL.rule, rule);
  const { buffer, throttle } = actionsOf(after.posture);
  arena.setInt(control, CONTROL.buffer, buffer);
  arena.setInt(control, CONTROL.throttle, throttle);
  venue.events.emit(MOVED, before, after.posture, rule, seen, bound, RULES_VERSION);
  for (let id = 1; id <= tier.marketCount; id++) renewTerms(tier, tier.listedMarket(id), venue.now);
}

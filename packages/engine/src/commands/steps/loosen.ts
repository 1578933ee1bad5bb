/**
 * What keeps a loosening of a sealed tier in bounds, whatever it loosens: a week since the last one of the same thing, and the stress check,
 * which it must not leave worse than before.
 */
import { plus } from "../../kernel/checked.ts";
import type { MicroUsd } from "../../kernel/units.ts";
import type { Arena, Ref } from "../../kernel/arena.ts";
import { LOOSENING_INTERVAL } from "../../domain/governanceLimits.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { CONTROL } from "../../domain/rows/governance.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { uncoveredLoss } from "../../risk/stress.ts";
import { wrapRefusal } from "./wrapRefusal.ts";

export function checkInterval(venue: Venue, arena: Arena, control: Ref<"control">): OutcomeCode {
  const last = arena.num(control, CONTROL.loosenedAt);
  const earliest = last === 0 ? last : plus(last, LOOSENING_INTERVAL);
  return venue.now >= earliest ? ACCEPTED : venue.refuse("change_too_soon", earliest, venue.now);
}

/** Makes a change; unless it is safe, it must not leave more uncovered than before. */
export function stressed(
  venue: Venue,
  tier: TierShard,
  isSafe: boolean,
  change: () => OutcomeCode,
): OutcomeCode {
  const before: MicroUsd | undefined = isSafe ? undefined : uncoveredLoss(tier, venue.figures);
  const outcome = change();
  if (outcome !== ACCEPTED) return wrapRefusal(venue, outcome);
  if (before === undefined) return outcome;
  const [result = 0] = venue.facts;
  const after = uncoveredLoss(tier, venue.figures);
  return after <= before ? venue.accept(result) : venue.refuse("stress_worsens", before, after);
}

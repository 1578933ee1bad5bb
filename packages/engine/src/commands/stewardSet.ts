/**
 * A steward moves a parameter at once: tighter by a bounded step at a time, or back towards what governance set, and no further, a day after
 * the last move.
 */
import { NIL } from "../kernel/arena.ts";
import { plus } from "../kernel/checked.ts";
import { STEWARD_SET } from "../domain/commands.ts";
import { CAUSE, EVENTS } from "../domain/events.ts";
import { RELAX_DELAY, ROLE } from "../domain/governanceLimits.ts";
import { type StewardLimit, specOf } from "../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { CONTROL, HOLD } from "../domain/rows/governance.ts";
import type { Venue } from "../domain/venue.ts";
import { stewardBound } from "../governance/bounds.ts";
import { isTightening } from "../governance/direction.ts";
import { baselineOf, controlOfParameter, holdOn, noteSteward } from "../governance/holds.ts";
import { type Change, changeAtOnce } from "./steps/changeAtOnce.ts";
import { changeParameter } from "./steps/changeParameter.ts";
import { wrapRefusal } from "./steps/wrapRefusal.ts";

export function stewardSet(venue: Venue): OutcomeCode {
  return changeAtOnce(venue, STEWARD_SET, ROLE.steward, (change) => {
    const { tier, name, id, subject, value, previous } = change;
    const { steward: limit } = specOf(name);
    if (limit === undefined) return venue.refuse("not_delegated", id);
    if (value === previous) return venue.refuse("value_unchanged", value);
    const hold = holdOn(tier, name, subject);
    if (hold !== NIL) return venue.refuse("parameter_held", tier.arena.num(hold, HOLD.until));
    const refusal = checkStep(venue, change, limit);
    if (refusal !== ACCEPTED) return refusal;

    noteSteward(tier, name, subject, venue.now);
    const outcome = changeParameter(venue, tier, name, subject, value);
    if (outcome !== ACCEPTED) return wrapRefusal(venue, outcome);
    venue.events.emit(EVENTS.parameterChanged.code, subject, id, previous, value, CAUSE.steward);
    return venue.accept(previous);
  });
}

function checkStep(
  venue: Venue,
  { tier, name, subject, value, previous }: Change,
  { sharePpm, delay }: StewardLimit,
): OutcomeCode {
  const tightens = isTightening(specOf(name), previous, value);
  const last = tier.arena.num(controlOfParameter(tier, name, subject), CONTROL.changedAt);
  const earliest = last === 0 ? last : plus(last, tightens ? delay : RELAX_DELAY);
  if (venue.now < earliest) return venue.refuse("change_too_soon", earliest, venue.now);
  const bound = stewardBound(previous, value, sharePpm);
  if (value > previous ? value > bound : value < bound) return venue.refuse("change_too_large", value, bound);
  const baseline = baselineOf(tier, name, subject);
  if (!tightens && isTightening(specOf(name), value, baseline))
    return venue.refuse("beyond_baseline", value, baseline);
  return ACCEPTED;
}

/** A breaker tightens a parameter at once and for a time; then it has its value back, and is out of breakers' reach for a day. */
import { NIL } from "../kernel/arena.ts";
import { plus } from "../kernel/checked.ts";
import { BREAKER_SET } from "../domain/commands.ts";
import { CAUSE, EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { MAX_HOLDS, ROLE } from "../domain/governanceLimits.ts";
import { specOf } from "../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { CONTROL, HOLD } from "../domain/rows/governance.ts";
import type { Venue } from "../domain/venue.ts";
import { isTightening } from "../governance/direction.ts";
import { beginHold, controlOfParameter, freeHold, holdOn } from "../governance/holds.ts";
import { type Change, changeAtOnce } from "./steps/changeAtOnce.ts";
import { changeParameter } from "./steps/changeParameter.ts";
import { wrapRefusal } from "./steps/wrapRefusal.ts";

export function breakerSet(venue: Venue): OutcomeCode {
  return changeAtOnce(venue, BREAKER_SET, ROLE.breaker, (change) => {
    const { tier, name, id, subject, value, previous } = change;
    if (specOf(name).breaker !== true) return venue.refuse("not_delegated", id);
    if (!isTightening(specOf(name), previous, value)) return venue.refuse("not_tightening", value, previous);
    const refusal = checkReach(venue, change);
    if (refusal !== ACCEPTED) return refusal;

    const until = plus(venue.now, word(venue.command, BREAKER_SET.at.duration));
    beginHold(tier, freeHold(tier), name, subject, value, until);
    const outcome = changeParameter(venue, tier, name, subject, value);
    if (outcome !== ACCEPTED) return wrapRefusal(venue, outcome);
    venue.events.emit(EVENTS.parameterChanged.code, subject, id, previous, value, CAUSE.breaker, until);
    return venue.accept(previous, until);
  });
}

/** Neither held already, nor held so lately that holding it again would make the exception the rule. */
function checkReach(venue: Venue, { tier, name, subject }: Change): OutcomeCode {
  const { arena } = tier;
  const hold = holdOn(tier, name, subject);
  if (hold !== NIL) return venue.refuse("parameter_held", arena.num(hold, HOLD.until));
  const earliest = arena.num(controlOfParameter(tier, name, subject), CONTROL.heldUntil);
  if (venue.now < earliest) return venue.refuse("change_too_soon", earliest, venue.now);
  return freeHold(tier) === NIL ? venue.refuse("hold_capacity_reached", MAX_HOLDS) : ACCEPTED;
}

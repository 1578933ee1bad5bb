/** A breaker tightens a parameter at once and for a time; then it has its value back, and is out of breakers' reach for a day. */
import { NIL } from "../kernel/arena.ts";
import { plus } from "../kernel/checked.ts";
import { BREAKER_SET } from "../domain/commands.ts";
import { CAUSE, EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import { MAX_HOLDS, ROLE } from "../domain/governanceLimits.ts";
import { readParameter } from "../domain/parameterCells.ts";
import { type ParameterName, parameterNamed, specOf } from "../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { CONTROL, HOLD } from "../domain/rows/governance.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { isTightening } from "../governance/direction.ts";
import { beginHold, controlOfParameter, freeHold, holdOn } from "../governance/holds.ts";
import { hasRole, rolesOf } from "../governance/members.ts";
import { changeParameter, checkRange, checkSubject } from "./steps/changeParameter.ts";
import { enterTier } from "./steps/lookUp.ts";
import { wrapRefusal } from "./steps/wrapRefusal.ts";

const { at } = BREAKER_SET;

export function breakerSet(venue: Venue): OutcomeCode {
  const { command, now } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (!isSealed(tier)) return venue.refuse("governance_not_sealed", tierId);
  const member = word(command, at.member);
  if (!hasRole(tier, member, ROLE.breaker))
    return venue.refuse("member_lacks_role", member, rolesOf(tier, member));
  const subject = word(command, at.market);
  const id = word(command, at.parameter);
  const value = word(command, at.value);
  const unknown = checkSubject(venue, tier, subject, id);
  if (unknown !== ACCEPTED) return unknown;
  const name = parameterNamed(id) as ParameterName;
  const outside = checkRange(venue, tier, name, value);
  if (outside !== ACCEPTED) return outside;
  if (specOf(name).breaker !== true) return venue.refuse("not_delegated", id);
  const previous = readParameter(tier, name, subject);
  if (!isTightening(specOf(name), previous, value)) return venue.refuse("not_tightening", value, previous);
  const refusal = checkReach(venue, tier, name, subject);
  if (refusal !== ACCEPTED) return refusal;

  const until = plus(now, word(command, at.duration));
  beginHold(tier, freeHold(tier), name, subject, value, until);
  const outcome = changeParameter(venue, tier, name, subject, value);
  if (outcome !== ACCEPTED) return wrapRefusal(venue, outcome);
  venue.events.emit(EVENTS.parameterChanged.code, subject, id, previous, value, CAUSE.breaker, until);
  return venue.accept(previous, until);
}

/** Neither held already, nor held so lately that holding it again would make the exception the rule. */
function checkReach(venue: Venue, tier: TierShard, name: ParameterName, subject: number): OutcomeCode {
  const { arena } = tier;
  const hold = holdOn(tier, name, subject);
  if (hold !== NIL) return venue.refuse("parameter_held", arena.num(hold, HOLD.until));
  const earliest = arena.num(controlOfParameter(tier, name, subject), CONTROL.heldUntil);
  if (venue.now < earliest) return venue.refuse("change_too_soon", earliest, venue.now);
  return freeHold(tier) === NIL ? venue.refuse("hold_capacity_reached", MAX_HOLDS) : ACCEPTED;
}

/**
 * A steward moves a parameter at once: tighter by a bounded step at a time, or back towards what governance set, and no further, a day after
 * the last move.
 */
import { NIL } from "../kernel/arena.ts";
import { plus } from "../kernel/checked.ts";
import { STEWARD_SET } from "../domain/commands.ts";
import { CAUSE, EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import { RELAX_DELAY, ROLE } from "../domain/governanceLimits.ts";
import { readParameter } from "../domain/parameterCells.ts";
import { type ParameterName, type StewardLimit, parameterNamed, specOf } from "../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { CONTROL, HOLD } from "../domain/rows/governance.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { stewardBound } from "../governance/bounds.ts";
import { isTightening } from "../governance/direction.ts";
import { baselineOf, controlOfParameter, holdOn, noteSteward } from "../governance/holds.ts";
import { hasRole, rolesOf } from "../governance/members.ts";
import { changeParameter, checkRange, checkSubject } from "./steps/changeParameter.ts";
import { enterTier } from "./steps/lookUp.ts";
import { wrapRefusal } from "./steps/wrapRefusal.ts";

const { at } = STEWARD_SET;

export function stewardSet(venue: Venue): OutcomeCode {
  const { command, now } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (!isSealed(tier)) return venue.refuse("governance_not_sealed", tierId);
  const member = word(command, at.member);
  if (!hasRole(tier, member, ROLE.steward))
    return venue.refuse("member_lacks_role", member, rolesOf(tier, member));
  const subject = word(command, at.market);
  const id = word(command, at.parameter);
  const value = word(command, at.value);
  const unknown = checkSubject(venue, tier, subject, id);
  if (unknown !== ACCEPTED) return unknown;
  const name = parameterNamed(id) as ParameterName;
  const outside = checkRange(venue, tier, name, value);
  if (outside !== ACCEPTED) return outside;
  const { steward: limit } = specOf(name);
  if (limit === undefined) return venue.refuse("not_delegated", id);
  const previous = readParameter(tier, name, subject);
  if (value === previous) return venue.refuse("value_unchanged", value);
  const hold = holdOn(tier, name, subject);
  if (hold !== NIL) return venue.refuse("parameter_held", tier.arena.num(hold, HOLD.until));
  const refusal = checkStep(venue, tier, name, subject, value, limit);
  if (refusal !== ACCEPTED) return refusal;

  noteSteward(tier, name, subject, now);
  const outcome = changeParameter(venue, tier, name, subject, value);
  if (outcome !== ACCEPTED) return wrapRefusal(venue, outcome);
  venue.events.emit(EVENTS.parameterChanged.code, subject, id, previous, value, CAUSE.steward);
  return venue.accept(previous);
}

function checkStep(
  venue: Venue,
  tier: TierShard,
  name: ParameterName,
  subject: number,
  value: number,
  { sharePpm, delay }: StewardLimit,
): OutcomeCode {
  const current = readParameter(tier, name, subject);
  const tightens = isTightening(specOf(name), current, value);
  const last = tier.arena.num(controlOfParameter(tier, name, subject), CONTROL.changedAt);
  const earliest = last === 0 ? last : plus(last, tightens ? delay : RELAX_DELAY);
  if (venue.now < earliest) return venue.refuse("change_too_soon", earliest, venue.now);
  const bound = stewardBound(current, value, sharePpm);
  if (value > current ? value > bound : value < bound) return venue.refuse("change_too_large", value, bound);
  const baseline = baselineOf(tier, name, subject);
  if (!tightens && isTightening(specOf(name), value, baseline))
    return venue.refuse("beyond_baseline", value, baseline);
  return ACCEPTED;
}

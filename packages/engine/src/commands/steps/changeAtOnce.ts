/** A member whose key may change parameters of a sealed tier at once, without a proposal, uses it. */
import type { BREAKER_SET, STEWARD_SET } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import { isSealed } from "../../domain/governance.ts";
import { readParameter } from "../../domain/parameterCells.ts";
import { type ParameterName, parameterNamed } from "../../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { hasRole, rolesOf } from "../../governance/members.ts";
import { checkRange, checkSubject } from "./changeParameter.ts";
import { enterTier } from "./lookUp.ts";

/** A parameter of a subject, and a value in its range that it is to take. */
export interface Change {
  readonly tier: TierShard;
  readonly name: ParameterName;
  readonly id: number;
  readonly subject: number;
  readonly value: number;
  readonly previous: number;
}

/** Finds what the command would change, if its member has the role; whether he may, and what comes of it, is for `decide` to say. */
export function changeAtOnce(
  venue: Venue,
  { at }: typeof BREAKER_SET | typeof STEWARD_SET,
  role: number,
  decide: (change: Change) => OutcomeCode,
): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (!isSealed(tier)) return venue.refuse("governance_not_sealed", tierId);
  const member = word(command, at.member);
  if (!hasRole(tier, member, role)) return venue.refuse("member_lacks_role", member, rolesOf(tier, member));
  const subject = word(command, at.market);
  const id = word(command, at.parameter);
  const value = word(command, at.value);
  const unknown = checkSubject(venue, tier, subject, id);
  if (unknown !== ACCEPTED) return unknown;
  const name = parameterNamed(id) as ParameterName;
  const outside = checkRange(venue, tier, name, value);
  if (outside !== ACCEPTED) return outside;
  return decide({ tier, name, id, subject, value, previous: readParameter(tier, name, subject) });
}

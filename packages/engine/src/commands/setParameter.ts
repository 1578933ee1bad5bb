/** Change one parameter of a market, a tier or a collateral asset while the tier is being set up; later it takes a proposal. */
import { SET_PARAMETER } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import { type ParameterName, parameterNamed } from "../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { changeParameter, checkRange, checkSubject } from "./steps/changeParameter.ts";
import { enterTier } from "./steps/lookUp.ts";

const { at } = SET_PARAMETER;

export function setParameter(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const tier = enterTier(venue, tierId);
  if (tier === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(tier)) return venue.refuse("governance_required", tierId);
  const subject = word(command, at.market);
  const id = word(command, at.parameter);
  const value = word(command, at.value);
  const unknown = checkSubject(venue, tier, subject, id);
  if (unknown !== ACCEPTED) return unknown;
  const name = parameterNamed(id) as ParameterName;
  const outside = checkRange(venue, tier, name, value);
  return outside === ACCEPTED ? changeParameter(venue, tier, name, subject, value) : outside;
}

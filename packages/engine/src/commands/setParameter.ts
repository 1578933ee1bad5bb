/**
 * Change one parameter of a market, a tier or a collateral asset while the tier is being set up, or of the vault while it is; later it
 * takes a proposal.
 */
import { SET_PARAMETER } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import {
  type ParameterName,
  VENUE_PARAMETERS,
  parameterNamed,
  venueParameterNamed,
} from "../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import type { Venue } from "../domain/venue.ts";
import { changeParameter, checkRange, checkSubject } from "./steps/changeParameter.ts";
import { enterTier } from "./steps/lookUp.ts";
import { setOfThrottle } from "./steps/setOfThrottle.ts";

const { at } = SET_PARAMETER;

export function setParameter(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  if (tierId === 0) return setOfVenue(venue);
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

/** The vault's own parameters: those of the withdrawal throttle. */
function setOfVenue(venue: Venue): OutcomeCode {
  const { command } = venue;
  if (isSealed(venue.vault)) return venue.refuse("governance_required", 0);
  const market = word(command, at.market);
  if (market !== 0) return venue.refuse("market_unknown", market);
  const id = word(command, at.parameter);
  const name = venueParameterNamed(id);
  if (name === undefined) return venue.refuse("parameter_unknown", id);
  const value = word(command, at.value);
  const { min, max } = VENUE_PARAMETERS[name];
  if (value < min || value > max) return venue.refuse("parameter_out_of_range", value, min, max);
  return setOfThrottle(venue, name, value);
}

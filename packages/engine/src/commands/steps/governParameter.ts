/** A parameter takes the value that was proposed: towards the safe side as far as it will, towards the other a bounded step a week. */
import { compareProducts, mulDivFloor } from "../../kernel/mulDiv.ts";
import { SET_PARAMETER } from "../../domain/commands.ts";
import { CAUSE, EVENTS } from "../../domain/events.ts";
import { word } from "../../domain/frame.ts";
import { FOOTHOLD } from "../../domain/governanceLimits.ts";
import { MAX_INTEGER, PPM_ONE, QUOTE_ASSET } from "../../domain/limits.ts";
import { readParameter } from "../../domain/parameterCells.ts";
import { type ParameterName, parameterNamed, specOf } from "../../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { CONTROL } from "../../domain/rows/governance.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { COLLATERAL } from "../../domain/rows/tier.ts";
import { ASSET } from "../../domain/rows/vault.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { isWithin, isWithinEitherWay, loosestAllowed } from "../../governance/bounds.ts";
import { directionOf, isTightening } from "../../governance/direction.ts";
import { baselineOf, controlOfParameter, moveBaseline } from "../../governance/holds.ts";
import { changeParameter, checkRange, checkSubject } from "./changeParameter.ts";
import { wrapRefusal } from "./wrapRefusal.ts";
import { checkInterval, stressed } from "./loosen.ts";

export function governParameter(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const { at } = SET_PARAMETER;
  const subject = word(frame, at.market);
  const id = word(frame, at.parameter);
  const value = word(frame, at.value);
  const unknown = checkSubject(venue, tier, subject, id);
  if (unknown !== ACCEPTED) return wrapRefusal(venue, unknown);
  const name = parameterNamed(id) as ParameterName;
  const outside = checkRange(venue, tier, name, value);
  if (outside !== ACCEPTED) return wrapRefusal(venue, outside);

  const spec = specOf(name);
  const baseline = baselineOf(tier, name, subject);
  const previous = readParameter(tier, name, subject);
  const direction = directionOf(spec, baseline, value);
  const control = controlOfParameter(tier, name, subject);
  const loosens = direction === "loosening" || direction === "neutral";
  if (loosens) {
    const refusal =
      checkInterval(venue, tier.arena, control) || checkStep(venue, tier, name, subject, baseline, value);
    if (refusal !== ACCEPTED) return refusal;
    tier.arena.setNum(control, CONTROL.loosenedAt, venue.now);
  }
  const isSafe = value === previous || isTightening(spec, previous, value);
  const outcome = stressed(venue, tier, isSafe, () => changeParameter(venue, tier, name, subject, value));
  if (outcome !== ACCEPTED) return outcome;
  moveBaseline(tier, name, subject, value);
  venue.events.emit(EVENTS.parameterChanged.code, subject, id, previous, value, CAUSE.proposal);
  return venue.accept(previous);
}

function checkStep(
  venue: Venue,
  tier: TierShard,
  name: ParameterName,
  subject: number,
  baseline: number,
  value: number,
): OutcomeCode {
  const spec = specOf(name);
  const foothold = footholdOf(venue, tier, name, subject);
  const loosest = loosestAllowed(spec, baseline, value, foothold);
  const fits =
    spec.safe === "neither" ? isWithinEitherWay(value, baseline, loosest) : isWithin(spec, value, loosest);
  return fits ? ACCEPTED : venue.refuse("change_too_large", value, loosest);
}

/** What a hundredth of the quote currency in the tier's custody comes to in the parameter's unit; 0 while there is no price. */
function footholdOf(venue: Venue, tier: TierShard, name: ParameterName, subject: number): number {
  const { vault } = venue;
  const custody = vault.arena.num(
    vault.asset(QUOTE_ASSET),
    (ASSET.custody + tier.id) as typeof ASSET.custody,
  );
  const worth = mulDivFloor(custody, FOOTHOLD, PPM_ONE);
  switch (specOf(name).step) {
    case "usd":
      return worth;
    case "lots": {
      const lotValue = tier.arena.num(tier.marketRow(subject), MARKET.lotValue);
      return lotValue === 0 ? 0 : Math.floor(worth / lotValue);
    }
    case "units": {
      const terms = tier.collateral(subject);
      const price = tier.arena.num(terms, COLLATERAL.price);
      return price === 0 ? 0 : unitsWithin(worth, price, tier.arena.num(terms, COLLATERAL.scale));
    }
    default:
      return 0;
  }
}

/** Units of an asset that together are worth no more than `worth`, as far as they can be counted. */
function unitsWithin(worth: number, price: number, scale: number): number {
  return compareProducts(worth, scale, MAX_INTEGER, price) >= 0
    ? MAX_INTEGER
    : mulDivFloor(worth, scale, price);
}

/**
 * A tier's governance carries out what was proposed: a parameter, a bracket, a market, collateral. Whatever is not tightening is bounded in
 * its step, kept apart from the last one by a week, and must not leave more uncovered in the stress check.
 */
import { plus } from "../../kernel/checked.ts";
import { compareProducts, mulDivFloor } from "../../kernel/mulDiv.ts";
import type { MicroUsd } from "../../kernel/units.ts";
import type { Arena, Ref } from "../../kernel/arena.ts";
import { bracketLowerOf, bracketRateOf } from "../../domain/brackets.ts";
import {
  ACCEPT_COLLATERAL,
  APPOINT_BACKSTOP,
  CONFIGURE_BREAKER,
  CONFIGURE_FEED,
  CONFIGURE_POSTURE,
  CONFIGURE_REDEMPTION,
  LIST_MARKET,
  REGISTER_REPORTER,
  SET_MARGIN_BRACKET,
  SET_PARAMETER,
} from "../../domain/commands.ts";
import { bracketControlOf } from "../../domain/controls.ts";
import { CAUSE, EVENTS } from "../../domain/events.ts";
import { CODE, word } from "../../domain/frame.ts";
import { FOOTHOLD, LOOSENING_INTERVAL } from "../../domain/governanceLimits.ts";
import { MAX_INTEGER, PPM_ONE, QUOTE_ASSET } from "../../domain/limits.ts";
import { readParameter } from "../../domain/parameterCells.ts";
import { type ParameterName, STATUS, parameterNamed, specOf } from "../../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { CONTROL } from "../../domain/rows/governance.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { COLLATERAL } from "../../domain/rows/tier.ts";
import { ASSET } from "../../domain/rows/vault.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { isBracketStep, isWithin, isWithinEitherWay, loosestAllowed } from "../../governance/bounds.ts";
import { directionOf, isTightening } from "../../governance/direction.ts";
import { baselineOf, controlOfParameter, moveBaseline } from "../../governance/holds.ts";
import { uncoveredLoss } from "../../risk/stress.ts";
import { changeBracket } from "./changeBracket.ts";
import { changeParameter, checkRange, checkSubject } from "./changeParameter.ts";
import { checkMarketEnvelope } from "./checkEnvelope.ts";
import { enterMarket } from "./lookUp.ts";
import { openMarket } from "./openMarket.ts";
import { renewTerms } from "./renewTerms.ts";
import { takeBackstop } from "./takeBackstop.ts";
import { takeBreaker } from "./takeBreaker.ts";
import { takeCollateral } from "./takeCollateral.ts";
import { takeFeed } from "./takeFeed.ts";
import { takeFundTerms } from "./takeFundTerms.ts";
import { takePosture } from "./takePosture.ts";
import { takeRedemption } from "./takeRedemption.ts";
import { takeReporter } from "./takeReporter.ts";
import { wrapRefusal } from "./wrapRefusal.ts";

/** Carries out a command that `proposable` allows a tier; a refusal of the change itself is told as `change_refused`. */
export function governTier(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  switch (word(frame, CODE)) {
    case LIST_MARKET.code:
      return listProposed(venue, tier, frame);
    case ACCEPT_COLLATERAL.code:
      return acceptProposed(venue, tier, frame);
    case SET_MARGIN_BRACKET.code:
      return bracketProposed(venue, tier, frame);
    case SET_PARAMETER.code:
      return setProposed(venue, tier, frame);
    default:
      return wrapped(venue, configure(venue, tier, frame));
  }
}

/** What has no order from loose to tight: it is announced, and bounded by its fields alone. */
function configure(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  switch (word(frame, CODE)) {
    case REGISTER_REPORTER.code:
      return takeReporter(venue, tier, frame);
    case CONFIGURE_FEED.code:
      return takeFeed(venue, tier, frame);
    case CONFIGURE_REDEMPTION.code:
      return takeRedemption(venue, tier, frame);
    case CONFIGURE_BREAKER.code:
      return takeBreaker(venue, tier, frame);
    case CONFIGURE_POSTURE.code:
      return takePosture(venue, tier, frame);
    case APPOINT_BACKSTOP.code:
      return takeBackstop(venue, tier, frame);
    default:
      return takeFundTerms(venue, tier, frame);
  }
}

function wrapped(venue: Venue, outcome: OutcomeCode): OutcomeCode {
  return outcome === ACCEPTED ? outcome : wrapRefusal(venue, outcome);
}

/** A market that a sealed tier lists lies in the envelope and begins reduce-only: opening it is another proposal. */
function listProposed(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const outcome = openMarket(venue, tier, frame);
  if (outcome !== ACCEPTED) return wrapRefusal(venue, outcome);
  const market = tier.listedMarket(tier.marketCount);
  const breach = checkMarketEnvelope(venue, tier, market.id);
  if (breach !== ACCEPTED) return wrapRefusal(venue, breach);
  tier.arena.setInt(market.row, MARKET.status, STATUS.reduceOnly);
  renewTerms(tier, market, venue.now);
  return venue.accept(market.id);
}

function acceptProposed(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const asset = word(frame, ACCEPT_COLLATERAL.at.asset);
  if (tier.arena.int(tier.collateral(asset), COLLATERAL.accepted) === 1)
    return venue.refuse("collateral_listed", asset);
  const outcome = takeCollateral(venue, tier, frame);
  return outcome === ACCEPTED ? outcome : wrapRefusal(venue, outcome);
}

// ----------------------------------------------------------------------------------------------------------- parameters

function setProposed(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
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

function checkInterval(venue: Venue, arena: Arena, control: Ref<"control">): OutcomeCode {
  const last = arena.num(control, CONTROL.loosenedAt);
  const earliest = last === 0 ? last : plus(last, LOOSENING_INTERVAL);
  return venue.now >= earliest ? ACCEPTED : venue.refuse("change_too_soon", earliest, venue.now);
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

// ------------------------------------------------------------------------------------------------------------- brackets

function bracketProposed(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const { at } = SET_MARGIN_BRACKET;
  const { arena } = tier;
  const marketId = word(frame, at.market);
  const market = enterMarket(venue, tier, marketId);
  const bracket = word(frame, at.bracket);
  const isThere = market !== undefined && bracket <= arena.int(market.row, MARKET.brackets);
  if (market === undefined || !isThere) return wrappedBracket(venue, tier, frame);

  const lower = arena.num(market.row, bracketLowerOf(bracket));
  const rate = arena.int(market.row, bracketRateOf(bracket));
  const newLower = word(frame, at.lower);
  const newRate = word(frame, at.rate);
  const isRemoval = newRate === 0;
  const tightens = !isRemoval && newLower <= lower && newRate >= rate;
  if (tightens) return wrappedBracket(venue, tier, frame);
  const control = bracketControlOf(tier.controls, marketId, bracket);
  const tooSoon = checkInterval(venue, arena, control);
  if (tooSoon !== ACCEPTED) return tooSoon;
  const below =
    bracket === 1
      ? arena.int(market.row, MARKET.initialMargin)
      : arena.int(market.row, bracketRateOf(bracket - 1));
  // To remove a bracket is to give what lies in it the rate of the one below.
  const fits = isRemoval
    ? isBracketStep(lower, rate, lower, below)
    : isBracketStep(lower, rate, newLower, newRate);
  if (!fits) return venue.refuse("change_too_large", newRate, rate);
  arena.setNum(control, CONTROL.loosenedAt, venue.now);
  return stressed(venue, tier, false, () => changeBracket(venue, tier, frame));
}

/** More margin for somebody, less for nobody. */
function wrappedBracket(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  return stressed(venue, tier, true, () => changeBracket(venue, tier, frame));
}

// --------------------------------------------------------------------------------------------------------------- stress

/** Makes a change; unless it is safe, it must not leave more uncovered than before. */
function stressed(venue: Venue, tier: TierShard, isSafe: boolean, change: () => OutcomeCode): OutcomeCode {
  const before: MicroUsd | undefined = isSafe ? undefined : uncoveredLoss(tier, venue.figures);
  const outcome = change();
  if (outcome !== ACCEPTED) return wrapRefusal(venue, outcome);
  if (before === undefined) return outcome;
  const [result = 0] = venue.facts;
  const after = uncoveredLoss(tier, venue.figures);
  return after <= before ? venue.accept(result) : venue.refuse("stress_worsens", before, after);
}

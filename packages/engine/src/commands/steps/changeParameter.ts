/** A parameter takes a value: its subject and range are checked, then its relations to the others, on the tier as it would be. */
import { plus } from "../../kernel/checked.ts";
import { type Ms, NONE } from "../../kernel/units.ts";
import { type ParameterName, STATUS, parameterNamed, specOf } from "../../domain/parameters.ts";
import { readParameter, writeParameter } from "../../domain/parameterCells.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { MARK } from "../../domain/rows/oracle.ts";
import { COLLATERAL, TIER } from "../../domain/rows/tier.ts";
import { isSealed } from "../../domain/governance.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { noteAllUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { refreshLimit, refreshLimits } from "../../oracle/manipulation.ts";
import { beginInterval } from "../../oracle/premium.ts";
import { areOpenInterestBounds, openInterestAllowed, positionAllowed } from "../../risk/listing.ts";
import { enterMarket, isAsset } from "./lookUp.ts";
import { remark } from "./remark.ts";
import { renewTerms } from "./renewTerms.ts";

/** Whether there is a parameter of this id at the level of its subject: a market, the tier (0), or an asset it accepts. */
export function checkSubject(venue: Venue, tier: TierShard, subject: number, id: number): OutcomeCode {
  const name = parameterNamed(id);
  if (name !== undefined && specOf(name).level === "collateral") return checkCollateral(venue, tier, subject);
  const isOfMarket = subject !== 0;
  if (isOfMarket && enterMarket(venue, tier, subject) === undefined)
    return venue.refuse("market_unknown", subject);
  if (name === undefined || specOf(name).level !== (isOfMarket ? "market" : "tier"))
    return venue.refuse("parameter_unknown", id);
  return ACCEPTED;
}

function checkCollateral(venue: Venue, tier: TierShard, asset: number): OutcomeCode {
  if (asset === 0 || !isAsset(venue, asset)) return venue.refuse("asset_unknown", asset);
  if (tier.arena.int(tier.collateral(asset), COLLATERAL.accepted) === 0)
    return venue.refuse("collateral_not_accepted", asset);
  return ACCEPTED;
}

/** Whether the value lies in the parameter's range: of the protocol, and of sealed tiers. */
export function checkRange(venue: Venue, tier: TierShard, name: ParameterName, value: number): OutcomeCode {
  const { min, max, envelope } = specOf(name);
  const [lowest, highest] = isSealed(tier) ? envelope : [min, max];
  if (value >= lowest && value <= highest) return ACCEPTED;
  return venue.refuse("parameter_out_of_range", value, lowest, highest);
}

/** Gives a parameter a value in its range, if the others allow it; accepts with the value before. */
export function changeParameter(
  venue: Venue,
  tier: TierShard,
  name: ParameterName,
  subject: number,
  value: number,
): OutcomeCode {
  const { arena } = tier;
  const market = specOf(name).level === "market" ? tier.listedMarket(subject) : undefined;
  if (market !== undefined && arena.int(market.row, MARKET.status) === STATUS.settled)
    return venue.refuse("market_is_settled", subject);
  const previous = readParameter(tier, name, subject);
  writeParameter(tier, name, subject, value);
  if (market !== undefined) renewTerms(tier, market, venue.now);
  noteAllUnsettled(tier);
  follow(venue, tier, market, name);
  const refusal =
    market === undefined
      ? checkWeights(venue, tier, name, subject)
      : checkRelations(venue, tier, market, name);
  return refusal === ACCEPTED ? venue.accept(previous) : refusal;
}

/** What is made from the parameter, made anew. */
function follow(venue: Venue, tier: TierShard, market: Market | undefined, name: ParameterName): void {
  if (name === "manipulationFactor") refreshLimits(tier);
  if (market === undefined) return;
  refreshLimit(tier, market);
  if (name === "fundingInterval") beginInterval(tier, market, NONE, nextDue(tier, market, venue.now));
  if (name === "markBand") remark(venue, tier, market);
}

/** When funding first accrues by measurement; never without an interval. */
function nextDue(tier: TierShard, market: Market, now: Ms): Ms {
  const interval = tier.arena.int(tier.mark(market.id), MARK.fundingInterval);
  return interval === 0 ? NONE : plus(now, interval);
}

/** What the changed parameter must keep to, in the market as it would be. */
function checkRelations(venue: Venue, tier: TierShard, market: Market, name: ParameterName): OutcomeCode {
  switch (name) {
    case "initialMargin":
      return checkMargin(venue, tier, market);
    case "oiLower":
    case "oiUpper":
      return checkOpenInterestBounds(venue, tier, market);
    case "takerFee":
    case "makerFee":
      return checkFees(venue, tier, market);
    case "maxPositionLots":
    case "maxOpenInterestLots":
    case "backstopCap":
      return checkSizes(venue, tier, market);
    default:
      return ACCEPTED;
  }
}

function checkWeights(venue: Venue, tier: TierShard, name: ParameterName, asset: number): OutcomeCode {
  if (specOf(name).level !== "collateral") return ACCEPTED;
  const row = tier.collateral(asset);
  const initial = tier.arena.int(row, COLLATERAL.initialWeight);
  const maintenance = tier.arena.int(row, COLLATERAL.maintenanceWeight);
  return initial > maintenance ? venue.refuse("weight_order", initial, maintenance) : ACCEPTED;
}

function checkMargin(venue: Venue, tier: TierShard, market: Market): OutcomeCode {
  const { arena } = tier;
  const margin = arena.int(market.row, MARKET.initialMargin);
  const least = arena.int(tier.row, TIER.minInitialMargin);
  if (margin < least) return venue.refuse("margin_below_tier", margin, least);
  const firstRate = arena.int(market.row, MARKET.bracketRate);
  if (arena.int(market.row, MARKET.brackets) === 0 || margin < firstRate) return ACCEPTED;
  return venue.refuse("bracket_order", arena.num(market.row, MARKET.bracketLower), firstRate);
}

function checkOpenInterestBounds(venue: Venue, tier: TierShard, market: Market): OutcomeCode {
  const lower = tier.arena.num(market.row, MARKET.oiLower);
  const upper = tier.arena.num(market.row, MARKET.oiUpper);
  return areOpenInterestBounds(lower, upper) ? ACCEPTED : venue.refuse("open_interest_bounds", lower, upper);
}

function checkFees(venue: Venue, tier: TierShard, market: Market): OutcomeCode {
  const makerFee = tier.arena.int(market.row, MARKET.makerFee);
  const takerFee = tier.arena.int(market.row, MARKET.takerFee);
  return makerFee + takerFee < 0 ? venue.refuse("rebate_above_fee", makerFee, takerFee) : ACCEPTED;
}

function checkSizes(venue: Venue, tier: TierShard, market: Market): OutcomeCode {
  const { row, ceiling } = market;
  const position = tier.arena.num(row, MARKET.maxPositionLots);
  if (position > positionAllowed(ceiling))
    return venue.refuse("position_value_cap", position, positionAllowed(ceiling));
  const backstop = tier.arena.num(row, MARKET.backstopCap);
  if (backstop > positionAllowed(ceiling))
    return venue.refuse("position_value_cap", backstop, positionAllowed(ceiling));
  const openInterest = tier.arena.num(row, MARKET.maxOpenInterestLots);
  const allowed = openInterestAllowed(ceiling);
  return openInterest > allowed ? venue.refuse("open_interest_value_cap", openInterest, allowed) : ACCEPTED;
}

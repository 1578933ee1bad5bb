/** Change one parameter of a market or a tier, inside its immutable range and in keeping with the others. */
import type { Arena, IntColumn, NumColumn, Ref } from "../kernel/arena.ts";
import { SET_PARAMETER } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { PARAMETERS, type ParameterName, type ParameterSpec, STATUS } from "../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { MARKET, TIER } from "../domain/rows.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { noteAllUnsettled } from "../domain/unsettled.ts";
import type { Venue } from "../domain/venue.ts";
import { areOpenInterestBounds, openInterestAllowed, positionAllowed } from "../risk/listing.ts";
import { enterMarket, enterTier } from "./steps/lookUp.ts";
import { renewTerms } from "./steps/renewTerms.ts";

const { at } = SET_PARAMETER;

type MarketParameter = {
  [K in ParameterName]: (typeof PARAMETERS)[K]["level"] extends "market" ? K : never;
}[ParameterName];
type TierParameter = Exclude<ParameterName, MarketParameter>;

const INTEGERS = {
  status: MARKET.status,
  initialMargin: MARKET.initialMargin,
  maintenanceRatio: MARKET.maintenanceRatio,
  band: MARKET.band,
  takerFee: MARKET.takerFee,
  makerFee: MARKET.makerFee,
  maxOrders: MARKET.maxOrders,
  fundingCap: MARKET.fundingCap,
  liquidationFee: MARKET.liquidationFee,
  liquidationStep: MARKET.liquidationStep,
  underlying: MARKET.underlying,
} as const satisfies Partial<Record<MarketParameter, IntColumn<"market">>>;
type IntegerParameter = keyof typeof INTEGERS;
const NUMBERS: Record<Exclude<MarketParameter, IntegerParameter>, NumColumn<"market">> = {
  scaleBase: MARKET.scaleBase,
  oiLower: MARKET.oiLower,
  oiUpper: MARKET.oiUpper,
  maxPositionLots: MARKET.maxPositionLots,
  maxOpenInterestLots: MARKET.maxOpenInterestLots,
  liquidationMinimum: MARKET.liquidationMinimum,
  backstopCap: MARKET.backstopCap,
};
const TIER_INTEGERS = {
  minInitialMargin: TIER.minInitialMargin,
  maxBucketOrders: TIER.maxBucketOrders,
  liquidationBuffer: TIER.liquidationBuffer,
  insuranceDraw: TIER.insuranceDraw,
} as const satisfies Partial<Record<TierParameter, IntColumn<"tier">>>;
const TIER_NUMBERS: Record<Exclude<TierParameter, keyof typeof TIER_INTEGERS>, NumColumn<"tier">> = {
  auctionStart: TIER.auctionStart,
  auctionSpan: TIER.auctionSpan,
};

export function setParameter(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const marketId = word(command, at.market);
  const market = marketId === 0 ? undefined : enterMarket(venue, tier, marketId);
  if (marketId !== 0 && market === undefined) return venue.refuse("market_unknown", marketId);
  const id = word(command, at.parameter);
  const name = parameterOf(id, market === undefined ? "tier" : "market");
  if (name === undefined) return venue.refuse("parameter_unknown", id);
  const value = word(command, at.value);
  const { min, max }: ParameterSpec = PARAMETERS[name];
  if (value < min || value > max) return venue.refuse("parameter_out_of_range", value, min, max);

  if (market === undefined) return setOfTier(venue, tier, name as TierParameter, value);
  return setOfMarket(venue, tier, market, name as MarketParameter, value);
}

function parameterOf(id: number, level: ParameterSpec["level"]): ParameterName | undefined {
  const names = Object.keys(PARAMETERS) as ParameterName[];
  return names.find((name) => PARAMETERS[name].id === id && PARAMETERS[name].level === level);
}

function setOfTier(venue: Venue, tier: TierShard, name: TierParameter, value: number): OutcomeCode {
  const { arena, row } = tier;
  if (name in TIER_NUMBERS) {
    const column = TIER_NUMBERS[name as keyof typeof TIER_NUMBERS];
    const previous = arena.num(row, column);
    arena.setNum(row, column, value);
    return venue.accept(previous);
  }
  const column: IntColumn<"tier"> = TIER_INTEGERS[name as keyof typeof TIER_INTEGERS];
  const previous = arena.int(row, column);
  arena.setInt(row, column, value);
  noteAllUnsettled(tier);
  return venue.accept(previous);
}

function setOfMarket(
  venue: Venue,
  tier: TierShard,
  market: Market,
  name: MarketParameter,
  value: number,
): OutcomeCode {
  const { arena } = tier;
  const { row } = market;
  if (arena.int(row, MARKET.status) === STATUS.settled) return venue.refuse("market_is_settled", market.id);
  const previous = write(arena, row, name, value);
  renewTerms(tier, market, venue.now);
  noteAllUnsettled(tier);
  const refusal = checkRelations(venue, tier, market, name);
  return refusal === ACCEPTED ? venue.accept(previous) : refusal;
}

/** @returns the value before */
function write(arena: Arena, row: Ref<"market">, name: MarketParameter, value: number): number {
  if (isInteger(name)) {
    const column: IntColumn<"market"> = INTEGERS[name];
    const previous = arena.int(row, column);
    arena.setInt(row, column, value);
    return previous;
  }
  const column = NUMBERS[name];
  const previous = arena.num(row, column);
  arena.setNum(row, column, value);
  return previous;
}

function isInteger(name: MarketParameter): name is IntegerParameter {
  return name in INTEGERS;
}

/** What the changed parameter must keep to, in the market as it would be. */
function checkRelations(venue: Venue, tier: TierShard, market: Market, name: MarketParameter): OutcomeCode {
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
    case "backstopCap":
    case "maxOpenInterestLots":
      return checkSizes(venue, tier, market);
    default:
      return ACCEPTED;
  }
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

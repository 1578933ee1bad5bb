/** What a venue lists: assets, tiers, markets, collateral; and the parameters that change afterwards. */
import { floorDivide } from "../arithmetic.ts";
import { noteStatus, renewBand, writeTerm } from "../breaker.ts";
import { valueOf } from "../governance.ts";
import { assetOf } from "../ledger.ts";
import { PARAMETERS, type Parameter } from "../parameters.ts";
import { beginInterval, remark } from "../mark.ts";
import { refuse } from "../refusal.ts";
import { CONTRACT, MAX_INTEGER, MAX_POSITION_VALUE, QUOTE, QUOTE_SCALE, STATUS } from "../terms.ts";
import { refill } from "../throttle.ts";
import type { Governance } from "../governanceBook.ts";
import type { ThrottleTerms } from "../throttleBook.ts";
import type { Collateral, Market, MarketTerms, Tier, World } from "../venue.ts";
import { type CommandNamed, createMarket, createTier, marketOf, tierOf } from "../world.ts";

type Facts = readonly (number | bigint)[];

const DEFAULT_MAX_ORDERS = 200_000n;

export function listAsset(world: World, command: CommandNamed<"listAsset">): Facts {
  mustBeInSetUp(world.venue.governance, 0);
  return addAsset(world, command);
}

export function addAsset(world: World, command: CommandNamed<"listAsset">): Facts {
  const { venue, journal, capacities } = world;
  if (venue.assets.length >= capacities.assets) refuse("asset_capacity_reached", capacities.assets);
  const scale = BigInt(command.scale);
  const id = venue.assets.length + 1;
  if (id === QUOTE && scale !== QUOTE_SCALE) refuse("quote_asset_scale", scale, QUOTE_SCALE);

  journal.push(venue.assets, {
    id,
    scale,
    held: 0n,
    transit: 0n,
    pending: 0n,
    dust: 0n,
    skin: 0n,
    mutual: 0n,
    loans: 0n,
    lastReference: 0,
    released: 0n,
    owners: new Map(),
    custody: new Map(),
  });
  return [id];
}

export function listTier(world: World, command: CommandNamed<"listTier">): Facts {
  mustBeInSetUp(world.venue.governance, 0);
  return addTier(world, command);
}

export function addTier(world: World, command: CommandNamed<"listTier">): Facts {
  const { venue, journal, capacities } = world;
  if (venue.tiers.length >= capacities.tiers) refuse("tier_capacity_reached", capacities.tiers);
  const tier = createTier(world, venue.tiers.length + 1, BigInt(command.minInitialMargin));
  journal.push(venue.tiers, tier);
  return [tier.id];
}

export function listMarket(world: World, command: CommandNamed<"listMarket">): Facts {
  const tier = tierOf(world, command.tier);
  mustBeInSetUp(tier.governance, tier.id);
  return addMarket(world, tier, command);
}

export function addMarket(world: World, tier: Tier, command: CommandNamed<"listMarket">): Facts {
  const { capacities } = world;
  if (tier.markets.length >= capacities.markets) refuse("market_capacity_reached", capacities.markets);
  const isFuture = command.contract === CONTRACT.future;
  const isExpiryRight = isFuture ? command.expiry > command.time : command.expiry === 0;
  if (!isExpiryRight) refuse("expiry_absent", command.contract, command.expiry);

  const market = createMarket(world, tier, command, termsOf(command));
  initialMarginMustSuitTier(market.terms, tier);
  sizesMustBeCountable(market.terms, market.ceiling);
  rebateMustBeCovered(market.terms);
  openInterestBoundsMustRise(market.terms);
  const free = capacities.ladderTicks - ladderTicks(tier);
  const needed = 2 ** command.rangeBits;
  if (needed > free) refuse("ladder_capacity_reached", needed, free);

  world.journal.push(tier.markets, market);
  noteStatus(world, market, STATUS.open);
  renewBand(world, market);
  return [market.id];
}

export function acceptCollateral(world: World, command: CommandNamed<"acceptCollateral">): Facts {
  const tier = tierOf(world, command.tier);
  mustBeInSetUp(tier.governance, tier.id);
  return addCollateral(world, tier, command);
}

export function addCollateral(world: World, tier: Tier, command: CommandNamed<"acceptCollateral">): Facts {
  const { id } = assetOf(world, command.asset);
  if (id === QUOTE) refuse("collateral_is_quote", id);
  const initialWeight = BigInt(command.initialWeight);
  const maintenanceWeight = BigInt(command.maintenanceWeight);
  if (initialWeight > maintenanceWeight) refuse("weight_order", initialWeight, maintenanceWeight);

  const { price = 0n, initialPrice = 0n } = tier.collateral.get(id) ?? {};
  const cap = BigInt(command.cap);
  const accepted: Collateral = { initialWeight, maintenanceWeight, cap, price, initialPrice };
  world.journal.put(tier.collateral, id, accepted);
  return [];
}

export function setParameter(world: World, command: CommandNamed<"setParameter">): Facts {
  if (command.tier === 0) {
    mustBeInSetUp(world.venue.governance, 0);
    if (command.market !== 0) refuse("market_unknown", command.market);
    return [setVenueParameter(world, command)];
  }
  const tier = tierOf(world, command.tier);
  mustBeInSetUp(tier.governance, tier.id);
  const parameter = parameterFor(world, tier, command.market, command.parameter);
  valueMustBeInRange(tier, parameter, BigInt(command.value));
  return [changeParameter(world, tier, parameter, command.market, BigInt(command.value))];
}

export function setMarginBracket(world: World, command: CommandNamed<"setMarginBracket">): Facts {
  const tier = tierOf(world, command.tier);
  mustBeInSetUp(tier.governance, tier.id);
  return changeBracket(world, tier, command);
}

export function changeBracket(world: World, tier: Tier, command: CommandNamed<"setMarginBracket">): Facts {
  const market = marketOf(tier, command.market);
  const bracket = { lower: BigInt(command.lower), rate: BigInt(command.rate) };
  if (bracket.rate === 0n) {
    const isLast = market.brackets.size === command.bracket;
    if (!isLast || bracket.lower !== 0n) refuse("bracket_order", bracket.lower, bracket.rate);
    world.journal.remove(market.brackets, command.bracket);
    return [];
  }
  const base = { lower: 0n, rate: market.terms.initialMargin };
  const below = command.bracket === 1 ? base : market.brackets.get(command.bracket - 1);
  const above = market.brackets.get(command.bracket + 1);

  const isAboveBelow = below !== undefined && bracket.lower > below.lower && bracket.rate > below.rate;
  const isBelowAbove = above === undefined || (bracket.lower < above.lower && bracket.rate < above.rate);
  if (!isAboveBelow || !isBelowAbove) refuse("bracket_order", bracket.lower, bracket.rate);

  world.journal.put(market.brackets, command.bracket, bracket);
  return [];
}

/** Parameters of the throttle; a rate that switches a window on does not switch it off again. */
const VENUE_PARAMETERS: Readonly<
  Record<number, readonly [name: keyof ThrottleTerms, max: bigint, isSwitch: boolean]>
> = {
  49: ["throttleHour", 1_000_000n, true],
  50: ["throttleDay", 1_000_000n, true],
  51: ["throttleHourMinimum", 2n ** 50n, false],
  52: ["throttleDayMinimum", 2n ** 50n, false],
  53: ["throttleAssetHour", 1_000_000n, true],
  54: ["throttleAssetDay", 1_000_000n, true],
  55: ["laneUser", 1_000_000_000_000n, false],
  56: ["laneTotal", 1_000_000n, false],
};

function setVenueParameter(world: World, command: CommandNamed<"setParameter">): bigint {
  const { terms } = world.venue.throttle;
  const [name, max, isSwitch] =
    VENUE_PARAMETERS[command.parameter] ?? refuse("parameter_unknown", command.parameter);
  const value = BigInt(command.value);
  if (value < 0n || value > max) refuse("parameter_out_of_range", value, 0n, max);
  const previous = terms[name];
  if (isSwitch && value === 0n && previous > 0n) refuse("throttle_stays_on", command.parameter, previous);
  refill(world);
  world.journal.set(terms, name, value);
  refill(world);
  return previous;
}

/** The parameter of an id and a subject that fit together. */
export function parameterFor(world: World, tier: Tier, subject: number, id: number): Parameter {
  const parameter = PARAMETERS.find((each) => each.id === id);
  if (parameter?.level === "collateral") {
    if (subject === 0) refuse("asset_unknown", subject);
    assetOf(world, subject);
    if (!tier.collateral.has(subject)) refuse("collateral_not_accepted", subject);
    return parameter;
  }
  if (subject !== 0) marketOf(tier, subject);
  const level = subject === 0 ? "tier" : "market";
  return parameter?.level === level ? parameter : refuse("parameter_unknown", id);
}

export function valueMustBeInRange(
  { governance }: Tier,
  { range, envelope }: Parameter,
  value: bigint,
): void {
  const [min, max] = governance.isSealed ? envelope : range;
  if (value < min || value > max) refuse("parameter_out_of_range", value, min, max);
}

/** Writes a value in its range, if what depends on it allows; the value before. */
export function changeParameter(
  world: World,
  tier: Tier,
  parameter: Parameter,
  subject: number,
  value: bigint,
): bigint {
  const previous = valueOf(tier, parameter, subject);
  if (parameter.level === "market") relationsMustHold(marketOf(tier, subject), parameter.name, value);
  writeTerm(world, tier, parameter, subject, value);
  if (parameter.name === "fundingInterval") {
    const due = value === 0n ? 0n : BigInt(world.time) + value;
    beginInterval(world, marketOf(tier, subject), 0n, due);
  }
  if (parameter.name === "markBand") remark(world, marketOf(tier, subject));
  const terms = parameter.level === "collateral" ? tier.collateral.get(subject) : undefined;
  if (terms !== undefined && terms.initialWeight > terms.maintenanceWeight)
    refuse("weight_order", terms.initialWeight, terms.maintenanceWeight);
  return previous;
}

function relationsMustHold(market: Market, name: string, value: bigint): void {
  if (market.terms.status === STATUS.settled) refuse("market_is_settled", market.id);

  const terms = { ...market.terms, [name]: value };
  if (name === "initialMargin") {
    initialMarginMustSuitTier(terms, market.tier);
    firstBracketMustRise(terms, market);
  }
  if (name === "oiLower" || name === "oiUpper") openInterestBoundsMustRise(terms);
  if (name === "takerFee" || name === "makerFee") rebateMustBeCovered(terms);
  if (name === "backstopCap" || name === "maxPositionLots" || name === "maxOpenInterestLots") {
    sizesMustBeCountable(terms, market.ceiling);
  }
}

export function mustBeInSetUp({ isSealed }: Governance, tier: number): void {
  if (isSealed) refuse("governance_required", tier);
}

function initialMarginMustSuitTier({ initialMargin }: MarketTerms, { minInitialMargin }: Tier): void {
  if (initialMargin < minInitialMargin) refuse("margin_below_tier", initialMargin, minInitialMargin);
}

function firstBracketMustRise({ initialMargin }: MarketTerms, { brackets }: Market): void {
  const first = brackets.get(1);
  if (first !== undefined && initialMargin >= first.rate) refuse("bracket_order", first.lower, first.rate);
}

/** Positions and open interest must stay countable at the top of the price range. */
function sizesMustBeCountable(
  { maxPositionLots, maxOpenInterestLots, backstopCap }: MarketTerms,
  ceiling: bigint,
): void {
  const positions = floorDivide(MAX_POSITION_VALUE, ceiling);
  if (maxPositionLots > positions) refuse("position_value_cap", maxPositionLots, positions);
  if (backstopCap > positions) refuse("position_value_cap", backstopCap, positions);
  const interest = floorDivide(MAX_INTEGER, ceiling);
  if (maxOpenInterestLots > interest) refuse("open_interest_value_cap", maxOpenInterestLots, interest);
}

function rebateMustBeCovered({ makerFee, takerFee }: MarketTerms): void {
  if (-makerFee > takerFee) refuse("rebate_above_fee", makerFee, takerFee);
}

function openInterestBoundsMustRise({ oiLower, oiUpper }: MarketTerms): void {
  const isOff = oiLower === 0n && oiUpper === 0n;
  if (!isOff && oiUpper <= oiLower) refuse("open_interest_bounds", oiLower, oiUpper);
}

function termsOf(command: CommandNamed<"listMarket">): MarketTerms {
  return {
    status: STATUS.open,
    initialMargin: BigInt(command.initialMargin),
    maintenanceRatio: BigInt(command.maintenanceRatio),
    scaleBase: BigInt(command.scaleBase),
    oiLower: BigInt(command.oiLower),
    oiUpper: BigInt(command.oiUpper),
    band: BigInt(command.band),
    takerFee: BigInt(command.takerFee),
    makerFee: BigInt(command.makerFee),
    maxPositionLots: BigInt(command.maxPositionLots),
    maxOpenInterestLots: BigInt(command.maxOpenInterestLots),
    maxOrders: DEFAULT_MAX_ORDERS,
    fundingCap: BigInt(command.fundingCap),
    liquidationFee: 0n,
    liquidationStep: 0n,
    liquidationMinimum: 0n,
    backstopCap: 0n,
    backstopInventory: 0n,
    underlying: 0n,
    callAuctionPeriod: 0n,
    callAuctionCollar: 0n,
    stressMove: 0n,
    markBand: 0n,
    fundingInterval: 0n,
    interestRate: 0n,
  };
}

function ladderTicks(tier: Tier): number {
  return tier.markets.reduce((total, market) => total + market.highestPrice + 1, 0);
}

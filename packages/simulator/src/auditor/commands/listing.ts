/** What a venue lists: assets, tiers, markets, collateral; and the parameters that change afterwards. */
import { floorDivide } from "../arithmetic.ts";
import { noteStatus, renewBand, statusOf } from "../breaker.ts";
import { assetOf } from "../ledger.ts";
import { refuse } from "../refusal.ts";
import { CONTRACT, MAX_INTEGER, MAX_LOTS, MAX_POSITION_VALUE, QUOTE, QUOTE_SCALE, STATUS } from "../terms.ts";
import type { Collateral, Market, MarketTerms, Tier, TierParameter, World } from "../venue.ts";
import { type CommandNamed, createMarket, createTier, marketOf, tierOf } from "../world.ts";

type Facts = readonly (number | bigint)[];

const DEFAULT_MAX_ORDERS = 200_000n;

export function listAsset(world: World, command: CommandNamed<"listAsset">): Facts {
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
    lastReference: 0,
    owners: new Map(),
    custody: new Map(),
  });
  return [id];
}

export function listTier(world: World, command: CommandNamed<"listTier">): Facts {
  const { venue, journal, capacities } = world;
  if (venue.tiers.length >= capacities.tiers) refuse("tier_capacity_reached", capacities.tiers);
  const tier = createTier(world, venue.tiers.length + 1, BigInt(command.minInitialMargin));
  journal.push(venue.tiers, tier);
  return [tier.id];
}

export function listMarket(world: World, command: CommandNamed<"listMarket">): Facts {
  const { capacities } = world;
  const tier = tierOf(world, command.tier);
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
  const { id } = assetOf(world, command.asset);
  if (id === QUOTE) refuse("collateral_is_quote", id);
  const initialWeight = BigInt(command.initialWeight);
  const maintenanceWeight = BigInt(command.maintenanceWeight);
  if (initialWeight > maintenanceWeight) refuse("weight_order", initialWeight, maintenanceWeight);

  const price = tier.collateral.get(id)?.price ?? 0n;
  const accepted: Collateral = { initialWeight, maintenanceWeight, cap: BigInt(command.cap), price };
  world.journal.put(tier.collateral, id, accepted);
  return [];
}

export function setParameter(world: World, command: CommandNamed<"setParameter">): Facts {
  const tier = tierOf(world, command.tier);
  return [
    command.market === 0
      ? setTierParameter(world, tier, command)
      : setMarketParameter(world, marketOf(tier, command.market), command),
  ];
}

export function setMarginBracket(world: World, command: CommandNamed<"setMarginBracket">): Facts {
  const market = marketOf(tierOf(world, command.tier), command.market);
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

/** A market's parameters by wire id, each with its immutable range. */
const MARKET_PARAMETERS: Readonly<Record<number, readonly [keyof MarketTerms, bigint, bigint]>> = {
  1: ["status", 0n, 2n],
  2: ["initialMargin", 1n, 1_000_000n],
  3: ["maintenanceRatio", 1n, 1_000_000n],
  4: ["scaleBase", 0n, MAX_INTEGER],
  5: ["oiLower", 0n, MAX_INTEGER],
  6: ["oiUpper", 0n, MAX_INTEGER],
  7: ["band", 1n, 1_000_000n],
  8: ["takerFee", 0n, 100_000n],
  9: ["makerFee", -100_000n, 100_000n],
  10: ["maxPositionLots", 1n, MAX_LOTS],
  11: ["maxOpenInterestLots", 1n, MAX_LOTS],
  12: ["maxOrders", 0n, 2n ** 22n],
  13: ["fundingCap", 0n, 100_000_000n],
  20: ["liquidationFee", 0n, 50_000n],
  21: ["liquidationStep", 0n, 1_000_000n],
  22: ["liquidationMinimum", 0n, 1_000_000_000_000n],
  23: ["backstopCap", 0n, MAX_LOTS],
  24: ["underlying", 0n, 2n ** 31n - 1n],
};

const TIER_PARAMETERS: Readonly<Record<number, readonly [TierParameter, bigint, bigint]>> = {
  32: ["minInitialMargin", 0n, 1_000_000n],
  33: ["maxBucketOrders", 0n, 256n],
  36: ["liquidationBuffer", 0n, 1_000_000n],
  37: ["auctionStart", 0n, 3_600_000n],
  38: ["auctionSpan", 0n, 3_600_000n],
  39: ["insuranceDraw", 0n, 1_000_000n],
};

function setTierParameter(world: World, tier: Tier, command: CommandNamed<"setParameter">): bigint {
  const [name, min, max] =
    TIER_PARAMETERS[command.parameter] ?? refuse("parameter_unknown", command.parameter);
  const value = inRange(command.value, min, max);
  const previous = tier[name];
  world.journal.set(tier, name, value);
  return previous;
}

function setMarketParameter(world: World, market: Market, command: CommandNamed<"setParameter">): bigint {
  const [name, min, max] =
    MARKET_PARAMETERS[command.parameter] ?? refuse("parameter_unknown", command.parameter);
  const value = inRange(command.value, min, max);
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

  const previous = market.terms[name];
  const before = statusOf(market);
  world.journal.set(market.terms, name, value);
  noteStatus(world, market, before);
  renewBand(world, market);
  return previous;
}

function inRange(given: number, min: bigint, max: bigint): bigint {
  const value = BigInt(given);
  if (value < min || value > max) refuse("parameter_out_of_range", value, min, max);
  return value;
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
    underlying: 0n,
  };
}

function ladderTicks(tier: Tier): number {
  return tier.markets.reduce((total, market) => total + market.highestPrice + 1, 0);
}

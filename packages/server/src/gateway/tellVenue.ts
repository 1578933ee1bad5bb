/** A market, a tier and its funds as the engine has them, in symbols and decimals. */
import {
  PARAMETERS,
  POSTURE,
  type ParameterName,
  type ParameterSpec,
  type Venue,
  fundView,
  marketView,
  parameterView,
  postureView,
  tierView,
} from "@bulkhead/engine";
import {
  CONTRACT_NAMES,
  FUND_NAMES,
  type Funds,
  type Instrument,
  type Market,
  type Tier,
  amountText,
  nameOf,
  usdText,
} from "@bulkhead/protocol";
import { type Labels, orNull, priceOrNull } from "../telling/labels.ts";
import { tellLayers, tellMarketState } from "../telling/shards.ts";

const [MARKET_PARAMETERS, TIER_PARAMETERS] = [parametersOf("market"), parametersOf("tier")];
/** Stands for the tier itself where a parameter names what it is of. */
const WHOLE_TIER = 0;

function parametersOf(level: ParameterSpec["level"]): readonly ParameterName[] {
  return (Object.entries(PARAMETERS) as [ParameterName, ParameterSpec][])
    .filter(([, spec]) => spec.level === level)
    .map(([name]) => name);
}

function inForce(
  venue: Venue,
  tier: number,
  names: readonly ParameterName[],
  subject: number,
): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, parameterView(venue, tier, name, subject).value]));
}

/** @throws {UnknownId} if it is not listed */
export function tellMarket(venue: Venue, instrument: Instrument, sequence: number): Market {
  const { tier, market, symbol, base, quote, tickSize, lotSize } = instrument;
  const view = marketView(venue, tier, market);
  return {
    symbol,
    tier,
    market,
    base,
    quote,
    tickSize,
    lotSize,
    contract: CONTRACT_NAMES[view.contract] ?? "perpetual",
    expiry: orNull(view.expiry),
    ...tellMarketState(venue, instrument),
    bestBid: priceOrNull(instrument, view.bestBid),
    bestAsk: priceOrNull(instrument, view.bestAsk),
    openInterestLimit: amountText(instrument, view.openInterestLimit),
    parameters: inForce(venue, tier, MARKET_PARAMETERS, market),
    sequence,
  };
}

/** @throws {UnknownId} if it is not listed */
export function tellTier(venue: Venue, labels: Labels, tier: number, sequence: number): Tier {
  const view = tierView(venue, tier);
  const { posture } = postureView(venue, tier);
  return {
    tier,
    name: labels.tier(tier),
    markets: Array.from({ length: view.markets }, (_, index) => labels.symbol(tier, index + 1)),
    buckets: view.buckets,
    distressed: view.distressed.length,
    firstTranche: usdText(view.skin),
    insurance: usdText(view.insurance),
    fees: usdText(view.fees),
    posture: nameOf(POSTURE, posture) ?? "normal",
    parameters: inForce(venue, tier, TIER_PARAMETERS, WHOLE_TIER),
    sequence,
  };
}

/** @throws {UnknownId} if it is not listed */
export function tellFunds(venue: Venue, tier: number, sequence: number): Funds {
  const funds = (Object.keys(FUND_NAMES) as (keyof typeof FUND_NAMES)[]).map((fund) => {
    const shard = fund === "mutual" ? 0 : tier;
    const view = fundView(venue, shard, FUND_NAMES[fund]);
    const { pot, mostWorth, shares, cooldown, window, minimum, target, lent, owed } = view;
    return {
      fund,
      tier: shard,
      balance: usdText(pot),
      worth: usdText(mostWorth),
      shares,
      cooldown,
      window,
      minimum: usdText(minimum),
      target: target === 0 ? null : usdText(target),
      lent: usdText(lent),
      owed: usdText(owed),
    };
  });
  return { tier, layers: tellLayers(venue, tier), funds, sequence };
}

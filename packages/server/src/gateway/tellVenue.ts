/** A market, a tier and its funds as the engine has them, in symbols and decimals. */
import {
  BREAKER,
  PARAMETERS,
  POSTURE,
  type ParameterName,
  type ParameterSpec,
  type Venue,
  assetView,
  breakerView,
  fundView,
  marketView,
  markView,
  parameterView,
  postureView,
  tierView,
  FORBID,
} from "@bulkhead/engine";
import {
  CONTRACT_NAMES,
  type Directory,
  FUND_NAMES,
  type Funds,
  type Instrument,
  MARKET_STATUSES,
  type Market,
  type Tier,
  amountText,
  nameOf,
  pointsText,
  priceText,
  usdText,
} from "@bulkhead/protocol";
import { symbolOf } from "./tell.ts";

/** The asset that money of account is in. */
const QUOTE = 1;
/** Layers of the waterfall that hold something, in the order in which they bear a loss. */
const LAYERS = ["firstTranche", "insurance", "cover", "secondTranche", "mutual"] as const;
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
  const { index } = markView(venue, tier, market);
  const { level, trading } = breakerView(venue, tier, market);
  const price = (ticks: number): string | null => (ticks === 0 ? null : priceText(instrument, ticks));
  return {
    symbol,
    tier,
    market,
    base,
    quote,
    tickSize,
    lotSize,
    contract: CONTRACT_NAMES[view.contract] ?? "perpetual",
    expiry: view.expiry === 0 ? null : view.expiry,
    status: nameOf(MARKET_STATUSES, trading) ?? "halted",
    mark: price(view.mark),
    index: index === 0 ? null : pointsText(instrument, index),
    bestBid: price(view.bestBid),
    bestAsk: price(view.bestAsk),
    openInterest: amountText(instrument, view.openInterest),
    openInterestLimit: amountText(instrument, view.openInterestLimit),
    breaker: nameOf(BREAKER, level) ?? "normal",
    forbids: forbidden(view.forbids),
    parameters: inForce(venue, tier, MARKET_PARAMETERS, market),
    sequence,
  };
}

/** @throws {UnknownId} if it is not listed */
export function tellTier(venue: Venue, directory: Directory, tier: number, sequence: number): Tier {
  const view = tierView(venue, tier);
  const { posture } = postureView(venue, tier);
  return {
    tier,
    name: directory.tiers.find((each) => each.tier === tier)?.name ?? `Tier ${tier}`,
    markets: Array.from({ length: view.markets }, (_, index) => symbolOf(directory, tier, index + 1)),
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
  const { skin, insurance, escrow } = tierView(venue, tier);
  const { skin: secondTranche, mutual } = assetView(venue, QUOTE);
  const balances = [skin, insurance, escrow, secondTranche, mutual];
  const layers = LAYERS.map((layer, index) => ({ layer, balance: usdText(balances[index] as number) }));
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
  return { tier, layers, funds, sequence };
}

/** What the bits of `FORBID` forbid. */
export function forbidden(bits: number): string[] {
  return Object.entries(FORBID)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name);
}

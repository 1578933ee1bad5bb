/** Sets up the venue by ordinary commands: the quote currency, one collateral coin, one tier, a perpetual per price series. */
import { type Capacities, CONTRACT, limits } from "@bulkhead/engine";
import type { Exchange } from "../agents/exchange.ts";
import type { Terms } from "../agents/screen.ts";
import { type ContractSize, RANGE_BITS } from "./contractSize.ts";

/** Everything trades in one tier of majors. */
export const TIER = 1;
/** The coin that counts as collateral: the underlying of the first market. */
export const COIN = 2;
/** Smallest units of a whole coin. */
export const COIN_SCALE = 100_000_000;
/** Funding of one hour is at most 0.1 % of the mark, ppb. */
export const FUNDING_CAP = 1_000_000;

const USD = 1_000_000;

const MARKET_RULES = {
  contract: CONTRACT.perpetual,
  expiry: 0,
  rangeBits: RANGE_BITS,
  initialMargin: 50_000,
  maintenanceRatio: 600_000,
  // Positions beyond 1 m USD need margin that grows with the square root of their size.
  scaleBase: 1_000_000 * USD,
  oiLower: 200_000_000 * USD,
  oiUpper: 800_000_000 * USD,
  band: 50_000,
  takerFee: 450,
  makerFee: -50,
  fundingCap: FUNDING_CAP,
};

/** As many as a tier can number. */
const MOST_ORDERS = 2 ** 22 - 1;

/** Room for so many participants and markets. */
export function capacitiesFor(participants: number, markets: number): Capacities {
  // The house has an account of its own.
  const accounts = participants + 2;
  const tier = {
    markets: Math.max(2, markets),
    buckets: accounts,
    positions: accounts * 8,
    orders: Math.min(MOST_ORDERS, accounts * 16 * Math.max(2, markets)),
    holdings: accounts,
    ticks: markets * 2 ** RANGE_BITS,
  };
  return { accounts, balances: accounts * 2, withdrawals: accounts * 8, tiers: [tier] };
}

/** Lists everything and opens trading; nothing has a price yet. */
export function listVenue(
  exchange: Exchange,
  contracts: readonly ContractSize[],
  paces: readonly number[],
): readonly Terms[] {
  const { time } = exchange;
  exchange.send({ kind: "listAsset", time, scale: USD });
  exchange.send({ kind: "listAsset", time, scale: COIN_SCALE });
  exchange.send({ kind: "listTier", time, minInitialMargin: 20_000 });
  const terms = contracts.map((contract, index) =>
    listMarket(exchange, contract, index + 1, paces[index] ?? 0),
  );
  exchange.send({
    kind: "acceptCollateral",
    time,
    tier: TIER,
    asset: COIN,
    initialWeight: 850_000,
    maintenanceWeight: 900_000,
    cap: limits.MAX_HELD,
  });
  return terms;
}

function listMarket(exchange: Exchange, { notional }: ContractSize, market: number, paceMs: number): Terms {
  const { time } = exchange;
  const ceiling = notional * 2 ** RANGE_BITS;
  const maxPositionLots = Math.floor(limits.MAX_POSITION_VALUE / ceiling);
  const maxOpenInterestLots = Math.floor(limits.MAX_INTEGER / ceiling);
  exchange.send({
    kind: "listMarket",
    time,
    tier: TIER,
    notional,
    maxPositionLots,
    maxOpenInterestLots,
    ...MARKET_RULES,
  });
  for (const [index, { lower, rate }] of BRACKETS.entries()) {
    exchange.send({ kind: "setMarginBracket", time, tier: TIER, market, bracket: index + 1, lower, rate });
  }
  exchange.count(market, notional);
  return { tier: TIER, market, notional, topPrice: 2 ** RANGE_BITS - 1, maxPositionLots, paceMs };
}

/** Margin of the part of a position beyond so many micro-dollars, ppm. */
const BRACKETS = [
  { lower: 5_000_000 * USD, rate: 100_000 },
  { lower: 20_000_000 * USD, rate: 200_000 },
];

/**
 * A crowd of leveraged accounts, made by commands alone: isolated in one market, or cross in four of 64. Leverage spreads evenly over
 * its logarithm from 1 to 18; half are long and half are short.
 */
import {
  type Capacities,
  type Command,
  DEFAULT_TIER_CAPACITIES,
  Engine,
  PARAMETERS,
  SIDE,
} from "@bulkhead/engine";
import { createRandom, type Random } from "./random.ts";
import {
  PERPETUAL,
  type Submit,
  limitOrder,
  listPerpetual,
  platformHash,
  submitter,
} from "./venueCommands.ts";

export type Shape = "isolated" | "cross";

export interface Crowd {
  readonly engine: Engine;
  readonly shape: Shape;
  /** Accounts of the crowd; the house, which stands behind it, comes after them. */
  readonly accounts: number;
  readonly house: number;
}

/** The mark at which everybody opened. */
export const OPENING = 32_768;

const TIER = 1;
const LEGS = 4;
const LOTS_MOST = 100;
const LEVERAGE_MOST = 18;
const HOUSE_MONEY = 500_000_000_000_000;
const FUND = 200_000_000_000_000;
const QUOTE = 1;
const QUOTE_DISTANCE = 656;
const QUOTE_LOTS = 1_000_000;
/** Slots that the house passes through on its way to one of 64 markets. */
const HOUSE_SLOTS = 256;

export const marketsOf = (shape: Shape): number => (shape === "isolated" ? 1 : 64);

export function createCrowd(shape: Shape, accounts: number, seed: number): Crowd {
  const engine = new Engine({ capacities: capacitiesFor(shape, accounts + 1), hash: platformHash });
  const submit = submitter(engine);
  const time = 1;
  submit({ kind: "listAsset", time, scale: 1_000_000 });
  submit({ kind: "listTier", time, minInitialMargin: 10_000 });
  for (let market = 1; market <= marketsOf(shape); market++) {
    submit(listPerpetual({ time, scaleBase: 1e14, band: 200_000, takerFee: 0, makerFee: 0 }));
    submit({ kind: "updateIndexPrice", time, tier: TIER, market, price: OPENING });
  }
  const random = createRandom(seed);
  for (let account = 1; account < accounts; account += 2) openPair(submit, random, shape, account);
  const house = accounts + 1;
  const reference = accounts + 1;
  submit({ kind: "openAccount", time });
  submit({ kind: "confirmDeposit", time, account: house, asset: QUOTE, amount: HOUSE_MONEY, reference });
  submit({ kind: "fundLayer", time, account: house, tier: TIER, layer: 2, amount: FUND });
  const amount = HOUSE_MONEY - FUND;
  submit({ kind: "allocate", time, account: house, tier: TIER, mode: 0, asset: QUOTE, amount });
  if (shape === "cross") quoteAround(submit, house);
  submit({
    kind: "setParameter",
    time,
    tier: TIER,
    market: 0,
    parameter: PARAMETERS.liquidationBuffer.id,
    value: 150_000,
  });
  // The first price sets everybody's alarms.
  submit({ kind: "updateIndexPrice", time, tier: TIER, market: 1, price: OPENING });
  return { engine, shape, accounts, house };
}

/** Two accounts open opposite positions in the same markets, each with its own leverage. */
function openPair(submit: Submit, random: Random, shape: Shape, first: number): void {
  const time = 1;
  const legs = shape === "isolated" ? [1] : drawMarkets(random);
  const lots = legs.map(() => 1 + random.below(LOTS_MOST));
  const value = lots.reduce((sum, each) => sum + each, 0) * OPENING * PERPETUAL.notional;
  for (const account of [first, first + 1]) {
    const mode = shape === "isolated" ? 1 : 0;
    const leverage = LEVERAGE_MOST ** (random.below(1_000) / 1_000);
    const amount = Math.ceil(value / leverage) + 10_000;
    submit({ kind: "openAccount", time });
    submit({ kind: "confirmDeposit", time, account, asset: QUOTE, amount, reference: account });
    submit({ kind: "allocate", time, account, tier: TIER, mode, asset: QUOTE, amount });
  }
  legs.forEach((market, leg) => {
    const turned = random.below(2);
    submit(orderOf(first + turned, market, SIDE.sell, OPENING, lots[leg]!));
    submit(orderOf(first + 1 - turned, market, SIDE.buy, OPENING, lots[leg]!));
  });
}

/** The house buys and sells in every market 2 % from where everybody opened: whoever is liquidated finds somebody. */
function quoteAround(submit: Submit, house: number): void {
  for (let market = 1; market <= marketsOf("cross"); market++) {
    submit(orderOf(house, market, SIDE.buy, OPENING - QUOTE_DISTANCE, QUOTE_LOTS));
    submit(orderOf(house, market, SIDE.sell, OPENING + QUOTE_DISTANCE, QUOTE_LOTS));
  }
}

function drawMarkets(random: Random): number[] {
  const markets = new Set<number>();
  while (markets.size < LEGS) markets.add(1 + random.below(marketsOf("cross")));
  return [...markets];
}

/** An order of the moment in which everybody opens. */
export function orderOf(bucket: number, market: number, side: number, price: number, lots: number): Command {
  return limitOrder({ time: 1, account: bucket, bucket, market, side, price, lots });
}

function capacitiesFor(shape: Shape, accounts: number): Capacities {
  const markets = marketsOf(shape);
  return {
    accounts,
    balances: accounts,
    withdrawals: 1_000,
    tiers: [
      {
        ...DEFAULT_TIER_CAPACITIES,
        markets,
        buckets: accounts,
        positions: accounts * LEGS + HOUSE_SLOTS,
        orders: 100_000,
        holdings: 1_000,
        ticks: markets * 2 ** PERPETUAL.rangeBits,
      },
    ],
  };
}

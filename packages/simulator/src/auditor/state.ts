/** The auditor's state as plain data, in ascending order of ids, to be compared with what the engine's queries answer. */
import { greatest, least } from "./arithmetic.ts";
import { statusOf } from "./breaker.ts";
import { equity, equityWithoutProfit, maintenance, multiplierOf, required } from "./margin.ts";
import { openInterestLimit } from "./matching.ts";
import { newestFirst } from "./orders.ts";
import type { PriceQueue } from "./queue.ts";
import type {
  Asset,
  Bucket,
  Controller,
  Distress,
  Market,
  Order,
  Position,
  Tier,
  Venue,
  World,
} from "./venue.ts";
import { isInUse } from "./world.ts";

export interface AuditorState {
  readonly clock: number;
  readonly accounts: number;
  readonly assets: readonly AssetState[];
  readonly withdrawals: readonly WithdrawalState[];
  readonly tiers: readonly TierState[];
}

export interface AssetState {
  readonly asset: number;
  readonly held: bigint;
  readonly transit: bigint;
  readonly pending: bigint;
  readonly dust: bigint;
  /** The operator's second tranche and the mutual guarantee fund. */
  readonly skin: bigint;
  readonly mutual: bigint;
  readonly lastReference: number;
  /** Settled balance by account; the zero ones of accounts that once had one are included. */
  readonly balances: ReadonlyMap<number, bigint>;
  /** By tier. */
  readonly custody: ReadonlyMap<number, bigint>;
}

export interface WithdrawalState {
  readonly withdrawal: number;
  readonly account: number;
  readonly asset: number;
  readonly amount: bigint;
}

export interface TierState {
  readonly tier: number;
  readonly minInitialMargin: bigint;
  readonly maxBucketOrders: bigint;
  readonly liquidationBuffer: bigint;
  readonly auctionStart: bigint;
  readonly auctionSpan: bigint;
  readonly insuranceDraw: bigint;
  readonly fees: bigint;
  /** The operator's first tranche and the insurance fund. */
  readonly skin: bigint;
  readonly insurance: bigint;
  readonly defaults: number;
  readonly controller: Pick<Controller, "enabled" | "posture" | "since" | "calmSince" | "rule">;
  /** 0 = none. */
  readonly backstop: number;
  /** Ids of the buckets in distress, the next to be served first. */
  readonly distressed: readonly number[];
  readonly buckets: readonly BucketState[];
  readonly markets: readonly MarketState[];
}

export interface BucketState {
  readonly bucket: number;
  readonly account: number;
  readonly mode: number;
  readonly cash: bigint;
  /** 0 = none known, 1 = waits in the queue, 2 = its liquidation has begun. */
  readonly distress: number;
  /** When its liquidation began, 0 = it has not. */
  readonly distressSince: number;
  /** By asset. */
  readonly holdings: ReadonlyMap<number, bigint>;
  /** Positions whose slot is in use. */
  readonly positions: readonly PositionState[];
  /** Ids of open orders, the newest first. */
  readonly orders: readonly number[];
  readonly equity: bigint;
  readonly initialMargin: bigint;
  readonly maintenanceEquity: bigint;
  readonly maintenanceMargin: bigint;
  /** Quote currency that could leave now. */
  readonly withdrawable: bigint;
}

export interface PositionState {
  readonly market: number;
  readonly lots: bigint;
  readonly cost: bigint;
  /** Means something only while lots ≠ 0. */
  readonly fundingEntry: bigint;
  readonly bidLots: bigint;
  readonly bidNotional: bigint;
  readonly askLots: bigint;
  readonly askNotional: bigint;
}

export interface MarketState {
  readonly market: number;
  readonly status: bigint;
  /** 0 = no price yet. */
  readonly mark: number;
  readonly fundingIndex: bigint;
  readonly openInterest: bigint;
  readonly pool: bigint;
  readonly feeCost: bigint;
  readonly fundingCost: bigint;
  readonly settledLots: bigint;
  readonly settledCost: bigint;
  /** Until then only buckets deep in distress are liquidated. */
  readonly graceUntil: number;
  readonly breaker: BreakerState;
  /** From the best price on. */
  readonly bids: readonly LevelState[];
  readonly asks: readonly LevelState[];
  /** Conditional orders: rising from the lowest trigger, then falling from the highest. */
  readonly waiting: readonly WaitingState[];
}

export interface BreakerState {
  readonly on: boolean;
  readonly level: number;
  readonly since: number;
  readonly signal: number;
  readonly calmSince: number;
  readonly softScore: bigint;
  readonly hardScore: bigint;
  /** By signal, from 1. */
  readonly soft: readonly bigint[];
  readonly hard: readonly bigint[];
  /** The terms in force. */
  readonly trading: bigint;
  readonly band: bigint;
  readonly marginMultiplier: bigint;
  readonly openInterestLimit: bigint;
}

export interface LevelState {
  readonly price: number;
  /** The oldest first. */
  readonly orders: readonly { readonly order: number; readonly lots: bigint }[];
}

export interface WaitingState {
  readonly order: number;
  readonly trigger: number;
  readonly firesRising: boolean;
  readonly price: number;
  readonly lots: bigint;
}

/** Copies the state out. */
export function stateOf(world: World): AuditorState {
  const { venue } = world;
  return {
    clock: venue.clock,
    accounts: venue.accounts,
    assets: venue.assets.map(assetState),
    withdrawals: withdrawalStates(venue),
    tiers: venue.tiers.map((tier) => tierState(world, tier)),
  };
}

function assetState(asset: Asset): AssetState {
  const { id, held, transit, pending, dust, skin, mutual, lastReference, owners, custody } = asset;
  return {
    asset: id,
    held,
    transit,
    pending,
    dust,
    skin,
    mutual,
    lastReference,
    balances: new Map(owners),
    custody: new Map(custody),
  };
}

function withdrawalStates({ withdrawals }: Venue): WithdrawalState[] {
  const states = [...withdrawals].map(([withdrawal, pending]) => ({ withdrawal, ...pending }));
  states.sort((a, b) => a.withdrawal - b.withdrawal);
  return states;
}

function tierState(world: World, tier: Tier): TierState {
  return {
    tier: tier.id,
    minInitialMargin: tier.minInitialMargin,
    maxBucketOrders: tier.maxBucketOrders,
    liquidationBuffer: tier.liquidationBuffer,
    auctionStart: tier.auctionStart,
    auctionSpan: tier.auctionSpan,
    insuranceDraw: tier.insuranceDraw,
    fees: tier.fees,
    skin: tier.skin,
    insurance: tier.insurance,
    defaults: tier.defaults,
    controller: { ...tier.controller },
    backstop: tier.backstop,
    distressed: tier.distressed.map(({ id }) => id),
    buckets: tier.buckets.map((bucket) => bucketState(world, bucket)),
    markets: tier.markets.map(marketState),
  };
}

function bucketState(world: World, bucket: Bucket): BucketState {
  const needed = required(bucket);
  const free = equityWithoutProfit(world, bucket) - needed;
  return {
    bucket: bucket.id,
    account: bucket.account,
    mode: bucket.mode,
    cash: bucket.cash,
    distress: DISTRESS[bucket.distress],
    distressSince: bucket.distressSince,
    holdings: new Map(bucket.holdings),
    positions: positionStates(bucket),
    orders: newestFirst(bucket, undefined).map((order) => order.id),
    equity: equity(world, bucket, "initialWeight"),
    initialMargin: needed,
    maintenanceEquity: equity(world, bucket, "maintenanceWeight"),
    maintenanceMargin: maintenance(bucket),
    withdrawable: greatest(0n, least(bucket.cash, free)),
  };
}

const DISTRESS: Readonly<Record<Distress, number>> = { none: 0, waiting: 1, begun: 2 };

function positionStates(bucket: Bucket): PositionState[] {
  const states = [...bucket.positions.values()].filter(isInUse).map(positionState);
  states.sort((a, b) => a.market - b.market);
  return states;
}

function positionState(position: Position): PositionState {
  const { market, lots, cost, fundingEntry, bidLots, bidNotional, askLots, askNotional } = position;
  return { market: market.id, lots, cost, fundingEntry, bidLots, bidNotional, askLots, askNotional };
}

function marketState(market: Market): MarketState {
  const { id, terms, mark, fundingIndex, openInterest, pool } = market;
  const { feeCost, fundingCost, settledLots, settledCost } = market;
  return {
    market: id,
    status: terms.status,
    mark,
    fundingIndex,
    openInterest,
    pool,
    feeCost,
    fundingCost,
    settledLots,
    settledCost,
    graceUntil: market.graceUntil,
    breaker: breakerState(market),
    bids: levels(market.bids, (a, b) => b - a),
    asks: levels(market.asks, (a, b) => a - b),
    waiting: [...market.rising.ascending(), ...market.falling.descending()].map(waitingState),
  };
}

function breakerState(market: Market): BreakerState {
  const { on, level, since, signal, calmSince, scores, band } = market.breaker;
  return {
    on,
    level,
    since,
    signal,
    calmSince,
    softScore: scores.softScore,
    hardScore: scores.hardScore,
    soft: scores.soft.slice(1, 8),
    hard: scores.hard.slice(1, 8),
    trading: statusOf(market),
    band: band === 0n ? market.terms.band : band,
    marginMultiplier: multiplierOf(market),
    openInterestLimit: openInterestLimit(market),
  };
}

function levels(side: PriceQueue<Order>, better: (a: number, b: number) => number): LevelState[] {
  const prices = [...side.ticks()];
  prices.sort(better);
  return prices.map((price) => ({
    price,
    orders: side.at(price).map(({ id, lots }) => ({ order: id, lots })),
  }));
}

function waitingState({ id, trigger, firesRising, price, lots }: Order): WaitingState {
  return { order: id, trigger, firesRising, price, lots };
}

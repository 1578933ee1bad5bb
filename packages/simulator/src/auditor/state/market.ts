/** A market as plain data: its totals, its book, its breaker and its call auction. */
import { collects, statusOf } from "../breaker.ts";
import { claimsOn, collarOf, indicative } from "../callAuction.ts";
import { multiplierOf } from "../margin.ts";
import { isBuy } from "../orders.ts";
import { BREAKER } from "../terms.ts";
import { limitInForce, openInterestLimit } from "../manipulation.ts";
import type { BookMemory, Market, Order, World } from "../venue.ts";

export interface MarketState {
  readonly market: number;
  readonly status: bigint;
  /** 0 = no price yet. */
  readonly mark: number;
  readonly index: number;
  readonly forbids: number;
  readonly unconfirmed: boolean;
  readonly book: BookMemory;
  readonly fundingIndex: bigint;
  readonly openInterest: bigint;
  readonly openInterestLimit: bigint;
  readonly pool: bigint;
  readonly feeCost: bigint;
  readonly fundingCost: bigint;
  readonly settledLots: bigint;
  readonly settledCost: bigint;
  /** Until then only buckets deep in distress are liquidated. */
  readonly graceUntil: number;
  readonly breaker: BreakerState;
  /** Undefined while there is none. */
  readonly auction: AuctionState | undefined;
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

/** A call auction: what it is told by, and what it would come to now. */
export interface AuctionState {
  readonly collects: boolean;
  readonly endsAt: number;
  readonly extensions: number;
  readonly orders: number;
  readonly price: number;
  readonly volume: bigint;
  readonly imbalance: bigint;
  readonly forced: bigint;
  readonly lowest: number;
  readonly highest: number;
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

export function marketState(world: World, market: Market): MarketState {
  const { id, terms, mark, index, forbids, unconfirmed, fundingIndex, openInterest, pool } = market;
  const { feeCost, fundingCost, settledLots, settledCost } = market;
  return {
    market: id,
    status: terms.status,
    mark,
    index,
    forbids,
    unconfirmed,
    book: { ...market.book },
    fundingIndex,
    openInterest,
    openInterestLimit: openInterestLimit(market),
    pool,
    feeCost,
    fundingCost,
    settledLots,
    settledCost,
    graceUntil: market.graceUntil,
    breaker: breakerState(market),
    auction: market.breaker.level === BREAKER.auction ? auctionState(world, market) : undefined,
    bids: levels(market, true),
    asks: levels(market, false),
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
    openInterestLimit: limitInForce(market),
  };
}

function auctionState(world: World, market: Market): AuctionState {
  const { auction } = market.breaker;
  const claims = claimsOn(world, market);
  const sells = claims.every(({ position }) => position.lots > 0n);
  const clearing = indicative(market, claims, sells);
  const wanted = claims.reduce((sum, { lots }) => sum + lots, 0n);
  const { lowest, highest, isOn: hasCollar } = collarOf(market);
  return {
    collects: collects(market),
    endsAt: auction.endsAt,
    extensions: auction.extensions,
    orders: market.collected.length,
    price: auction.price === 0 ? (clearing?.price ?? 0) : auction.price,
    volume: clearing?.volume ?? 0n,
    imbalance: clearing?.imbalance ?? 0n,
    forced: sells ? wanted : -wanted,
    lowest: hasCollar ? lowest : 0,
    highest: hasCollar ? highest : 0,
  };
}

/** Price levels of a side, best first, with what a call auction has collected. */
function levels({ bids, asks, collected }: Market, buys: boolean): LevelState[] {
  const orders = [...(buys ? bids : asks).ascending(), ...collected.filter((order) => isBuy(order) === buys)];
  const prices = [...new Set(orders.map(({ price }) => price))];
  prices.sort((a, b) => (buys ? b - a : a - b));
  return prices.map((price) => ({
    price,
    orders: orders.filter((order) => order.price === price).map(({ id, lots }) => ({ order: id, lots })),
  }));
}

function waitingState({ id, trigger, firesRising, price, lots }: Order): WaitingState {
  return { order: id, trigger, firesRising, price, lots };
}

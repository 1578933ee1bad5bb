/**
 * The call auction that ends a halt: what is collected and what must be liquidated trade at one price.
 *
 * @see docs/spec/callAuction.md
 */
import { absolute, least } from "./arithmetic.ts";
import { bandEdge } from "./band.ts";
import { enter, orderStatus } from "./breaker.ts";
import { clearPair } from "./clearing.ts";
import { type Interest, clearingPrice } from "./clearingPrice.ts";
import { beginAnyway } from "./liquidation.ts";
import { lotsToAuction, penaltyOf, ticksGiven, worseThanMark } from "./liquidationSize.ts";
import { type Health, healthOf } from "./margin.ts";
import { fillable, isFit, tradeWith, wouldExceedOpenInterest } from "./matching.ts";
import { close, detach, isBuy, removeOrder, restCollected, shrink } from "./orders.ts";
import { FORBIDS, isForbidden } from "./permits.ts";
import { digestOf } from "./sha256.ts";
import { proRata } from "./tearUp.ts";
import {
  BREAKER,
  CONTRACT,
  HOW,
  MAX_AUCTIONED,
  MAX_MATCHES,
  MAX_SWEEP,
  MILLION,
  REASON,
  SELF_TRADE,
  STATUS,
  TIME_IN_FORCE,
} from "./terms.ts";
import type { Market, Order, Position, Tier, World } from "./venue.ts";
import { emit, notionalOf, positionOf, takeBack } from "./world.ts";

const WINDOW = 60_000;
const MOST_EXTENSIONS = 3;
const AUCTION_OVER = 9;

/** What is to be closed of a position, and at worst at which price. */
interface Claim extends Interest {
  readonly position: Position;
  readonly health: Health;
}

/** Orders that a tick's auctions have met. */
interface Tally {
  met: number;
}

/** Every auction of the tier goes on as far as one tick may. */
export function holdAuctions(world: World, tier: Tier): void {
  const tally = { met: 0 };
  for (const market of tier.markets) {
    const { breaker, terms } = market;
    if (breaker.level === BREAKER.auction && terms.status < STATUS.settled) hold(world, market, tally);
  }
}

function hold(world: World, market: Market, tally: Tally): void {
  const { breaker } = market;
  if (!mayBeHeld(world, market)) {
    if (breaker.auction.price === 0) collectAnew(world, market, breaker.auction.extensions);
    return;
  }
  if (breaker.auction.price === 0) {
    if (tally.met > 0 || !isCollected(world, market)) return;
    if (!price(world, market, tally)) return;
  }
  if (!tradeAll(world, market, tally)) return;
  const [bids, asks] = [inTurn(market, true), inTurn(market, false)];
  const isCrossed = bids[0] !== undefined && asks[0] !== undefined && bids[0].price >= asks[0].price;
  if (isCrossed) world.journal.set(breaker, "auction", { ...breaker.auction, price: 0, endsAt: 0 });
  else reopen(world, market);
}

function mayBeHeld(world: World, market: Market): boolean {
  const isOver = market.contract === CONTRACT.future && world.time >= market.expiry;
  return (
    orderStatus(market) < STATUS.halted && !isOver && !isForbidden(market, FORBIDS.take) && market.index > 0
  );
}

function collectAnew(world: World, market: Market, extensions: number): void {
  const endsAt = world.time + Number(market.terms.callAuctionPeriod);
  world.journal.set(market.breaker, "auction", { price: 0, extensions, endsAt, drawnAt: 0, draw: 0n });
}

/** Whether collection ends now: its end is uniform over a minute, and drawn for tick by tick. */
function isCollected(world: World, { breaker, id, index }: Market): boolean {
  const { auction } = breaker;
  if (auction.endsAt === 0) return true;
  const late = world.time - auction.endsAt;
  if (late < 0) return false;
  if (late >= WINDOW) return true;
  const draw = digestOf([auction.draw, id, world.time, index]) >> 20n;
  world.journal.set(breaker, "auction", { ...auction, draw, drawnAt: late });
  return draw * BigInt(WINDOW - auction.drawnAt) < BigInt(late - auction.drawnAt) << 32n;
}

/** Finds the price, and closes at it what is in distress; false if nothing is to be traded now. */
function price(world: World, market: Market, tally: Tally): boolean {
  const { breaker } = market;
  const claims = begin(world, claimsOn(world, market));
  const sells = claims.every(({ position }) => position.lots > 0n);
  const clearing = indicative(market, claims, sells);
  if (clearing === undefined) {
    reopen(world, market);
    return false;
  }
  const { auction } = breaker;
  const { lowest, highest, isOn } = collarOf(market);
  if (isOn && auction.extensions < MOST_EXTENSIONS && (clearing.price < lowest || clearing.price > highest)) {
    collectAnew(world, market, auction.extensions + 1);
    const { endsAt, extensions } = breaker.auction;
    emit(world, "auctionExtended", market.id, clearing.price, lowest, highest, extensions, endsAt);
    return false;
  }
  world.journal.set(breaker, "auction", { ...auction, price: clearing.price });
  const wanted = sumOf(claims);
  const { volume, imbalance } = clearing;
  const forced = sells ? wanted : -wanted;
  emit(
    world,
    "auctionPriced",
    market.id,
    clearing.price,
    volume,
    imbalance,
    forced,
    auction.extensions,
    market.index,
  );
  closeClaims(world, market, claims, sells, volume, tally);
  return true;
}

/** What the market would clear at now. */
export function indicative(
  market: Market,
  claims: readonly Interest[],
  sells: boolean,
): ReturnType<typeof clearingPrice> {
  const bids: Interest[] = [...inTurn(market, true), ...(sells ? [] : claims)];
  const asks: Interest[] = [...inTurn(market, false), ...(sells ? claims : [])];
  return clearingPrice(bids, asks, market.index);
}

export function collarOf(market: Market): { lowest: number; highest: number; isOn: boolean } {
  const { index, breaker, terms, highestPrice } = market;
  const width = terms.callAuctionCollar * BigInt(2 + breaker.auction.extensions);
  const reach = Number((BigInt(index) * width) / (2n * MILLION));
  return {
    lowest: Math.max(index - reach, 1),
    highest: Math.min(index + reach, highestPrice),
    isOn: terms.callAuctionCollar > 0n,
  };
}

/** All orders of a side, by price and then by age: what rested before the auction is older than what it collected. */
function inTurn({ bids, asks, collected }: Market, buys: boolean): Order[] {
  const all = [
    ...(buys ? bids.descending() : asks.ascending()),
    ...collected.filter((each) => isBuy(each) === buys),
  ];
  all.sort((a, b) => (buys ? b.price - a.price : a.price - b.price));
  return all;
}

/** Closing sizes of the first in the distress queue, of longs or of shorts, whichever are more. */
export function claimsOn(world: World, market: Market): Claim[] {
  const { tier } = market;
  if (tier.liquidationBuffer === 0n || market.unconfirmed || isForbidden(market, FORBIDS.liquidate))
    return [];
  const claims: Claim[] = [];
  for (const bucket of tier.distressed.slice(0, MAX_AUCTIONED)) {
    const position = bucket.positions.get(market.id);
    const health = healthOf(world, bucket);
    if (position === undefined || position.lots === 0n || health.equity >= health.maintenance) continue;
    claims.push(claimOf(position, health));
  }
  const longs = claims.filter(({ position }) => position.lots > 0n);
  const shorts = claims.filter(({ position }) => position.lots < 0n);
  return sumOf(longs) >= sumOf(shorts) ? longs : shorts;
}

function claimOf(position: Position, health: Health): Claim {
  const { market, lots: held } = position;
  const isInsolvent = health.equity < 0n;
  const lots = isInsolvent ? absolute(held) : lotsToAuction(position, health);
  const ticks = isInsolvent ? 0n : ticksGiven(position, health, lots);
  const zeroPrice = worseThanMark(market, held, ticks);
  const edge = bandEdge(market, held > 0n ? -1n : 1n, market.mark);
  return { position, health, lots, price: held > 0n ? Math.max(zeroPrice, edge) : Math.min(zeroPrice, edge) };
}

const sumOf = (claims: readonly Interest[]): bigint => claims.reduce((sum, { lots }) => sum + lots, 0n);

/** Those whose liquidation has begun, or begins here while the command may still tell of it. */
function begin(world: World, claims: readonly Claim[]): Claim[] {
  const first = world.events.length;
  const begun: Claim[] = [];
  for (const claim of claims) {
    if (world.events.length - first >= MAX_SWEEP) break;
    const { bucket } = claim.position;
    if (bucket.distress === "waiting") beginAnyway(world, bucket, claim.health);
    begun.push(claim);
  }
  return begun;
}

/** Closes the claims pro rata, as far as they do not keep orders from trading that would cross otherwise. */
function closeClaims(
  world: World,
  market: Market,
  claims: readonly Claim[],
  sells: boolean,
  volume: bigint,
  tally: Tally,
): void {
  const { price: at } = market.breaker.auction;
  const able = claims.filter((claim) => (sells ? claim.price <= at : claim.price >= at));
  if (able.length === 0) return;
  const others = inTurn(market, sells);
  const willing = others.filter((order) => (sells ? order.price >= at : order.price <= at));
  const beyond = others.find((order) => !willing.includes(order))?.price;
  const first = inTurn(market, !sells).filter(
    (order) => beyond !== undefined && (sells ? order.price <= beyond : order.price >= beyond),
  );
  const room = volume - sumOf(first);
  const taken = sumOf(willing.slice(0, MAX_MATCHES - tally.met - able.length));
  const lots = least(least(sumOf(able), taken), room);
  if (lots <= 0n) return;
  const shares = proRata(
    lots,
    able.map((claim) => claim.lots),
  );
  for (const [index, claim] of able.entries()) closeClaim(world, claim, shares[index] ?? 0n, tally);
}

function closeClaim(world: World, { position, health }: Claim, share: bigint, tally: Tally): void {
  if (share === 0n) return;
  const { journal } = world;
  const { bucket, market, lots: held } = position;
  const { price: at } = market.breaker.auction;
  const closing = forcedOrder(position, share, at);
  let filled = 0n;
  let fees = 0n;
  while (closing.lots > 0n && tally.met < MAX_MATCHES) {
    const other = inTurn(market, held > 0n)[0];
    if (other === undefined || (held > 0n ? other.price < at : other.price > at)) break;
    tally.met += 1;
    if (isOutdated(world, other)) removeOrder(world, other, REASON.expired);
    else if (other.bucket.account === bucket.account) removeOrder(world, other, REASON.selfTrade);
    else {
      const traded = tradeWith(world, other, closing);
      if (traded === "openInterest") break;
      filled += traded.lots;
      fees += traded.fee;
    }
  }
  if (filled === 0n) return;
  const matched = { filled, worth: notionalOf(market, at, filled), fees, stop: REASON.none };
  const penalty = health.equity < 0n ? 0n : penaltyOf(market, held, matched, health, bucket.cash);
  journal.set(bucket, "cash", bucket.cash - penalty);
  journal.set(bucket.tier, "insurance", bucket.tier.insurance + penalty);
  const closed = held > 0n ? filled : -filled;
  emit(world, "positionLiquidated", market.id, bucket.id, closed, HOW.callAuction, 0, at, penalty);
}

function forcedOrder({ bucket, market, lots: held }: Position, lots: bigint, at: number): Order {
  return {
    id: 0,
    arrival: 0,
    bucket,
    market,
    direction: held > 0n ? -1n : 1n,
    isMarket: false,
    timeInForce: TIME_IN_FORCE.immediateOrCancel,
    expiry: 0,
    clientId: 0,
    postOnly: false,
    selfTrade: SELF_TRADE.cancelOldest,
    trigger: 0,
    firesRising: false,
    reduceOnly: true,
    price: at,
    lots,
    place: "nowhere",
    isForced: true,
    uniformPrice: at,
  };
}

const isOutdated = (world: World, { expiry }: Order): boolean => expiry > 0 && expiry <= world.time;

/** Pairs the first of both sides while both trade at the price; false if there was too much for one tick. */
function tradeAll(world: World, market: Market, tally: Tally): boolean {
  const { price: at } = market.breaker.auction;
  for (;;) {
    const buy = inTurn(market, true)[0];
    const sell = inTurn(market, false)[0];
    if (buy === undefined || sell === undefined || buy.price < at || sell.price > at) return true;
    if (tally.met === MAX_MATCHES) return false;
    tally.met += 1;
    pair(world, buy, sell, at);
  }
}

function pair(world: World, buy: Order, sell: Order, at: number): void {
  const { market } = buy;
  const old = [buy, sell].find((order) => isOutdated(world, order));
  if (old !== undefined) return removeOrder(world, old, REASON.expired);
  if (buy.bucket.account === sell.bucket.account) {
    return removeOrder(world, newer(buy, sell), REASON.selfTrade);
  }
  const barred = [buy, sell].find((order) => fillable(world, order) === 0n);
  if (barred !== undefined) return removeOrder(world, barred, REASON.reduceOnly);
  const lots = least(fillable(world, buy), fillable(world, sell));
  if (wouldExceedOpenInterest(world, sell, buy, lots)) {
    removeOrder(world, buy, REASON.openInterest);
    return removeOrder(world, sell, REASON.openInterest);
  }

  const mark = world.journal.mark;
  const told = world.events.length;
  const before = new Map([buy, sell].map((order) => [order, positionOf(world, order.bucket, market).lots]));
  const { maker, taker } = clearPair(world, buy, sell, lots, at);
  world.journal.set(market, "lastPrice", at);
  for (const order of [buy, sell]) shrink(world, order, lots);
  const unfit = [buy, sell].filter((order) => !isFit(world, order, before.get(order) ?? 0n));
  if (unfit.length > 0) {
    takeBack(world, mark, told);
    for (const order of unfit) removeOrder(world, order, REASON.makerMargin);
    return;
  }
  emit(world, "ordersPaired", market.id, buy.id, sell.id, buy.bucket.id, sell.bucket.id, at, lots);
  emit(
    world,
    "fill",
    market.id,
    sell.id,
    sell.bucket.id,
    buy.bucket.id,
    0,
    at,
    lots,
    maker.fee,
    taker.fee,
    maker.realised,
    taker.realised,
  );
  for (const order of [buy, sell]) leaveIfDone(world, order);
}

function leaveIfDone(world: World, order: Order): void {
  if (order.lots === 0n) {
    detach(world, order);
    close(world, order);
  } else if (order.reduceOnly && fillable(world, order) === 0n) removeOrder(world, order, REASON.reduceOnly);
}

/** The one that was entered later. */
function newer(one: Order, other: Order): Order {
  return one.arrival > other.arrival ? one : other;
}

function reopen(world: World, market: Market): void {
  restCollected(world, market);
  world.journal.set(market.breaker, "auction", { price: 0, extensions: 0, endsAt: 0, drawnAt: 0, draw: 0n });
  enter(world, market, BREAKER.reopen, [AUCTION_OVER, 0n, 0n, 0n]);
}

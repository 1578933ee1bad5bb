/**
 * The call auction in which a halt ends: orders are collected, then all that cross trade at one price, and liquidations with them.
 * See docs/spec/callAuction.md.
 */
import { NIL } from "../../kernel/arena.ts";
import { least, minus, most, negate, plus } from "../../kernel/checked.ts";
import { scaleFloor } from "../../kernel/mulDiv.ts";
import { numberOf } from "../../kernel/pool.ts";
import { type Lots, type MicroUsd, type Ms, NONE, type Ticks } from "../../kernel/units.ts";
import { lotValueAt, valueOf } from "../../kernel/value.ts";
import { AUCTION_WINDOW, BREAKER, MAX_EXTENSIONS, SIGNAL } from "../../domain/breaker.ts";
import { ORDER_FLAG, ORDER_TYPE, SELF_TRADE, SIDE, TIME_IN_FORCE } from "../../domain/commands.ts";
import { DISTRESS } from "../../domain/distress.ts";
import { EVENTS } from "../../domain/events.ts";
import { MAX_MATCHES, MAX_SWEEP, ONE_TICK, PPM_ONE } from "../../domain/limits.ts";
import { packTerms } from "../../domain/orderTerms.ts";
import { FORBID } from "../../domain/permits.ts";
import { STATUS } from "../../domain/parameters.ts";
import { BUCKET, POSITION } from "../../domain/rows/bucket.ts";
import { GUARD } from "../../domain/rows/guard.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { orderStatus } from "../../domain/trading.ts";
import type { Venue } from "../../domain/venue.ts";
import { type Clearing, type Interest, clearingPrice } from "../../execution/clearingPrice.ts";
import { AuctionSide, type Interests, bestOf, interestsOf, lotsWithin } from "../../execution/collected.ts";
import { restCollected } from "../../execution/orderBook.ts";
import { digestOf } from "../../governance/digests.ts";
import { enterLevel } from "../../guard/breaker.ts";
import { readStanding, writeCount } from "../../guard/standing.ts";
import { restartMarks } from "../../guard/velocity.ts";
import { HOW, chargePenalty } from "./closePosition.ts";
import { hasExpired } from "./fireOrder.ts";
import { type Claim, type ForcedVolume, forcedVolume, sumOf } from "./forcedVolume.ts";
import { meet } from "./matchEntry.ts";
import { pairOrders } from "./pairOrders.ts";
import { proRata } from "./proRata.ts";
import { renewTerms } from "./renewTerms.ts";
import { beginLiquidation } from "./serveDistress.ts";

const PRICED = EVENTS.auctionPriced.code;
const EXTENDED = EVENTS.auctionExtended.code;
const MOVED = EVENTS.breakerMoved.code;
const LIQUIDATED = EVENTS.positionLiquidated.code;

/** Orders that all auctions of a command may still meet. */
interface Budget {
  left: number;
}

/** The market begins to collect orders. */
export function beginCollection(tier: TierShard, market: Market, now: Ms): void {
  const { arena } = tier;
  const guard = tier.guard(market.id);
  arena.setInt(guard, GUARD.auctionPrice, NONE);
  arena.setInt(guard, GUARD.auctionExtensions, 0);
  collectFrom(tier, market, now);
}

/** Every auction of the tier whose collection is over is priced, and executed as far as a command may. */
export function runAuctions(venue: Venue, tier: TierShard): void {
  const budget = { left: MAX_MATCHES };
  for (let id = 1; id <= tier.marketCount; id++) {
    const market = tier.listedMarket(id);
    const isOn = tier.arena.num(tier.guard(id), GUARD.level) === BREAKER.auction;
    if (isOn && tier.arena.int(market.row, MARKET.status) < STATUS.settled)
      runAuction(venue, tier, market, budget);
  }
}

function runAuction(venue: Venue, tier: TierShard, market: Market, budget: Budget): void {
  const { arena } = tier;
  const guard = tier.guard(market.id);
  const isPriced = arena.int(guard, GUARD.auctionPrice) !== 0;
  if (!mayExecute(venue, tier, market)) {
    if (!isPriced) collectFrom(tier, market, venue.now);
    return;
  }
  if (!isPriced) {
    if (budget.left < MAX_MATCHES || !isOver(venue, tier, market)) return;
    if (!setPrice(venue, tier, market, budget)) return;
  }
  const price = arena.int(guard, GUARD.auctionPrice);
  if (!tradeOrders(venue, tier, market, price, budget)) return;
  if (isCrossed(tier, market)) {
    // Somebody could not bear a trade, and what he stood between crosses still: another price is found at the next tick.
    arena.setInt(guard, GUARD.auctionPrice, NONE);
    arena.setNum(guard, GUARD.auctionEnds, NONE);
  } else reopen(venue, tier, market);
}

/** True while nothing but the auction keeps the market from trading. */
function mayExecute(venue: Venue, tier: TierShard, market: Market): boolean {
  const { arena } = tier;
  const { row } = market;
  if (orderStatus(tier, market) >= STATUS.halted || hasExpired(venue, tier, market)) return false;
  return (arena.int(row, MARKET.forbids) & FORBID.take) === 0 && arena.int(row, MARKET.index) !== 0;
}

/** Collection begins, or begins anew after something else had stopped the market. */
function collectFrom(tier: TierShard, market: Market, now: Ms): void {
  const { arena } = tier;
  const guard = tier.guard(market.id);
  arena.setNum(guard, GUARD.auctionEnds, plus(now, arena.int(market.row, MARKET.callAuctionPeriod)));
  arena.setNum(guard, GUARD.auctionDrawn, NONE);
  arena.setNum(guard, GUARD.auctionDraw, 0);
}

const DRAWS = 2 ** 32;
/** What of a digest's 52 bits is left out of a draw. */
const DIGEST_REST = 2 ** 20;

/**
 * True when collection ends with this tick: drawn anew at each, so that its end is uniform over the window and nobody knows it before. What is
 * drawn from, no order moves: the index, and the time of the tick.
 */
function isOver(venue: Venue, tier: TierShard, market: Market): boolean {
  const { arena } = tier;
  const guard = tier.guard(market.id);
  const ends = arena.num(guard, GUARD.auctionEnds);
  if (ends === 0) return true;
  if (venue.now < ends) return false;
  const passed = minus(venue.now, ends);
  if (passed >= AUCTION_WINDOW) return true;
  const drawn = arena.num(guard, GUARD.auctionDrawn);
  const index = arena.int(market.row, MARKET.index);
  const digest = digestOf([arena.num(guard, GUARD.auctionDraw), market.id, venue.now, index]);
  const draw = Math.floor(digest / DIGEST_REST);
  arena.setNum(guard, GUARD.auctionDraw, draw);
  arena.setNum(guard, GUARD.auctionDrawn, passed);
  return draw * minus(AUCTION_WINDOW, drawn) < minus(passed, drawn) * DRAWS;
}

/** Finds the price, and closes at it what is to be liquidated. @returns false if there is none to trade at now */
function setPrice(venue: Venue, tier: TierShard, market: Market, budget: Budget): boolean {
  const { arena } = tier;
  const guard = tier.guard(market.id);
  const forced = beginAll(venue, tier, forcedVolume(tier, market));
  const interests = interestsOf(arena, market, forced.claims, forced.sells);
  const clearing = clearingOf(tier, market, interests, forced);
  if (clearing === undefined) {
    reopen(venue, tier, market);
    return false;
  }
  const { price, volume, imbalance } = clearing;
  const extensions = arena.int(guard, GUARD.auctionExtensions);
  const collar = collarOf(tier, market);
  if (
    extensions < MAX_EXTENSIONS &&
    collar !== undefined &&
    (price < collar.lowest || price > collar.highest)
  ) {
    arena.setInt(guard, GUARD.auctionExtensions, extensions + 1);
    collectFrom(tier, market, venue.now);
    const endsAt = arena.num(guard, GUARD.auctionEnds);
    venue.events.emit(EXTENDED, market.id, price, collar.lowest, collar.highest, extensions + 1, endsAt);
    return false;
  }
  arena.setInt(guard, GUARD.auctionPrice, price);
  const wanted = sumOf(forced.claims);
  const signed = forced.sells ? wanted : negate(wanted);
  const index = arena.int(market.row, MARKET.index);
  venue.events.emit(PRICED, market.id, price, volume, imbalance, signed, extensions, index);
  closeForced(venue, tier, market, forced, interests, clearing, budget);
  return true;
}

/** What would clear the market now, with what is liquidated. */
export function clearingOf(
  tier: TierShard,
  market: Market,
  { bids, asks }: Interests,
  { sells, claims }: ForcedVolume,
): Clearing | undefined {
  const reference = tier.arena.int(market.row, MARKET.index);
  const withForced = (side: readonly Interest[], isTheirs: boolean): readonly Interest[] =>
    isTheirs ? [...side, ...claims] : side;
  return clearingPrice(withForced(bids, !sells), withForced(asks, sells), reference);
}

/** Prices at which an auction may clear without being extended, around the index; undefined = any. Each extension widens it by half. */
export function collarOf(
  tier: TierShard,
  market: Market,
): { readonly lowest: Ticks; readonly highest: Ticks } | undefined {
  const { arena } = tier;
  const collar = arena.int(market.row, MARKET.callAuctionCollar);
  if (collar === 0) return undefined;
  const index = arena.int(market.row, MARKET.index);
  const halves = 2 + arena.int(tier.guard(market.id), GUARD.auctionExtensions);
  const reach = scaleFloor(index, collar * halves, 2 * PPM_ONE);
  return { lowest: most(minus(index, reach), ONE_TICK), highest: least(plus(index, reach), market.highest) };
}

/** Liquidations that take part begin, as far as a command may tell of; the others do not take part. */
function beginAll(venue: Venue, tier: TierShard, { sells, claims }: ForcedVolume): ForcedVolume {
  const { events } = venue;
  const end = events.count + MAX_SWEEP;
  const begun: Claim[] = [];
  for (const claim of claims) {
    if (events.count >= end) break;
    if (tier.arena.int(claim.bucket, BUCKET.distress) === DISTRESS.queued)
      beginLiquidation(venue, tier, claim.bucket, claim.equity, claim.maintenance);
    begun.push(claim);
  }
  return { sells, claims: begun };
}

/**
 * Closes what may be closed at the price, pro rata: as much as trades beside the orders that would cross the other side otherwise, and as
 * the first of the other side can take.
 */
function closeForced(
  venue: Venue,
  tier: TierShard,
  market: Market,
  { sells, claims }: ForcedVolume,
  { bids, asks }: Interests,
  { price, volume }: Clearing,
  budget: Budget,
): void {
  const able = claims.filter((claim) => (sells ? claim.price <= price : claim.price >= price));
  if (able.length === 0) return;
  const [own, others] = sells ? [asks, bids] : [bids, asks];
  const beyond = nextWorse(others, sells, price);
  const before = beyond === NONE ? NONE : lotsWithin(own, !sells, beyond);
  const side = new AuctionSide(tier.arena, market, sells);
  const takers = side.lotsOfFirst(budget.left - able.length, price);
  const wanted = sumOf(able);
  const lots = least(least(wanted, takers), minus(volume, before));
  if (lots <= 0) return;
  const sizes = able.map((claim) => claim.lots);
  const shares = proRata(lots, sizes, wanted);
  able.forEach((claim, index) =>
    closeClaim(venue, tier, market, claim, shares[index] ?? NONE, side, price, budget),
  );
}

/** The best price of those that do not trade at `price`: the highest bid below it, or the lowest offer above; 0 = there is none. */
function nextWorse(side: readonly Interest[], isBid: boolean, price: Ticks): Ticks {
  let best: Ticks = NONE;
  for (const each of side) {
    const isWorse = isBid ? each.price < price : each.price > price;
    if (!isWorse) continue;
    if (best === NONE || (isBid ? each.price > best : each.price < best)) best = each.price;
  }
  return best;
}

/** Closes one bucket's share against the orders whose turn it is; the penalty is that of a liquidation on the book. */
function closeClaim(
  venue: Venue,
  tier: TierShard,
  market: Market,
  claim: Claim,
  share: Lots,
  side: AuctionSide,
  price: Ticks,
  budget: Budget,
): void {
  if (share === 0) return;
  const { arena } = tier;
  const { entry, events } = venue;
  const { bucket, position, equity, maintenance } = claim;
  const held = arena.num(position, POSITION.lots);
  const isLong = held > 0;
  const terms = packTerms(
    isLong ? SIDE.sell : SIDE.buy,
    ORDER_TYPE.market,
    TIME_IN_FORCE.immediateOrCancel,
    ORDER_FLAG.reduceOnly,
    SELF_TRADE.cancelOldest,
  );
  entry.begin(bucket, position, arena.int(bucket, BUCKET.account), terms, price, share);
  entry.isForced = true;
  entry.uniformPrice = price;
  for (; entry.open > 0 && budget.left > 0; budget.left--) {
    const order = side.next(price);
    if (order === NIL) break;
    meet(venue, tier, market, entry, order);
  }
  const { filled, fees } = entry;
  if (filled === 0) return;
  let penalty: MicroUsd = NONE;
  if (equity >= 0) {
    const worth = valueOf(filled, lotValueAt(price, market.notional));
    const fair = valueOf(filled, arena.num(market.row, MARKET.lotValue));
    const slippage = most(isLong ? minus(fair, worth) : minus(worth, fair), NONE);
    const whole = isLong ? held : negate(held);
    const loss = plus(slippage, fees);
    const standing = { equity, maintenance };
    penalty = chargePenalty(tier, market, { bucket, position }, whole, filled, worth, loss, standing);
  }
  const closed = isLong ? filled : negate(filled);
  const id = numberOf(tier.buckets, bucket);
  events.emit(LIQUIDATED, market.id, id, closed, HOW.callAuction, 0, price, penalty);
}

/** Pairs the best of both sides for as long as both trade at the price. @returns true if none are left that do */
function tradeOrders(venue: Venue, tier: TierShard, market: Market, price: Ticks, budget: Budget): boolean {
  const { arena } = tier;
  const bids = new AuctionSide(arena, market, true);
  const asks = new AuctionSide(arena, market, false);
  for (;;) {
    const buy = bids.next(price);
    const sell = asks.next(price);
    if (buy === NIL || sell === NIL) return true;
    if (budget.left === 0) return false;
    budget.left--;
    pairOrders(venue, tier, market, buy, sell, price);
  }
}

function isCrossed(tier: TierShard, market: Market): boolean {
  const bid = bestOf(tier.arena, market, true);
  const ask = bestOf(tier.arena, market, false);
  return bid !== 0 && ask !== 0 && bid >= ask;
}

/** The auction is over: what is left of the orders rests on the book, and the market reopens. */
function reopen(venue: Venue, tier: TierShard, market: Market): void {
  const { arena } = tier;
  const { now } = venue;
  const guard = tier.guard(market.id);
  while (arena.int(market.row, MARKET.collected) !== 0) restCollected(arena, market);
  for (const cell of [GUARD.auctionEnds, GUARD.auctionDrawn]) arena.setNum(guard, cell, NONE);
  arena.setInt(guard, GUARD.auctionPrice, NONE);
  arena.setInt(guard, GUARD.auctionExtensions, 0);
  arena.setNum(guard, GUARD.auctionDraw, 0);
  const standing = readStanding(arena, guard);
  enterLevel(standing, BREAKER.reopen, now);
  writeCount(arena, guard, standing);
  restartMarks(arena, guard);
  arena.setNum(guard, GUARD.level, BREAKER.reopen);
  arena.setNum(guard, GUARD.since, now);
  arena.setNum(guard, GUARD.calmSince, NONE);
  arena.setInt(guard, GUARD.signal, SIGNAL.auctionOver);
  venue.events.emit(MOVED, market.id, BREAKER.auction, BREAKER.reopen, SIGNAL.auctionOver, 0, 0, 0);
  renewTerms(tier, market, now);
}

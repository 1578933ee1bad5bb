/**
 * A taker meets makers at the best opposite price, the oldest first.
 *
 * @see docs/spec/execution.md, "Matching"
 */
import { absolute, greatest, least } from "./arithmetic.ts";
import { orderStatus } from "./breaker.ts";
import { clearFill } from "./clearing.ts";
import { equity, required } from "./margin.ts";
import { limitInForce } from "./manipulation.ts";
import { close, detach, isBuy, reduceOrder, removeOrder, shrink } from "./orders.ts";
import { MAX_MATCHES, REASON, SELF_TRADE, STATUS } from "./terms.ts";
import type { Order, World } from "./venue.ts";
import { emit, notionalOf, positionOf, takeBack } from "./world.ts";

/** What matching came to: lots traded, and why it stopped early (`REASON.none` if it did not). */
export interface Matched {
  readonly filled: bigint;
  /** What the filled lots are worth at their prices. */
  readonly worth: bigint;
  /** Fees the taker paid. */
  readonly fees: bigint;
  readonly stop: number;
}

/** Trades the taker up to `limit`; its lots are what is left of it. */
export function match(world: World, taker: Order, limit: number): Matched {
  let filled = 0n;
  let worth = 0n;
  let fees = 0n;
  const stopFor = (stop: number): Matched => ({ filled, worth, fees, stop });
  while (taker.lots > 0n) {
    const maker = bestOpposite(taker);
    if (maker === undefined || !isReached(taker, limit, maker.price)) break;
    if (world.met === MAX_MATCHES) return stopFor(REASON.matchLimit);
    world.met += 1;

    if (maker.expiry > 0 && maker.expiry <= world.time) {
      removeOrder(world, maker, REASON.expired);
    } else if (maker.bucket.account === taker.bucket.account) {
      if (!tradeWithSelf(world, maker, taker)) return stopFor(REASON.selfTrade);
    } else {
      const traded = tradeWith(world, maker, taker);
      if (traded === "openInterest") return stopFor(REASON.openInterest);
      filled += traded.lots;
      worth += notionalOf(taker.market, maker.price, traded.lots);
      fees += traded.fee;
    }
    cutToPosition(world, taker);
  }
  return stopFor(REASON.none);
}

/** Best opposite order: the oldest at the lowest ask or the highest bid. */
export function bestOpposite(taker: Order): Order | undefined {
  const { market } = taker;
  const side = isBuy(taker) ? market.asks : market.bids;
  const price = isBuy(taker) ? side.lowest : side.highest;
  return price === undefined ? undefined : side.first(price);
}

/** Whether an order that goes up to `limit` would trade at `price`. */
export function isReached(taker: Order, limit: number, price: number): boolean {
  return isBuy(taker) ? price <= limit : price >= limit;
}

/** Lots of the order's position that it could close; 0 if the position is not opposite. */
export function opposite(world: World, order: Order): bigint {
  const { lots } = positionOf(world, order.bucket, order.market);
  return lots * order.direction < 0n ? absolute(lots) : 0n;
}

/** Resolves a meeting of two orders of one account; false if the taker stops. */
function tradeWithSelf(world: World, maker: Order, taker: Order): boolean {
  switch (taker.selfTrade) {
    case SELF_TRADE.cancelNewest:
      return false;
    case SELF_TRADE.cancelOldest:
    case SELF_TRADE.cancelBoth:
      removeOrder(world, maker, REASON.selfTrade);
      return taker.selfTrade === SELF_TRADE.cancelOldest;
    default: {
      const lots = least(taker.lots, maker.lots);
      if (maker.lots > lots) reduceOrder(world, maker, lots, REASON.selfTrade);
      else removeOrder(world, maker, REASON.selfTrade);
      world.journal.set(taker, "lots", taker.lots - lots);
      return true;
    }
  }
}

/** What the taker traded with one maker, and paid for it. */
interface Traded {
  readonly lots: bigint;
  readonly fee: bigint;
}

const NOTHING: Traded = { lots: 0n, fee: 0n };

/** Lots of a resting order that may be filled now. */
export function fillable(world: World, order: Order): bigint {
  const closesOnly = order.reduceOnly || orderStatus(order.market) === STATUS.reduceOnly;
  return closesOnly ? least(order.lots, opposite(world, order)) : order.lots;
}

/** Fills what may be filled with one maker, or removes it. */
export function tradeWith(world: World, maker: Order, taker: Order): Traded | "openInterest" {
  const { market } = maker;
  const allowed = fillable(world, maker);
  if (allowed === 0n) {
    removeOrder(world, maker, REASON.reduceOnly);
    return NOTHING;
  }

  const lots = least(taker.lots, allowed);
  if (wouldExceedOpenInterest(world, maker, taker, lots)) return "openInterest";

  const mark = world.journal.mark;
  const told = world.events.length;
  const before = positionOf(world, maker.bucket, market).lots;
  const fill = clearFill(world, maker, taker, lots);
  const price = taker.uniformPrice ?? maker.price;
  world.journal.set(market, "lastPrice", price);
  shrink(world, maker, lots);
  if (!isFit(world, maker, before)) {
    takeBack(world, mark, told);
    removeOrder(world, maker, REASON.makerMargin);
    return NOTHING;
  }
  world.journal.set(taker, "lots", taker.lots - lots);

  const side = isBuy(taker) ? 0 : 1;
  emit(
    world,
    "fill",
    market.id,
    maker.id,
    maker.bucket.id,
    taker.bucket.id,
    side,
    price,
    lots,
    fill.maker.fee,
    fill.taker.fee,
    fill.maker.realised,
    fill.taker.realised,
  );
  if (maker.lots === 0n) {
    detach(world, maker);
    close(world, maker);
  } else if (maker.reduceOnly && opposite(world, maker) === 0n) {
    removeOrder(world, maker, REASON.reduceOnly);
  }
  return { lots, fee: fill.taker.fee };
}

/** Whether a fill would raise open interest above its cap. */
export function wouldExceedOpenInterest(world: World, maker: Order, taker: Order, lots: bigint): boolean {
  const { market } = maker;
  let after = market.openInterest;
  for (const order of [maker, taker]) {
    const held = positionOf(world, order.bucket, market).lots;
    after += greatest(held + order.direction * lots, 0n) - greatest(held, 0n);
  }
  return after > market.openInterest && after > limitInForce(market);
}

/** Whether a maker may keep its fill: it covers initial margin, or its position shrank without a flip. */
export function isFit(world: World, maker: Order, before: bigint): boolean {
  const { bucket, market } = maker;
  const { lots } = positionOf(world, bucket, market);
  const shrank = absolute(lots) < absolute(before) && lots * before >= 0n;
  return shrank || equity(world, bucket) >= required(bucket);
}

/** A reduce-only taker never exceeds the position it reduces. */
function cutToPosition(world: World, taker: Order): void {
  if (!taker.reduceOnly) return;
  world.journal.set(taker, "lots", least(taker.lots, opposite(world, taker)));
}

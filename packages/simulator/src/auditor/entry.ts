/**
 * An order enters the market: the last guards, its limits and margin, matching, and what rests of it. Fresh, fired and
 * amended orders all come this way.
 *
 * @see docs/spec/execution.md, guards 11 to 13
 * @see docs/spec/risk.md, "An order enters"
 */
import { absolute, least } from "./arithmetic.ts";
import { collects, orderStatus } from "./breaker.ts";
import { bandEdge } from "./band.ts";
import {
  type Exposure,
  equity,
  exposureAtCeilings,
  maintenance,
  required,
  requirement,
  worstLots,
} from "./margin.ts";
import { bestOpposite, isReached, match, opposite } from "./matching.ts";
import { close, collect, isBuy, rest } from "./orders.ts";
import { FORBIDS, priceMustAllow } from "./permits.ts";
import { refuse } from "./refusal.ts";
import { MAX_BUCKET_VALUE, REASON, STATUS, TIME_IN_FORCE } from "./terms.ts";
import type { Order, World } from "./venue.ts";
import { notionalOf, positionOf } from "./world.ts";

/** What became of an order; `resting` is 0 if nothing rests, and `reason` says why. */
export interface Entered {
  readonly order: number;
  readonly filled: bigint;
  readonly resting: bigint;
  readonly reason: number;
}

/** How a bucket stood before an order. */
interface Standing {
  readonly equity: bigint;
  readonly maintenance: bigint;
  /** Initial margin with the order's lots counted as open. */
  readonly required: bigint;
}

/** Enters an order that stands nowhere; throws `Refused`, and then the caller undoes it. */
export function enter(world: World, order: Order): Entered {
  mustReduceWhereAsked(world, order);
  const limit = limitOf(order);
  const lotsBefore = positionOf(world, order.bucket, order.market).lots;
  const before = mustAffordEntry(world, order, limit);
  if (collects(order.market)) {
    collect(world, order);
    return { order: order.id, filled: 0n, resting: order.lots, reason: REASON.none };
  }
  mustNotCrossIfPostOnly(order);

  const whole = order.lots;
  const { filled, fees, stop } = match(world, order, limit);
  if (order.timeInForce === TIME_IN_FORCE.fillOrKill && filled < whole) {
    refuse("fill_or_kill_unfilled", filled, whole);
  }

  const reason = reasonNotToRest(order, stop);
  if (reason === undefined) rest(world, order);
  else close(world, order);
  if (filled > 0n) mustAffordFills(world, order, before, lotsBefore, fees);

  if (reason !== undefined) return { order: 0, filled, resting: 0n, reason };
  return { order: order.id, filled, resting: order.lots, reason: REASON.none };
}

/** Guard 11: reduce-only orders, and every order of a reduce-only market, only shrink an opposite position. */
function mustReduceWhereAsked(world: World, order: Order): void {
  const { market, bucket } = order;
  const closable = opposite(world, order);
  const isMarketReducing = orderStatus(market) === STATUS.reduceOnly;
  if (order.reduceOnly && closable === 0n) {
    refuse("nothing_to_reduce", positionOf(world, bucket, market).lots);
  }
  if (isMarketReducing && closable === 0n) refuse("reduce_only_market", market.id);

  if (closable === 0n) priceMustAllow(market, FORBIDS.open);
  else if (order.postOnly) priceMustAllow(market, FORBIDS.reduce);
  else priceMustAllow(market, FORBIDS.reduce, FORBIDS.take);

  const isReducing = isMarketReducing || (market.forbids !== 0 && closable > 0n);
  if (isReducing) world.journal.set(order, "reduceOnly", true);
  if (order.reduceOnly) world.journal.set(order, "lots", least(order.lots, closable));
}

/** Worst price the order may trade at: its own, or the edge of the band for a market order without one. */
function limitOf(order: Order): number {
  if (order.isMarket && order.price === 0) {
    return bandEdge(order.market, order.direction, order.market.mark);
  }
  return order.price;
}

/** Guard 12: position limit, bucket cap and initial margin, as if the whole order were open at its price. */
function mustAffordEntry(world: World, order: Order, limit: number): Standing {
  const { bucket, market } = order;
  const without = positionOf(world, bucket, market);
  const standing = { equity: equity(world, bucket), maintenance: maintenance(bucket) };
  const requiredWithout = required(bucket);
  if (order.reduceOnly) return { ...standing, required: requiredWithout };

  const together = withOpen(without, order, limit);
  const exposure = worstLots(together);
  const grown = exposure - worstLots(without);
  if (grown > 0n && exposure > market.terms.maxPositionLots) {
    refuse("position_limit", exposure, market.terms.maxPositionLots);
  }
  const value = exposureAtCeilings(bucket) + grown * market.ceiling;
  if (grown > 0n && value > MAX_BUCKET_VALUE) refuse("bucket_exposure_cap", value, MAX_BUCKET_VALUE);

  const added = requirement(together) - requirement(without);
  const requiredWith = requiredWithout + added;
  if (added > 0n && standing.equity < requiredWith) {
    refuse("margin_insufficient", standing.equity, requiredWith);
  }
  return { ...standing, required: requiredWith };
}

/** The position with the order's lots counted as open at `price`. */
function withOpen(position: Exposure, order: Order, price: number): Exposure {
  const { market, lots, bidLots, bidNotional, askLots, askNotional } = position;
  const notional = notionalOf(market, price, order.lots);
  return isBuy(order)
    ? {
        market,
        lots,
        bidLots: bidLots + order.lots,
        bidNotional: bidNotional + notional,
        askLots,
        askNotional,
      }
    : {
        market,
        lots,
        bidLots,
        bidNotional,
        askLots: askLots + order.lots,
        askNotional: askNotional + notional,
      };
}

function mustNotCrossIfPostOnly(order: Order): void {
  const best = bestOpposite(order);
  if (order.postOnly && best !== undefined && isReached(order, order.price, best.price)) {
    refuse("post_only_would_cross", order.price, best.price);
  }
}

/** Why nothing of the order rests; undefined if a remainder does. */
function reasonNotToRest(order: Order, stop: number): number | undefined {
  if (order.lots === 0n) return REASON.none;
  if (stop !== REASON.none) return stop;
  const isImmediate = order.timeInForce >= TIME_IN_FORCE.immediateOrCancel;
  return order.isMarket || isImmediate ? REASON.immediateOrCancel : undefined;
}

/** After fills: initial margin is covered, or an account that was below it holds less and is no less healthy. */
function mustAffordFills(
  world: World,
  { bucket, market }: Order,
  before: Standing,
  lotsBefore: bigint,
  fees: bigint,
): void {
  const now = equity(world, bucket);
  const needed = required(bucket);
  if (now >= needed) return;
  if (before.equity >= before.required) refuse("margin_insufficient", now, needed);

  const kept = maintenance(bucket);
  const lotsNow = positionOf(world, bucket, market).lots;
  const shrunk = absolute(lotsNow) < absolute(lotsBefore) && lotsNow * lotsBefore >= 0n;
  // The ratio of an insolvent bucket falls even at the mark; it may close if it gives away nothing but fees.
  const isKept =
    before.equity < 0n ? now + fees >= before.equity : now * before.maintenance >= before.equity * kept;
  if (!shrunk || !isKept) refuse("health_would_fall", now, kept);
}

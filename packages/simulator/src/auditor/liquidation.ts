/**
 * One step of a liquidation: part of one position goes to the book, and after the auction the backstop takes over what is left.
 *
 * @see docs/spec/liquidation.md, "A step"
 */
import { absolute } from "./arithmetic.ts";
import { takeOver } from "./backstop.ts";
import { pausedSince } from "./breaker.ts";
import { bandEdge } from "./band.ts";
import { mayBeLiquidated, sellOnBook } from "./bookSale.ts";
import { closeInsolvent } from "./insolvency.ts";
import {
  lotsToClose,
  marginOf,
  penaltyOf,
  ticksGiven,
  ticksToBackstop,
  worseThanMark,
} from "./liquidationSize.ts";
import { type Health, healthOf } from "./margin.ts";
import { newestFirst, removeOrder } from "./orders.ts";
import { ENDED, HOW, REASON } from "./terms.ts";
import type { Bucket, Position, World } from "./venue.ts";
import { emit, holdsPositions } from "./world.ts";

/** Serves one bucket in distress; true if it is still in distress afterwards. */
export function takeStep(world: World, bucket: Bucket): boolean {
  const health = healthOf(world, bucket);
  if (health.equity >= health.maintenance) return end(world, bucket, ENDED.recovered, health);
  if (bucket.distress !== "begun" && !begin(world, bucket, health)) return true;
  if (health.equity < 0n) return closeInsolvent(world, bucket, health);

  const position = largestOf(world, bucket, health);
  if (position === undefined) return true;
  sell(world, position, health);
  handOver(world, position);

  const left = healthOf(world, bucket);
  if (left.equity < 0n) return closeInsolvent(world, bucket, left);
  if (left.equity < left.maintenance) return true;
  return end(world, bucket, holdsPositions(bucket) ? ENDED.recovered : ENDED.closed, left);
}

function end(world: World, bucket: Bucket, outcome: number, { equity }: Health): false {
  emit(world, "liquidationEnded", bucket.id, outcome, equity);
  return false;
}

/** The first step takes the bucket's orders away, unless none of its positions may be liquidated yet. */
function begin(world: World, bucket: Bucket, health: Health): boolean {
  const positions = [...bucket.positions.values()];
  const isStuck = holdsPositions(bucket) && !positions.some((each) => mayBeLiquidated(world, each, health));
  if (isStuck) return false;
  beginAnyway(world, bucket, health);
  return true;
}

/** A liquidation begins. */
export function beginAnyway(world: World, bucket: Bucket, health: Health): void {
  emit(world, "liquidationStarted", bucket.id, health.equity, health.maintenance);
  world.journal.set(bucket, "distress", "begun");
  world.journal.set(bucket, "distressSince", world.time);
  for (const order of newestFirst(bucket, undefined)) removeOrder(world, order, REASON.liquidated);
}

/** The position with the largest maintenance margin of those that may be liquidated; of equals, the one of the lowest market. */
function largestOf(world: World, bucket: Bucket, health: Health): Position | undefined {
  let largest: Position | undefined;
  let margin = -1n;
  for (const market of bucket.tier.markets) {
    const position = bucket.positions.get(market.id);
    if (position === undefined || !mayBeLiquidated(world, position, health)) continue;
    const own = marginOf(market, absolute(position.lots));
    if (own <= margin) continue;
    largest = position;
    margin = own;
  }
  return largest;
}

/** Sells what the step closes, at no worse a price than leaves E/M as it was; the penalty goes to the insurance fund. */
function sell(world: World, position: Position, health: Health): void {
  const { journal } = world;
  const { bucket, market, lots: held } = position;
  const lots = lotsToClose(position, health);
  const direction = held > 0n ? -1n : 1n;
  const zeroPrice = worseThanMark(market, held, ticksGiven(position, health, lots));
  const edge = bandEdge(market, direction, market.mark);
  const limit = direction > 0n ? Math.min(zeroPrice, edge) : Math.max(zeroPrice, edge);

  const sold = sellOnBook(world, position, lots, limit);
  if (sold.filled === 0n) return;
  const penalty = penaltyOf(market, held, sold, health, bucket.cash);
  journal.set(bucket, "cash", bucket.cash - penalty);
  journal.set(bucket.tier, "insurance", bucket.tier.insurance + penalty);
  const closed = -direction * sold.filled;
  emit(world, "positionLiquidated", market.id, bucket.id, closed, HOW.book, 0, limit, penalty);
}

/** Once the auction is over, a bucket that is still unhealthy but solvent gives the rest of the position to the backstop. */
function handOver(world: World, position: Position): void {
  const { bucket, market, lots } = position;
  const { auctionStart, auctionSpan } = bucket.tier;
  const began = bucket.distressSince + pausedSince(market, bucket.distressSince);
  const isOver = BigInt(world.time) >= BigInt(began) + auctionStart + auctionSpan;
  if (lots === 0n || !isOver) return;
  const health = healthOf(world, bucket);
  if (health.equity < 0n || health.equity >= health.maintenance) return;
  takeOver(world, position, worseThanMark(market, lots, ticksToBackstop(position, health)));
}

/** The distress queue is served: each bucket at its front takes one step of its liquidation. See docs/spec/liquidation.md. */
import { NIL, type Ref } from "../../kernel/arena.ts";
import { numberOf } from "../../kernel/pool.ts";
import { type MicroUsd, NONE } from "../../kernel/units.ts";
import { hasBids } from "../../domain/bids.ts";
import { DISTRESS, joinDistress, nextInDistress } from "../../domain/distress.ts";
import { EVENTS, REASON } from "../../domain/events.ts";
import { MAX_LIQUIDATIONS, MAX_MATCHES, MAX_SWEEP } from "../../domain/limits.ts";
import { positionOf } from "../../domain/positions.ts";
import { BUCKET, POSITION } from "../../domain/rows/bucket.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { liquidates, noteUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { pausedSince } from "../../guard/pause.ts";
import { maintenanceEquityOf, maintenanceOf } from "../../risk/bucketMeasure.ts";
import { marginOfLots, stepLots, zeroPriceRoom } from "../../risk/liquidationStep.ts";
import { absolute } from "../../kernel/checked.ts";
import { closeOnBook, handToBackstop } from "./closePosition.ts";
import { closeBooks } from "./closeBooks.ts";
import { executeDueBids } from "./keeperAuction.ts";
import { mayLiquidate } from "./mayLiquidate.ts";
import { removeBucketOrders } from "./removeBucketOrders.ts";

/** How a liquidation ended. */
const OUTCOME = { recovered: 0, closed: 1, defaulted: 2 } as const;

/** Serves the queue as it stands, within what one command may do. @returns how many are in distress afterwards */
export function serveDistress(venue: Venue, tier: TierShard): number {
  const { arena, row } = tier;
  if (!liquidates(tier)) return 0;
  const waiting = Math.min(arena.int(row, TIER.inDistress), MAX_LIQUIDATIONS);
  for (let served = 0; served < waiting; served++) {
    if (venue.makersMet >= MAX_MATCHES || venue.events.count >= MAX_SWEEP) break;
    const bucket = nextInDistress(tier);
    if (takeStep(venue, tier, bucket)) joinDistress(tier, bucket);
  }
  if (hasBids(tier)) executeDueBids(venue, tier);
  return arena.int(row, TIER.inDistress);
}

/** @returns true if the bucket is still in distress */
function takeStep(venue: Venue, tier: TierShard, bucket: Ref<"bucket">): boolean {
  const { arena } = tier;
  const equity = maintenanceEquityOf(tier, bucket);
  const maintenance = maintenanceOf(tier, bucket);
  if (equity >= maintenance) return end(venue, tier, bucket, OUTCOME.recovered, equity);
  const market = heaviestMarket(venue, tier, bucket, equity, maintenance);
  if (arena.int(bucket, BUCKET.distress) === DISTRESS.queued) {
    if (market === undefined && hasPositions(tier, bucket)) return true;
    beginLiquidation(venue, tier, bucket, equity, maintenance);
  }
  if (equity < 0) return resolve(venue, tier, bucket);
  if (market === undefined) return true;

  closeOneStep(venue, tier, bucket, market, equity, maintenance);
  if (isAuctionOver(venue, tier, bucket, market)) handOver(venue, tier, bucket, market);
  const left = maintenanceEquityOf(tier, bucket);
  if (left < 0) return resolve(venue, tier, bucket);
  if (left < maintenanceOf(tier, bucket)) return true;
  return end(venue, tier, bucket, hasPositions(tier, bucket) ? OUTCOME.recovered : OUTCOME.closed, left);
}

/** The first step: the bucket's own orders go, since they could only add to what must be closed. */
export function beginLiquidation(
  venue: Venue,
  tier: TierShard,
  bucket: Ref<"bucket">,
  equity: MicroUsd,
  maintenance: MicroUsd,
): void {
  const { arena } = tier;
  arena.setInt(bucket, BUCKET.distress, DISTRESS.begun);
  arena.setNum(bucket, BUCKET.distressSince, venue.now);
  venue.events.emit(EVENTS.liquidationStarted.code, numberOf(tier.buckets, bucket), equity, maintenance);
  removeBucketOrders(venue, tier, bucket, 0, REASON.liquidated);
}

/** @returns false: the bucket has left the queue */
function end(
  venue: Venue,
  tier: TierShard,
  bucket: Ref<"bucket">,
  outcome: number,
  equity: MicroUsd,
): boolean {
  const { arena } = tier;
  arena.setInt(bucket, BUCKET.distress, DISTRESS.none);
  arena.setNum(bucket, BUCKET.distressSince, NONE);
  noteUnsettled(tier, bucket);
  venue.events.emit(EVENTS.liquidationEnded.code, numberOf(tier.buckets, bucket), outcome, equity);
  return false;
}

/** Among the bucket's positions that may be liquidated the one with the largest maintenance margin. */
function heaviestMarket(
  venue: Venue,
  tier: TierShard,
  bucket: Ref<"bucket">,
  equity: MicroUsd,
  maintenance: MicroUsd,
): Market | undefined {
  const { arena } = tier;
  let heaviest: Market | undefined;
  let most: MicroUsd = NONE;
  for (let id = 1; id <= tier.marketCount; id++) {
    const position = positionOf(arena, bucket, id);
    if (position === NIL || arena.num(position, POSITION.lots) === 0) continue;
    const market = tier.listedMarket(id);
    if (!mayLiquidate(venue, tier, market, equity, maintenance)) continue;
    const margin = marginOfLots(arena, market, absolute(arena.num(position, POSITION.lots)));
    if (heaviest !== undefined && margin <= most) continue;
    heaviest = market;
    most = margin;
  }
  return heaviest;
}

/** One immediate-or-cancel order at the zero price. */
function closeOneStep(
  venue: Venue,
  tier: TierShard,
  bucket: Ref<"bucket">,
  market: Market,
  equity: MicroUsd,
  maintenance: MicroUsd,
): void {
  const { arena } = tier;
  const position = positionOf(arena, bucket, market.id);
  const held = absolute(arena.num(position, POSITION.lots));
  const lots = stepLots(tier, market, position, equity, maintenance);
  const room = zeroPriceRoom(arena, market, held, lots, equity, maintenance);
  closeOnBook(venue, tier, market, { bucket, position }, lots, room, { equity, maintenance });
}

/** The time of a pause does not count: nobody could have bought. */
function isAuctionOver(venue: Venue, tier: TierShard, bucket: Ref<"bucket">, market: Market): boolean {
  const { arena, row } = tier;
  const since = arena.num(bucket, BUCKET.distressSince);
  const paused = pausedSince(arena, tier.guard(market.id), since);
  return venue.now >= since + paused + arena.num(row, TIER.auctionStart) + arena.num(row, TIER.auctionSpan);
}

/** Nobody else wanted what is left of the position: the backstop may take it, at a discount. */
function handOver(venue: Venue, tier: TierShard, bucket: Ref<"bucket">, market: Market): void {
  const equity = maintenanceEquityOf(tier, bucket);
  const maintenance = maintenanceOf(tier, bucket);
  if (equity < 0 || equity >= maintenance) return;
  const position = positionOf(tier.arena, bucket, market.id);
  if (position === NIL || tier.arena.num(position, POSITION.lots) === 0) return;
  handToBackstop(venue, tier, market, { bucket, position }, { equity, maintenance });
}

/** An insolvent bucket: all it has is closed now, and what it cannot pay is absorbed. @returns true if it must wait */
function resolve(venue: Venue, tier: TierShard, bucket: Ref<"bucket">): boolean {
  const result = closeBooks(venue, tier, bucket);
  if (result === "waits") return true;
  const outcome = result === "defaulted" ? OUTCOME.defaulted : OUTCOME.closed;
  return end(venue, tier, bucket, outcome, maintenanceEquityOf(tier, bucket));
}

function hasPositions(tier: TierShard, bucket: Ref<"bucket">): boolean {
  const { arena } = tier;
  for (let id = 1; id <= tier.marketCount; id++) {
    const position = positionOf(arena, bucket, id);
    if (position !== NIL && arena.num(position, POSITION.lots) !== 0) return true;
  }
  return false;
}

/** A bucket takes over lots of a position in liquidation, if its margin and its limits allow. */
import { NIL, type Ref } from "../../kernel/arena.ts";
import { plus } from "../../kernel/checked.ts";
import { find } from "../../kernel/pairIndex.ts";
import { rowOf } from "../../kernel/pool.ts";
import type { Lots, Ticks } from "../../kernel/units.ts";
import { MAX_BUCKET_VALUE } from "../../domain/limits.ts";
import { STATUS } from "../../domain/parameters.ts";
import { hasVacantSlot, openPosition, positionOf } from "../../domain/positions.ts";
import { BUCKET, POSITION } from "../../domain/rows/bucket.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { exposureOf, measureBucket } from "../../risk/bucketMeasure.ts";
import { onlyReduces } from "../../risk/health.ts";
import { type Holder, transferPosition } from "./transferPosition.ts";

/** Whether a bucket could take over lots, signed like the owner's position; leaves no trace. */
export function canTakeOver(
  venue: Venue,
  tier: TierShard,
  market: Market,
  owner: Holder,
  taker: number,
  lots: Lots,
  price: Ticks,
): boolean {
  const { arena } = tier;
  const savepoint = arena.savepoint();
  const eventsBefore = venue.events.count;
  const could = takeOver(venue, tier, market, owner, taker, lots, price);
  arena.rollbackTo(savepoint);
  venue.events.truncate(eventsBefore);
  return could;
}

/** Takes over lots, signed like the owner's position. @returns false, without a trace, if the taker may not */
export function takeOver(
  venue: Venue,
  tier: TierShard,
  market: Market,
  owner: Holder,
  taker: number,
  lots: Lots,
  price: Ticks,
): boolean {
  const { arena } = tier;
  const bucket = rowOf(arena, tier.buckets, taker);
  const savepoint = arena.savepoint();
  const eventsBefore = venue.events.count;
  if (pass(venue, tier, market, owner, bucket, lots, price)) return true;
  arena.rollbackTo(savepoint);
  venue.events.truncate(eventsBefore);
  return false;
}

function pass(
  venue: Venue,
  tier: TierShard,
  market: Market,
  owner: Holder,
  bucket: Ref<"bucket">,
  lots: Lots,
  price: Ticks,
): boolean {
  const { arena } = tier;
  let position = positionOf(arena, bucket, market.id);
  if (position === NIL && (isHeldElsewhere(tier, market, bucket) || !hasVacantSlot(arena, bucket)))
    return false;
  if (position === NIL) position = openPosition(tier, bucket, market);
  const held = arena.num(position, POSITION.lots);
  const exposure = exposureOf(arena, position);
  const shrinks = onlyReduces(held, plus(held, lots));
  if (!shrinks && arena.int(market.row, MARKET.status) === STATUS.reduceOnly) return false;
  transferPosition(venue, tier, market, owner, { bucket, position }, lots, price);
  if (shrinks) return true;
  const { figures } = venue;
  measureBucket(tier, bucket, figures);
  if (figures.equity < figures.required || figures.ceilingValue > MAX_BUCKET_VALUE) return false;
  const after = exposureOf(arena, position);
  return after <= exposure || after <= arena.num(market.row, MARKET.maxPositionLots);
}

/** An account holds a market in one of its buckets only. */
function isHeldElsewhere(tier: TierShard, market: Market, bucket: Ref<"bucket">): boolean {
  const { arena } = tier;
  const otherMode = arena.int(bucket, BUCKET.mode) === 0 ? market.id : 0;
  const other = find(arena, tier.bucketIndex, arena.int(bucket, BUCKET.account), otherMode);
  return other !== NIL && positionOf(arena, other, market.id) !== NIL;
}

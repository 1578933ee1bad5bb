/**
 * Place an order: limit, market, stop or take-profit. It is checked, admitted by risk, matched and cleared, and what remains
 * rests or waits — all in this one step. docs/spec/execution.md tells the rules in the order of this file.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { find } from "../kernel/pairIndex.ts";
import { numberOf } from "../kernel/pool.ts";
import type { Ticks } from "../kernel/units.ts";
import { BREAKER } from "../domain/breaker.ts";
import { ORDER_FLAG, ORDER_TYPE, PLACE_ORDER, SIDE, TIME_IN_FORCE } from "../domain/commands.ts";
import { integer, word } from "../domain/frame.ts";
import { MAX_COLLECTED } from "../domain/limits.ts";
import { isConditional, isLimit, packTerms, restsNever, waiting } from "../domain/orderTerms.ts";
import { STATUS } from "../domain/parameters.ts";
import { openOrdersOf, openPosition, positionOf } from "../domain/positions.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { BUCKET } from "../domain/rows/bucket.ts";
import { GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { collects, tradingState } from "../domain/trading.ts";
import type { Venue } from "../domain/venue.ts";
import { hasRoomForOrder, openOrder, orderId, orderOfClient } from "../execution/openOrders.ts";
import { isFull } from "../execution/orderBook.ts";
import { bandLimit, isOutside } from "../execution/priceBand.ts";
import { arm } from "../execution/timers.ts";
import { isMet, wait } from "../execution/triggers.ts";
import { enterOrder } from "./steps/enterOrder.ts";
import { hasExpired } from "./steps/fireOrder.ts";
import { bucketOf, enterMarket, enterTier, isAccount } from "./steps/lookUp.ts";

const { at } = PLACE_ORDER;

export function placeOrder(venue: Venue): OutcomeCode {
  const { command, entry } = venue;
  const tier = enterTier(venue, integer(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", integer(command, at.tier));
  const account = integer(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const bucketId = integer(command, at.bucket);
  const bucket = bucketOf(tier, bucketId);
  if (bucket === NIL) return venue.refuse("bucket_unknown", bucketId);
  const owner = tier.arena.int(bucket, BUCKET.account);
  if (owner !== account) return venue.refuse("bucket_not_owned", bucketId, owner);
  const marketId = integer(command, at.market);
  const market = enterMarket(venue, tier, marketId);
  if (market === undefined) return venue.refuse("market_unknown", marketId);
  const mode = tier.arena.int(bucket, BUCKET.mode);
  if (mode !== 0 && mode !== marketId) return venue.refuse("bucket_is_isolated", marketId, mode);

  const refusal =
    checkMarket(venue, tier, market) ||
    checkTerms(venue, tier, market) ||
    checkLimits(venue, tier, market, bucket);
  if (refusal !== ACCEPTED) return refusal;
  let position = positionOf(tier.arena, bucket, marketId);
  if (position === NIL) {
    const barred = checkNewPosition(venue, tier, market, bucket);
    if (barred !== ACCEPTED) return barred;
    position = openPosition(tier, bucket, market);
    if (position === NIL) return venue.refuse("position_capacity_reached", tier.capacities.positions);
  }

  const type = integer(command, at.type);
  if (isConditional(type)) return letWait(venue, tier, market, bucket, position);
  const lots = word(command, at.lots);
  entry.begin(bucket, position, account, termsOf(command), limitOf(command, tier, market), lots);
  entry.clientId = word(command, at.clientId);
  entry.expiry = word(command, at.expiry);
  const outcome = enterOrder(venue, tier, market);
  if (outcome !== ACCEPTED) return outcome;
  return venue.accept(
    entry.resting === 0 ? 0 : orderId(tier, entry.row),
    entry.filled,
    entry.resting,
    entry.reason,
  );
}

/** The market takes orders, and has a price to measure them by. */
function checkMarket(venue: Venue, tier: TierShard, market: Market): OutcomeCode {
  const { arena } = tier;
  const status = tradingState(arena, market.row);
  if (status > STATUS.reduceOnly && !collects(tier, market)) return venue.refuse("market_not_open", status);
  if (hasExpired(venue, tier, market)) {
    return venue.refuse("market_expired", arena.num(market.row, MARKET.expiry), venue.now);
  }
  if (arena.int(market.row, MARKET.mark) === 0) return venue.refuse("price_absent", market.id);
  return ACCEPTED;
}

/** The order's own terms fit each other, the range, the band and the clock. */
function checkTerms(venue: Venue, tier: TierShard, market: Market): OutcomeCode {
  const { command } = venue;
  const { arena } = tier;
  const type = integer(command, at.type);
  const timeInForce = integer(command, at.timeInForce);
  if (termsConflict(type, timeInForce, integer(command, at.flags))) {
    return venue.refuse("order_flags_conflict", type, timeInForce, integer(command, at.flags));
  }
  const flags = integer(command, at.flags);
  if (collects(tier, market)) {
    if (!mayBeCollected(type, timeInForce, flags))
      return venue.refuse("order_not_collected", type, timeInForce, flags);
    if (isFull(arena, market)) return venue.refuse("auction_full", MAX_COLLECTED);
  }
  const price = integer(command, at.price);
  const trigger = integer(command, at.trigger);
  const conditional = isConditional(type);
  if (isLimit(type) && price === 0) return venue.refuse("price_required", type);
  if (price === 0 && type === ORDER_TYPE.market) {
    const level = arena.num(tier.guard(market.id), GUARD.level);
    if (level !== BREAKER.normal) return venue.refuse("price_not_named", level);
  }
  if (conditional !== (trigger !== 0)) return venue.refuse("trigger_required", type, trigger);
  const highest = market.highest;
  if (price > highest) return venue.refuse("price_outside_range", price, highest);
  if (trigger > highest) return venue.refuse("price_outside_range", trigger, highest);
  const buys = integer(command, at.side) === SIDE.buy;
  const mark = arena.int(market.row, MARKET.mark);
  const limit = bandLimit(arena, market, buys, conditional ? trigger : mark);
  if (price !== 0 && isOutside(buys, price, limit)) return venue.refuse("price_outside_band", price, limit);
  if (conditional && isMet(type, integer(command, at.side), trigger, mark)) {
    return venue.refuse("trigger_already_met", trigger, mark);
  }
  const expiry = word(command, at.expiry);
  const dated = timeInForce === TIME_IN_FORCE.goodTillDate;
  if (dated ? expiry <= venue.now : expiry !== 0) return venue.refuse("expiry_required", expiry, venue.now);
  return ACCEPTED;
}

/** Post-only needs to rest; a market order cannot; what waits for a trigger may be dated all the same. */
function termsConflict(type: number, timeInForce: number, flags: number): boolean {
  if ((flags & ORDER_FLAG.postOnly) !== 0 && restsNever(type, timeInForce)) return true;
  if (isLimit(type)) return false;
  if (timeInForce === TIME_IN_FORCE.goodTillCancelled) return true;
  return type === ORDER_TYPE.market && timeInForce === TIME_IN_FORCE.goodTillDate;
}

/** A call auction executes at a price that nobody knows yet: all an order can say is up to which, and that it may rest. */
function mayBeCollected(type: number, timeInForce: number, flags: number): boolean {
  if (type !== ORDER_TYPE.limit || restsNever(type, timeInForce)) return false;
  return (flags & ORDER_FLAG.postOnly) === 0;
}

/** The client id is free, and there is room for one more order. */
function checkLimits(venue: Venue, tier: TierShard, market: Market, bucket: Ref<"bucket">): OutcomeCode {
  const { arena } = tier;
  const clientId = word(venue.command, at.clientId);
  if (clientId !== 0) {
    const known = orderOfClient(tier, integer(venue.command, at.account), clientId);
    if (known !== NIL) return venue.refuse("client_id_in_use", clientId, orderId(tier, known));
  }
  const most = arena.int(tier.row, TIER.maxBucketOrders);
  if (openOrdersOf(arena, bucket) >= most) return venue.refuse("bucket_order_limit", most);
  const limit = arena.int(market.row, MARKET.maxOrders);
  if (arena.int(market.row, MARKET.orders) >= limit) return venue.refuse("market_order_limit", limit);
  if (!hasRoomForOrder(tier)) return venue.refuse("order_capacity_reached", tier.capacities.orders);
  return ACCEPTED;
}

/**
 * An account holds a market either in its cross bucket or isolated, not both: margin grows with size, and a position in two
 * halves would escape it.
 */
function checkNewPosition(venue: Venue, tier: TierShard, market: Market, bucket: Ref<"bucket">): OutcomeCode {
  const { arena } = tier;
  const otherMode = arena.int(bucket, BUCKET.mode) === 0 ? market.id : 0;
  const other = find(arena, tier.bucketIndex, arena.int(bucket, BUCKET.account), otherMode);
  if (other !== NIL && positionOf(arena, other, market.id) !== NIL) {
    return venue.refuse("market_held_in_other_bucket", market.id, numberOf(tier.buckets, other));
  }
  return ACCEPTED;
}

/** A conditional order waits for its trigger; nothing is reserved until it fires. */
function letWait(
  venue: Venue,
  tier: TierShard,
  market: Market,
  bucket: Ref<"bucket">,
  position: Ref<"position">,
): OutcomeCode {
  const { command } = venue;
  const { arena } = tier;
  const lots = word(command, at.lots);
  const order = openOrder(
    tier,
    market,
    bucket,
    position,
    waiting(termsOf(command)),
    integer(command, at.price),
    integer(command, at.trigger),
    lots,
    word(command, at.clientId),
    integer(command, at.account),
  );
  wait(arena, market, order);
  if (word(command, at.expiry) !== 0) arm(tier, order, word(command, at.expiry));
  return venue.accept(orderId(tier, order), 0, lots, 0);
}

function termsOf(command: Float64Array): number {
  return packTerms(
    integer(command, at.side),
    integer(command, at.type),
    integer(command, at.timeInForce),
    integer(command, at.flags),
    integer(command, at.selfTrade),
  );
}

/** The worst price an order may trade at: the one it names, or the edge of the band for a market order that names none. */
function limitOf(command: Float64Array, tier: TierShard, market: Market): Ticks {
  const price = integer(command, at.price);
  if (price !== 0) return price;
  return bandLimit(
    tier.arena,
    market,
    integer(command, at.side) === SIDE.buy,
    tier.arena.int(market.row, MARKET.mark),
  );
}

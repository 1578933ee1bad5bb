/**
 * Change an open order's price or open lots. Making it smaller keeps its place in the queue; anything else takes it off the book
 * and enters it anew, under the same id. If that is refused the old order stays as it was.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { minus, negate } from "../kernel/checked.ts";
import { numberOf } from "../kernel/pool.ts";
import type { Lots, Ticks } from "../kernel/units.ts";
import { AMEND_ORDER, ORDER_FLAG, SELF_TRADE } from "../domain/commands.ts";
import { EVENTS, REASON } from "../domain/events.ts";
import { integer, word } from "../domain/frame.ts";
import { MAX_COLLECTED } from "../domain/limits.ts";
import {
  isBuy,
  isCollected,
  isPostOnly,
  isWaiting,
  timeInForceOf,
  typeOf,
  uncollected,
  withSelfTrade,
} from "../domain/orderTerms.ts";
import { STATUS } from "../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { BUCKET } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER } from "../domain/rows/order.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { collects, tradingState } from "../domain/trading.ts";
import type { Venue } from "../domain/venue.ts";
import { closeOrder, orderId, orderOf, positionOfOrder, reserve } from "../execution/openOrders.ts";
import { isFull, reduceResting } from "../execution/orderBook.ts";
import { bandLimit, isOutside } from "../execution/priceBand.ts";
import { expiryOf, isExpired } from "../execution/timers.ts";
import { enterOrder } from "./steps/enterOrder.ts";
import { hasExpired } from "./steps/fireOrder.ts";
import { enterMarket, enterTier, isAccount } from "./steps/lookUp.ts";
import { detachOrder, emitRemoved } from "./steps/removeOrder.ts";

const { at } = AMEND_ORDER;
const REDUCED = EVENTS.orderReduced.code;

export function amendOrder(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, integer(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", integer(command, at.tier));
  const account = integer(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const id = word(command, at.order);
  const order = orderOf(tier, id);
  if (order === NIL) return venue.refuse("order_unknown", id);
  const { arena } = tier;
  const bucket = arena.int(order, ORDER.bucket);
  const owner = arena.int(bucket, BUCKET.account);
  if (owner !== account) return venue.refuse("order_not_owned", id, owner);
  const market = enterMarket(venue, tier, arena.int(order, ORDER.market)) as Market;
  const status = tradingState(arena, market.row);
  if (status > STATUS.reduceOnly && !collects(tier, market)) return venue.refuse("market_not_open", status);
  if (hasExpired(venue, tier, market)) {
    return venue.refuse("market_expired", arena.num(market.row, MARKET.expiry), venue.now);
  }
  if (isExpired(tier, order, venue.now))
    return venue.refuse("expiry_required", expiryOf(tier, order), venue.now);
  const price = integer(command, at.price);
  const lots = word(command, at.lots);
  const refusal = checkPrice(venue, tier, market, order, price);
  if (refusal !== ACCEPTED) return refusal;

  if (isWaiting(arena.int(order, ORDER.terms))) {
    arena.setInt(order, ORDER.price, price);
    arena.setNum(order, ORDER.lots, lots);
    return venue.accept(id, 0, lots, 0);
  }
  if (price === arena.int(order, ORDER.price) && lots <= arena.num(order, ORDER.lots)) {
    shrinkInPlace(venue, tier, market, order, lots);
    return venue.accept(id, 0, lots, 0);
  }
  if (collects(tier, market)) {
    const barred = checkCollected(venue, tier, market, order);
    if (barred !== ACCEPTED) return barred;
  }
  return replace(venue, tier, market, order, price, lots);
}

/** A call auction collects no post-only orders, and so many at most; one that it holds already may be entered anew. */
function checkCollected(venue: Venue, tier: TierShard, market: Market, order: Ref<"order">): OutcomeCode {
  const terms = tier.arena.int(order, ORDER.terms);
  if (isPostOnly(terms))
    return venue.refuse("order_not_collected", typeOf(terms), timeInForceOf(terms), ORDER_FLAG.postOnly);
  const isOneMore = !isCollected(terms) && isFull(tier.arena, market);
  return isOneMore ? venue.refuse("auction_full", MAX_COLLECTED) : ACCEPTED;
}

function checkPrice(
  venue: Venue,
  tier: TierShard,
  market: Market,
  order: Ref<"order">,
  price: Ticks,
): OutcomeCode {
  const { arena } = tier;
  const highest = market.highest;
  if (price > highest) return venue.refuse("price_outside_range", price, highest);
  const terms = arena.int(order, ORDER.terms);
  const reference = isWaiting(terms) ? arena.int(order, ORDER.trigger) : arena.int(market.row, MARKET.mark);
  const limit = bandLimit(arena, market, isBuy(terms), reference);
  if (isOutside(isBuy(terms), price, limit)) return venue.refuse("price_outside_band", price, limit);
  return ACCEPTED;
}

function shrinkInPlace(venue: Venue, tier: TierShard, market: Market, order: Ref<"order">, lots: Lots): void {
  const { arena } = tier;
  const less = minus(arena.num(order, ORDER.lots), lots);
  if (less === 0) return;
  const price = arena.int(order, ORDER.price);
  reduceResting(arena, market, order, less);
  reserve(arena, market, positionOfOrder(arena, order), arena.int(order, ORDER.terms), price, negate(less));
  const bucket = numberOf(tier.buckets, arena.int(order, ORDER.bucket));
  venue.events.emit(REDUCED, market.id, orderId(tier, order), bucket, less, lots, REASON.amended);
}

function replace(
  venue: Venue,
  tier: TierShard,
  market: Market,
  order: Ref<"order">,
  price: Ticks,
  lots: Lots,
): OutcomeCode {
  const { arena } = tier;
  const { entry } = venue;
  const id = orderId(tier, order);
  const bucket = arena.int(order, ORDER.bucket);
  const terms = withSelfTrade(uncollected(arena.int(order, ORDER.terms)), SELF_TRADE.cancelNewest);
  emitRemoved(venue, tier, market, order, REASON.amended);
  detachOrder(tier, market, order);
  entry.begin(bucket, positionOfOrder(arena, order), arena.int(bucket, BUCKET.account), terms, price, lots);
  entry.clientId = arena.num(order, ORDER.clientId);
  entry.row = order;
  const outcome = enterOrder(venue, tier, market);
  if (outcome !== ACCEPTED) return outcome;
  if (entry.resting === 0) closeOrder(tier, market, order);
  return venue.accept(entry.resting === 0 ? 0 : id, entry.filled, entry.resting, entry.reason);
}

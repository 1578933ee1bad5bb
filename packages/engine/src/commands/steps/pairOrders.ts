/** Two orders of a call auction meet at its price: neither is the taker, and both share the fees. See docs/spec/callAuction.md, "Execution". */
import { type Arena, NIL, type Ref } from "../../kernel/arena.ts";
import { least, middle, minus, negate, plus } from "../../kernel/checked.ts";
import { numberOf } from "../../kernel/pool.ts";
import { type Lots, NONE, type Ppm, type Ticks } from "../../kernel/units.ts";
import { SIDE } from "../../domain/commands.ts";
import { EVENTS, REASON } from "../../domain/events.ts";
import { isCollected, isReduceOnly } from "../../domain/orderTerms.ts";
import { STATUS } from "../../domain/parameters.ts";
import { BUCKET, POSITION } from "../../domain/rows/bucket.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { ORDER } from "../../domain/rows/order.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { orderStatus } from "../../domain/trading.ts";
import { noteUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { bookSide, openInterestChange } from "../../clearing/fill.ts";
import { closeOrder, orderId, positionOfOrder, reserve } from "../../execution/openOrders.ts";
import { reduceResting, takeOff } from "../../execution/orderBook.ts";
import { isExpired } from "../../execution/timers.ts";
import { onlyReduces } from "../../risk/health.ts";
import {
  coversInitialMargin,
  exceedsOpenInterest,
  payBetween,
  reducible,
  settleFundingOf,
} from "./matchEntry.ts";
import { removeOrder } from "./removeOrder.ts";

const PAIRED = EVENTS.ordersPaired.code;
const FILL = EVENTS.fill.code;

/** Trades what a bid and an offer may trade with each other, or removes whichever of them stands in the way. */
export function pairOrders(
  venue: Venue,
  tier: TierShard,
  market: Market,
  buy: Ref<"order">,
  sell: Ref<"order">,
  price: Ticks,
): void {
  const { arena } = tier;
  const remove = (order: Ref<"order">, reason: number): void =>
    removeOrder(venue, tier, market, order, reason);
  for (const order of [buy, sell])
    if (isExpired(tier, order, venue.now)) return remove(order, REASON.expired);
  if (accountOf(arena, buy) === accountOf(arena, sell))
    return remove(newerOf(arena, buy, sell), REASON.selfTrade);
  for (const order of [buy, sell])
    if (fillable(tier, market, order) === 0) return remove(order, REASON.reduceOnly);
  const lots = least(fillable(tier, market, buy), fillable(tier, market, sell));
  if (exceedsOpenInterest(arena, market.row, openedBy(arena, buy, sell, lots))) {
    remove(buy, REASON.openInterest);
    return remove(sell, REASON.openInterest);
  }

  const savepoint = arena.savepoint();
  const eventsBefore = venue.events.count;
  const [bought, sold] = [lotsOf(arena, buy), lotsOf(arena, sell)];
  clear(venue, tier, market, buy, sell, price, lots);
  const buyerStands = stands(venue, tier, buy, bought, plus(bought, lots));
  const sellerStands = stands(venue, tier, sell, sold, minus(sold, lots));
  if (!buyerStands || !sellerStands) {
    arena.rollbackTo(savepoint);
    venue.events.truncate(eventsBefore);
    if (!buyerStands) remove(buy, REASON.makerMargin);
    if (!sellerStands) remove(sell, REASON.makerMargin);
    return;
  }
  tell(venue, tier, market, buy, sell, price, lots);
  for (const order of [buy, sell]) takeLots(venue, tier, market, order, lots);
}

/** Of two orders of one account the newer: collected ones are younger than the book, and stand in the list as they came. */
function newerOf(arena: Arena, buy: Ref<"order">, sell: Ref<"order">): Ref<"order"> {
  if (!isCollected(arena.int(buy, ORDER.terms))) return sell;
  let order = arena.int(buy, ORDER.next);
  while (order !== NIL && order !== sell) order = arena.int(order, ORDER.next);
  return order === sell ? sell : buy;
}

/** Lots of an order that may be filled: all, or those that shrink its position if it may do nothing else. */
function fillable(tier: TierShard, market: Market, order: Ref<"order">): Lots {
  const { arena } = tier;
  const terms = arena.int(order, ORDER.terms);
  const open = arena.num(order, ORDER.lots);
  const onlyShrinks = isReduceOnly(terms) || orderStatus(tier, market) === STATUS.reduceOnly;
  return onlyShrinks ? least(open, reducible(lotsOf(arena, order), terms)) : open;
}

function openedBy(arena: Arena, buy: Ref<"order">, sell: Ref<"order">, lots: Lots): Lots {
  const [bought, sold] = [lotsOf(arena, buy), lotsOf(arena, sell)];
  return plus(openInterestChange(bought, plus(bought, lots)), openInterestChange(sold, minus(sold, lots)));
}

/** Books both sides, the seller first in every step, and moves the money. */
function clear(
  venue: Venue,
  tier: TierShard,
  market: Market,
  buy: Ref<"order">,
  sell: Ref<"order">,
  price: Ticks,
  lots: Lots,
): void {
  const { arena } = tier;
  const { makerSide, takerSide } = venue;
  const { row } = market;
  const fee = sharedFee(arena, row);
  const [seller, buyer] = [arena.int(sell, ORDER.bucket), arena.int(buy, ORDER.bucket)];
  const [given, taken] = [positionOfOrder(arena, sell), positionOfOrder(arena, buy)];
  const opened = openedBy(arena, buy, sell, lots);
  settleFundingOf(venue, tier, market, seller, given);
  settleFundingOf(venue, tier, market, buyer, taken);
  bookSide(arena, market, given, negate(lots), price, fee, makerSide);
  bookSide(arena, market, taken, lots, price, fee, takerSide);
  arena.addNum(row, MARKET.openInterest, opened);
  arena.setInt(row, MARKET.lastPrice, price);
  payBetween(venue, tier, market, seller, given, buyer, taken);
  for (const order of [sell, buy]) {
    const terms = arena.int(order, ORDER.terms);
    reserve(arena, market, positionOfOrder(arena, order), terms, arena.int(order, ORDER.price), negate(lots));
  }
}

/** Rate of either side: half of what maker and taker pay together, rounded up. */
function sharedFee(arena: Arena, row: Ref<"market">): Ppm {
  const both = plus(arena.int(row, MARKET.makerFee), arena.int(row, MARKET.takerFee));
  return minus(both, middle(NONE, both));
}

/** True if the owner may keep the trade: it covers initial margin, or only shrank its position. */
function stands(venue: Venue, tier: TierShard, order: Ref<"order">, before: Lots, after: Lots): boolean {
  return onlyReduces(before, after) || coversInitialMargin(venue, tier, tier.arena.int(order, ORDER.bucket));
}

function tell(
  venue: Venue,
  tier: TierShard,
  market: Market,
  buy: Ref<"order">,
  sell: Ref<"order">,
  price: Ticks,
  lots: Lots,
): void {
  const { arena } = tier;
  const { makerSide, takerSide, events } = venue;
  const ids = [orderId(tier, buy), orderId(tier, sell)] as const;
  const [buyer, seller] = [arena.int(buy, ORDER.bucket), arena.int(sell, ORDER.bucket)];
  const numbers = [numberOf(tier.buckets, buyer), numberOf(tier.buckets, seller)] as const;
  noteUnsettled(tier, seller);
  noteUnsettled(tier, buyer);
  events.emit(PAIRED, market.id, ids[0], ids[1], numbers[0], numbers[1], price, lots);
  events.emit(
    FILL,
    market.id,
    ids[1],
    numbers[1],
    numbers[0],
    SIDE.buy,
    price,
    lots,
    makerSide.fee,
    takerSide.fee,
    makerSide.realised,
    takerSide.realised,
  );
}

/** An order's lots were traded; one with none left, or that could shrink nothing any more, leaves. */
function takeLots(venue: Venue, tier: TierShard, market: Market, order: Ref<"order">, lots: Lots): void {
  const { arena } = tier;
  if (lots === arena.num(order, ORDER.lots)) {
    takeOff(arena, market, order);
    closeOrder(tier, market, order);
    return;
  }
  reduceResting(arena, market, order, lots);
  const isSpent = isReduceOnly(arena.int(order, ORDER.terms)) && fillable(tier, market, order) === 0;
  if (isSpent) removeOrder(venue, tier, market, order, REASON.reduceOnly);
}

function lotsOf(arena: Arena, order: Ref<"order">): Lots {
  return arena.num(positionOfOrder(arena, order), POSITION.lots);
}

function accountOf(arena: Arena, order: Ref<"order">): number {
  return arena.int(arena.int(order, ORDER.bucket), BUCKET.account);
}

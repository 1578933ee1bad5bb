/** A waiting order whose trigger was reached executes; if it is refused, it is gone and nothing else has happened. */
import { NIL, type Ref } from "../../kernel/arena.ts";
import { numberOf } from "../../kernel/pool.ts";
import type { Ticks } from "../../kernel/units.ts";
import { EVENTS, REASON } from "../../domain/events.ts";
import { firedTerms, isBuy, isLimit, typeOf } from "../../domain/orderTerms.ts";
import { FORBID } from "../../domain/permits.ts";
import { BUCKET } from "../../domain/rows/bucket.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { ORDER } from "../../domain/rows/order.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { isTrading } from "../../domain/trading.ts";
import type { Venue } from "../../domain/venue.ts";
import { closeOrder, orderId, positionOfOrder } from "../../execution/openOrders.ts";
import { bandLimit, isOutside } from "../../execution/priceBand.ts";
import { isExpired } from "../../execution/timers.ts";
import { nextToFire } from "../../execution/triggers.ts";
import { CONTRACT } from "../../domain/commands.ts";
import { detachOrder, removeOrder } from "./removeOrder.ts";
import { enterOrder } from "./enterOrder.ts";

const TRIGGERED = EVENTS.orderTriggered.code;

/** Fires up to `most` orders of a market whose triggers the mark has reached; returns how many. */
export function fireDueOrders(venue: Venue, tier: TierShard, market: Market, most: number): number {
  if (!mayTrade(venue, tier, market)) return 0;
  let fired = 0;
  for (; fired < most; fired++) {
    const order = nextToFire(tier.arena, market);
    if (order === NIL) break;
    fireOrder(venue, tier, market, order);
  }
  return fired;
}

/** True when a market takes orders at this time, and its price is good enough to trade by. */
export function mayTrade(venue: Venue, tier: TierShard, market: Market): boolean {
  const { arena } = tier;
  if ((arena.int(market.row, MARKET.forbids) & FORBID.take) !== 0) return false;
  return isTrading(arena, market.row) && !hasExpired(venue, tier, market);
}

/** True for a dated future whose time has come. */
export function hasExpired(venue: Venue, tier: TierShard, market: Market): boolean {
  const { row } = market;
  if (tier.arena.int(row, MARKET.contract) === CONTRACT.perpetual) return false;
  return venue.now >= tier.arena.num(row, MARKET.expiry);
}

function fireOrder(venue: Venue, tier: TierShard, market: Market, order: Ref<"order">): void {
  const { arena } = tier;
  const { events } = venue;
  const terms = arena.int(order, ORDER.terms);
  if (isExpired(tier, order, venue.now)) {
    return removeOrder(venue, tier, market, order, REASON.expired);
  }
  const savepoint = arena.savepoint();
  const eventsBefore = events.count;
  emitTriggered(venue, tier, market, order, ACCEPTED);
  detachOrder(tier, market, order);
  const outcome = execute(venue, tier, market, order, firedTerms(terms));
  if (outcome !== ACCEPTED) {
    arena.rollbackTo(savepoint);
    events.truncate(eventsBefore);
    emitTriggered(venue, tier, market, order, outcome);
    removeOrder(venue, tier, market, order, REASON.refused);
  } else if (venue.entry.resting === 0) closeOrder(tier, market, order);
}

function execute(
  venue: Venue,
  tier: TierShard,
  market: Market,
  order: Ref<"order">,
  terms: number,
): OutcomeCode {
  const { arena } = tier;
  const { entry } = venue;
  const bucket = arena.int(order, ORDER.bucket);
  const worst = bandLimit(arena, market, isBuy(terms), arena.int(market.row, MARKET.mark));
  const price: Ticks = arena.int(order, ORDER.price);
  const limit = price === 0 ? worst : price;
  if (isLimit(typeOf(terms)) && isOutside(isBuy(terms), limit, worst)) {
    return venue.refuse("price_outside_band", limit, worst);
  }
  const account = arena.int(bucket, BUCKET.account);
  entry.begin(bucket, positionOfOrder(arena, order), account, terms, limit, arena.num(order, ORDER.lots));
  entry.clientId = arena.num(order, ORDER.clientId);
  entry.row = order;
  return enterOrder(venue, tier, market);
}

function emitTriggered(
  venue: Venue,
  tier: TierShard,
  market: Market,
  order: Ref<"order">,
  outcome: OutcomeCode,
): void {
  const { arena } = tier;
  const bucket = numberOf(tier.buckets, arena.int(order, ORDER.bucket));
  venue.events.emit(
    TRIGGERED,
    market.id,
    orderId(tier, order),
    bucket,
    arena.int(market.row, MARKET.mark),
    outcome,
  );
}

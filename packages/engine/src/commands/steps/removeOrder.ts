/** An open order leaves, wherever it is: off the book or the waiting list, out of its bucket, its reserve released. */
import type { Ref } from "../../kernel/arena.ts";
import { negate } from "../../kernel/checked.ts";
import { numberOf } from "../../kernel/pool.ts";
import { EVENTS } from "../../domain/events.ts";
import { isWaiting } from "../../domain/orderTerms.ts";
import { ORDER } from "../../domain/rows/order.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { closeOrder, orderId, positionOfOrder, reserve } from "../../execution/openOrders.ts";
import { takeOff } from "../../execution/orderBook.ts";
import { stopWaiting } from "../../execution/triggers.ts";

const REMOVED = EVENTS.orderRemoved.code;

/** Removes an open order and says why. */
export function removeOrder(
  venue: Venue,
  tier: TierShard,
  market: Market,
  order: Ref<"order">,
  reason: number,
): void {
  emitRemoved(venue, tier, market, order, reason);
  detachOrder(tier, market, order);
  closeOrder(tier, market, order);
}

/** Says that an order is removed, with the lots it still had open. */
export function emitRemoved(
  venue: Venue,
  tier: TierShard,
  market: Market,
  order: Ref<"order">,
  reason: number,
): void {
  const { arena } = tier;
  const bucket = numberOf(tier.buckets, arena.int(order, ORDER.bucket));
  venue.events.emit(REMOVED, market.id, orderId(tier, order), bucket, arena.num(order, ORDER.lots), reason);
}

/** Takes an order off the book, with its reserve, or off the waiting list; it stays open in its bucket. */
export function detachOrder(tier: TierShard, market: Market, order: Ref<"order">): void {
  const { arena } = tier;
  const terms = arena.int(order, ORDER.terms);
  if (isWaiting(terms)) {
    stopWaiting(arena, market, order);
    return;
  }
  takeOff(arena, market, order);
  const lots = negate(arena.num(order, ORDER.lots));
  reserve(arena, market, positionOfOrder(arena, order), terms, arena.int(order, ORDER.price), lots);
}

/** Open orders: where they stand, what they reserve, and the ids they hold. */
import type { PriceQueue } from "./queue.ts";
import { slotOf } from "./slots.ts";
import type { Bucket, Market, Order, Tier, World } from "./venue.ts";
import { emit, notionalOf, positionOf } from "./world.ts";

export function isBuy(order: Order): boolean {
  return order.direction > 0n;
}

/** An open order of the account with this client id. */
export function orderWithClientId(tier: Tier, account: number, clientId: number): Order | undefined {
  if (clientId === 0) return undefined;
  for (const bucket of tier.bucketsOfAccount.get(account) ?? []) {
    for (const order of bucket.orders.values()) {
      if (order.clientId === clientId) return order;
    }
  }
  return undefined;
}

/** Puts an order on the book, at its price behind all others. */
export function rest(world: World, order: Order): void {
  open(world, order);
  world.journal.set(order, "place", "book");
  sideOf(order).append(order.price, order);
  reserve(world, order, order.lots);
  const { market, bucket, id, price, lots, clientId } = order;
  emit(world, "orderRested", market.id, id, bucket.id, isBuy(order) ? 0 : 1, price, lots, clientId);
}

/** Puts an order behind what a call auction has collected. */
export function collect(world: World, order: Order): void {
  open(world, order);
  const { market, bucket, id, price, lots, clientId } = order;
  world.journal.set(order, "place", "collected");
  world.journal.set(market, "collected", [...market.collected, order]);
  reserve(world, order, order.lots);
  emit(world, "orderRested", market.id, id, bucket.id, isBuy(order) ? 0 : 1, price, lots, clientId);
}

/** Lets what is left of the collected orders rest on the book, as they came. */
export function restCollected(world: World, market: Market): void {
  for (const order of market.collected) {
    world.journal.set(order, "place", "book");
    sideOf(order).append(order.price, order);
  }
  world.journal.set(market, "collected", []);
}

/** Puts a conditional order among those that wait for its trigger. It reserves nothing. */
export function wait(world: World, order: Order): void {
  open(world, order);
  world.journal.set(order, "place", "waiting");
  waitersOf(order).append(order.trigger, order);
}

/** Takes an order off the book or the waiting list; it stays an open order, with its id, until it is closed. */
export function detach(world: World, order: Order): void {
  if (order.place === "book") {
    reserve(world, order, -order.lots);
    sideOf(order).remove(order.price, order);
  } else if (order.place === "collected") {
    reserve(world, order, -order.lots);
    const { market } = order;
    world.journal.set(
      market,
      "collected",
      market.collected.filter((other) => other !== order),
    );
  } else if (order.place === "waiting") {
    waitersOf(order).remove(order.trigger, order);
  }
  world.journal.set(order, "place", "nowhere");
}

/** Forgets an order that stands nowhere, and frees its id's slot. */
export function close(world: World, order: Order): void {
  if (order.id === 0) return;
  const { bucket, market } = order;
  world.journal.remove(bucket.tier.orders, order.id);
  world.journal.remove(bucket.orders, order.id);
  count(world, order, -1);
  market.tier.orderSlots.release(order.id);
}

/** Removes an order for a reason that the world is told, with the lots that were still open. */
export function removeOrder(world: World, order: Order, reason: number): void {
  const { market, bucket, id, lots } = order;
  detach(world, order);
  close(world, order);
  emit(world, "orderRemoved", market.id, id, bucket.id, lots, reason);
}

/** Lowers a resting order's lots where it stands. The order stays on the book even at 0. */
export function shrink(world: World, order: Order, lots: bigint): void {
  reserve(world, order, -lots);
  world.journal.set(order, "lots", order.lots - lots);
}

/** Lowers a resting order's lots for a reason that the world is told. */
export function reduceOrder(world: World, order: Order, lots: bigint, reason: number): void {
  shrink(world, order, lots);
  emit(world, "orderReduced", order.market.id, order.id, order.bucket.id, lots, order.lots, reason);
}

/** The bucket's open orders in a market, or in all markets, the newest first. */
export function newestFirst(bucket: Bucket, market: Market | undefined): Order[] {
  const orders = [...bucket.orders.values()];
  const chosen = market === undefined ? orders : orders.filter((order) => order.market === market);
  chosen.sort((a, b) => b.arrival - a.arrival);
  return chosen;
}

/** Open orders whose date has come: the earliest first, then the lowest slot. */
export function expiredOrders(tier: Tier, time: number): Order[] {
  const expired: Order[] = [];
  for (const order of tier.orders.values()) {
    if (order.expiry > 0 && order.expiry <= time) expired.push(order);
  }
  expired.sort((a, b) => a.expiry - b.expiry || slotOf(a.id) - slotOf(b.id));
  return expired;
}

export function sideOf(order: Order): PriceQueue<Order> {
  return isBuy(order) ? order.market.bids : order.market.asks;
}

function waitersOf(order: Order): PriceQueue<Order> {
  return order.firesRising ? order.market.rising : order.market.falling;
}

/** Registers an order; one that comes back keeps its id but counts as new. */
function open(world: World, order: Order): void {
  const { journal } = world;
  const { tier } = order.bucket;
  journal.set(tier, "arrivals", tier.arrivals + 1);
  journal.set(order, "arrival", tier.arrivals);
  if (order.id !== 0) return;
  journal.set(order, "id", tier.orderSlots.take());
  journal.put(tier.orders, order.id, order);
  journal.put(order.bucket.orders, order.id, order);
  count(world, order, 1);
}

function count(world: World, order: Order, change: number): void {
  const position = positionOf(world, order.bucket, order.market);
  world.journal.set(position, "openOrders", position.openOrders + change);
  world.journal.set(order.market, "openOrders", order.market.openOrders + change);
}

/** Adds resting lots to what the position's requirement counts; reduce-only orders do not count. */
function reserve(world: World, order: Order, lots: bigint): void {
  if (order.reduceOnly) return;
  const { journal } = world;
  const position = positionOf(world, order.bucket, order.market);
  const notional = notionalOf(order.market, order.price, lots);
  if (isBuy(order)) {
    journal.set(position, "bidLots", position.bidLots + lots);
    journal.set(position, "bidNotional", position.bidNotional + notional);
  } else {
    journal.set(position, "askLots", position.askLots + lots);
    journal.set(position, "askNotional", position.askNotional + notional);
  }
}

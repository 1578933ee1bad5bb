/**
 * The order book of a market: resting orders by price, then time.
 *
 * Bids and asks share one ladder, since a book is never crossed: below the best bid all is bids, above the best ask all is
 * asks. What a call auction collects may cross, and stands in a list beside it. See docs/spec/execution.md.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { negate } from "../kernel/checked.ts";
import {
  LEVEL,
  addLots,
  append,
  clearLinks,
  detach,
  levelAt,
  nextAbove,
  nextBelow,
} from "../kernel/ladder.ts";
import type { Lots, Ticks } from "../kernel/units.ts";
import { MAX_COLLECTED } from "../domain/limits.ts";
import { collected, isBuy, isCollected, uncollected } from "../domain/orderTerms.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER } from "../domain/rows/order.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";

/** Best price a taker of this side meets, 0 if nobody rests there. */
export function bestOpposite(arena: Arena, market: Market, buys: boolean): Ticks {
  return arena.int(market.row, buys ? MARKET.bestAsk : MARKET.bestBid);
}

/** True when a taker limited to `limit` trades at `price`. */
export function crosses(buys: boolean, limit: Ticks, price: Ticks): boolean {
  return price !== 0 && (buys ? price <= limit : price >= limit);
}

/** The oldest order at a price that is known to be occupied. */
export function oldestAt(arena: Arena, market: Market, price: Ticks): Ref<"order"> {
  return arena.int(levelAt(market.book, price), LEVEL.head);
}

/** Appends an order to the queue at its price. */
export function rest(arena: Arena, market: Market, order: Ref<"order">): void {
  const price = arena.int(order, ORDER.price);
  append(arena, market.book, price, order);
  addLots(arena, market.book, price, arena.num(order, ORDER.lots));
  const { row } = market;
  if (isBuy(arena.int(order, ORDER.terms))) {
    if (price > arena.int(row, MARKET.bestBid)) arena.setInt(row, MARKET.bestBid, price);
  } else {
    const best = arena.int(row, MARKET.bestAsk);
    if (best === 0 || price < best) arena.setInt(row, MARKET.bestAsk, price);
  }
}

/** Appends an order to what a call auction collects. */
export function collect(arena: Arena, market: Market, order: Ref<"order">): void {
  const { row } = market;
  const last = arena.int(row, MARKET.lastCollected);
  arena.setInt(order, ORDER.terms, collected(arena.int(order, ORDER.terms)));
  arena.setInt(order, ORDER.previous, last);
  arena.setInt(order, ORDER.next, NIL);
  if (last === NIL) arena.setInt(row, MARKET.firstCollected, order);
  else arena.setInt(last, ORDER.next, order);
  arena.setInt(row, MARKET.lastCollected, order);
  arena.setInt(row, MARKET.collected, arena.int(row, MARKET.collected) + 1);
}

/** True when a call auction collects no more. */
export function isFull(arena: Arena, market: Market): boolean {
  return arena.int(market.row, MARKET.collected) >= MAX_COLLECTED;
}

/** Lets the oldest of the collected orders rest on the book, which it must not cross. */
export function restCollected(arena: Arena, market: Market): void {
  const order = arena.int(market.row, MARKET.firstCollected);
  uncollect(arena, market, order);
  clearLinks(arena, order);
  rest(arena, market, order);
}

function uncollect(arena: Arena, market: Market, order: Ref<"order">): void {
  const { row } = market;
  const next = arena.int(order, ORDER.next);
  const previous = arena.int(order, ORDER.previous);
  if (previous === NIL) arena.setInt(row, MARKET.firstCollected, next);
  else arena.setInt(previous, ORDER.next, next);
  if (next === NIL) arena.setInt(row, MARKET.lastCollected, previous);
  else arena.setInt(next, ORDER.previous, previous);
  arena.setInt(row, MARKET.collected, arena.int(row, MARKET.collected) - 1);
  arena.setInt(order, ORDER.terms, uncollected(arena.int(order, ORDER.terms)));
}

/** Takes an order off the book, or out of what is collected, whatever its lots. */
export function takeOff(arena: Arena, market: Market, order: Ref<"order">): void {
  if (isCollected(arena.int(order, ORDER.terms))) return uncollect(arena, market, order);
  const price = arena.int(order, ORDER.price);
  addLots(arena, market.book, price, negate(arena.num(order, ORDER.lots)));
  if (!detach(arena, market.book, price, order)) return;
  const { row } = market;
  if (price === arena.int(row, MARKET.bestBid))
    arena.setInt(row, MARKET.bestBid, nextBelow(arena, market.book, price));
  else if (price === arena.int(row, MARKET.bestAsk))
    arena.setInt(row, MARKET.bestAsk, nextAbove(arena, market.book, price));
}

/** Lowers a resting order's lots in place; it keeps its priority. */
export function reduceResting(arena: Arena, market: Market, order: Ref<"order">, lots: Lots): void {
  arena.addNum(order, ORDER.lots, negate(lots));
  if (isCollected(arena.int(order, ORDER.terms))) return;
  addLots(arena, market.book, arena.int(order, ORDER.price), negate(lots));
}

/** One price of a book. */
export interface BookLevel {
  readonly price: Ticks;
  readonly lots: Lots;
  readonly orders: number;
}

/** Up to `depth` levels from the best price of a side. Allocates; for queries. */
export function bookSide(tier: TierShard, market: Market, bids: boolean, depth: number): BookLevel[] {
  const { arena } = tier;
  const levels: BookLevel[] = [];
  let price = bestOpposite(arena, market, !bids);
  while (price !== 0 && levels.length < depth) {
    const level = levelAt(market.book, price);
    let orders = 0;
    for (let order = arena.int(level, LEVEL.head); order !== NIL; order = arena.int(order, ORDER.next))
      orders++;
    levels.push({ price, lots: arena.num(level, LEVEL.lots), orders });
    price = bids ? nextBelow(arena, market.book, price) : nextAbove(arena, market.book, price);
  }
  return levels;
}

/**
 * The order book of a market: resting orders by price, then time.
 *
 * Bids and asks share one ladder, since a book is never crossed: below the best bid all is bids, above the best ask all is
 * asks. See docs/spec/execution.md.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { negate } from "../kernel/checked.ts";
import { LEVEL, addLots, append, detach, levelAt, nextAbove, nextBelow } from "../kernel/ladder.ts";
import type { Lots, Ticks } from "../kernel/units.ts";
import { isBuy } from "../domain/orderTerms.ts";
import { MARKET, ORDER } from "../domain/rows.ts";
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

/** Takes an order off the book, whatever its lots. */
export function takeOff(arena: Arena, market: Market, order: Ref<"order">): void {
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

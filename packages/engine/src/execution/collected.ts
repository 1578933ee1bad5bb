/** The two sides of a call auction: what rests on the book and what was collected, as one queue by price and then by time. */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { plus, plusUpTo } from "../kernel/checked.ts";
import { LEVEL, levelAt, nextAbove, nextBelow } from "../kernel/ladder.ts";
import { type Lots, NONE, type Ticks } from "../kernel/units.ts";
import { isBuy, isCollected } from "../domain/orderTerms.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER } from "../domain/rows/order.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import type { Interest } from "./clearingPrice.ts";
import { type BookLevel, bestOpposite, bookSide, crosses, oldestAt } from "./orderBook.ts";

/** What is bid and offered where the two sides cross. */
export interface Interests {
  readonly bids: Interest[];
  readonly asks: Interest[];
}

/** The orders a call auction has collected, as they came. */
export function* collectedOrders(arena: Arena, market: Market): Generator<Ref<"order">> {
  let order = arena.int(market.row, MARKET.firstCollected);
  for (; order !== NIL; order = arena.int(order, ORDER.next)) yield order;
}

/** The best price of a side, on the book or collected, 0 = none. */
export function bestOf(arena: Arena, market: Market, buys: boolean): Ticks {
  let best = bestOpposite(arena, market, !buys);
  for (const order of collectedOrders(arena, market)) {
    if (isBuy(arena.int(order, ORDER.terms)) !== buys) continue;
    const price = arena.int(order, ORDER.price);
    if (best === 0 || (buys ? price > best : price < best)) best = price;
  }
  return best;
}

/**
 * What orders bid and offer, as far as it can trade with somebody: no level of the book beyond the best price of the other side.
 * @param forced - what takes part besides orders; it is not in the answer
 */
export function interestsOf(
  arena: Arena,
  market: Market,
  forced: readonly Interest[],
  sells: boolean,
): Interests {
  const prices = forced.map(({ price }) => price);
  const ask = bestOf(arena, market, false);
  const lowest = Math.min(ask === 0 ? Infinity : ask, ...(sells ? prices : []));
  const highest = Math.max(bestOf(arena, market, true), ...(sells ? [] : prices));
  const bids = levelsOf(arena, market, true, lowest);
  const asks = levelsOf(arena, market, false, highest);
  for (const order of collectedOrders(arena, market)) {
    const side = isBuy(arena.int(order, ORDER.terms)) ? bids : asks;
    side.push({ price: arena.int(order, ORDER.price), lots: arena.num(order, ORDER.lots) });
  }
  return { bids, asks };
}

function levelsOf(arena: Arena, market: Market, buys: boolean, end: number): Interest[] {
  const levels: Interest[] = [];
  let price = bestOpposite(arena, market, !buys);
  while (price !== 0 && (buys ? price >= end : price <= end)) {
    levels.push({ price, lots: arena.num(levelAt(market.book, price), LEVEL.lots) });
    price = buys ? nextBelow(arena, market.book, price) : nextAbove(arena, market.book, price);
  }
  return levels;
}

/** One side while an auction is executed. Orders may leave it meanwhile, none may come. */
export class AuctionSide {
  private readonly arena: Arena;
  private readonly market: Market;
  private readonly buys: boolean;
  /** Collected orders by price and then by time. */
  private readonly queue: readonly Ref<"order">[];
  private at = 0;

  constructor(arena: Arena, market: Market, buys: boolean) {
    this.arena = arena;
    this.market = market;
    this.buys = buys;
    const own = [...collectedOrders(arena, market)].filter(
      (order) => isBuy(arena.int(order, ORDER.terms)) === buys,
    );
    const up = (a: Ref<"order">, b: Ref<"order">): number =>
      arena.int(a, ORDER.price) - arena.int(b, ORDER.price);
    // Of equals the older stays before the younger: sorting is stable.
    own.sort((a, b) => (buys ? up(b, a) : up(a, b)));
    this.queue = own;
  }

  /** The order whose turn it is, of those that trade at `price`; `NIL` if there is none. At one price the book comes first: it is older. */
  next(price: Ticks): Ref<"order"> {
    const { arena, market, buys, queue } = this;
    let order = queue[this.at] ?? NIL;
    while (order !== NIL && !isCollected(arena.int(order, ORDER.terms))) {
      this.at++;
      order = queue[this.at] ?? NIL;
    }
    const best = bestOpposite(arena, market, !buys);
    if (best !== 0 && (order === NIL || this.isNoWorse(best, order)))
      return crosses(!buys, price, best) ? oldestAt(arena, market, best) : NIL;
    return order !== NIL && crosses(!buys, price, arena.int(order, ORDER.price)) ? order : NIL;
  }

  /** Lots of the first orders in the queue that trade at `price`, no more than so many of them. */
  lotsOfFirst(count: number, price: Ticks): Lots {
    let lots: Lots = NONE;
    let left = count;
    for (const order of this.inTurn(price)) {
      if (left === 0) break;
      left--;
      lots = plusUpTo(lots, this.arena.num(order, ORDER.lots));
    }
    return lots;
  }

  /** The orders that trade at `price`, in their turn. */
  private *inTurn(price: Ticks): Generator<Ref<"order">> {
    const { arena, market, buys } = this;
    const waiting = this.queue.filter((order) => crosses(!buys, price, arena.int(order, ORDER.price)));
    let best = bestOpposite(arena, market, !buys);
    for (const order of waiting) {
      while (best !== 0 && this.isNoWorse(best, order)) {
        yield* this.level(best);
        best = this.after(best);
      }
      yield order;
    }
    while (best !== 0 && crosses(!buys, price, best)) {
      yield* this.level(best);
      best = this.after(best);
    }
  }

  private *level(price: Ticks): Generator<Ref<"order">> {
    const { arena, market } = this;
    for (let order = oldestAt(arena, market, price); order !== NIL; order = arena.int(order, ORDER.next))
      yield order;
  }

  /** The next worse price of the book. */
  private after(price: Ticks): Ticks {
    const { arena, market, buys } = this;
    return buys ? nextBelow(arena, market.book, price) : nextAbove(arena, market.book, price);
  }

  private isNoWorse(price: Ticks, order: Ref<"order">): boolean {
    const named = this.arena.int(order, ORDER.price);
    return this.buys ? price >= named : price <= named;
  }
}

/** Up to `depth` levels of a side, best first, collected orders among them. Allocates; for queries. */
export function collectedSide(tier: TierShard, market: Market, bids: boolean, depth: number): BookLevel[] {
  const { arena } = tier;
  const levels = new Map<Ticks, BookLevel>();
  for (const level of bookSide(tier, market, bids, depth)) levels.set(level.price, level);
  for (const order of collectedOrders(arena, market)) {
    if (isBuy(arena.int(order, ORDER.terms)) !== bids) continue;
    const price = arena.int(order, ORDER.price);
    const { lots, orders } = levels.get(price) ?? { lots: NONE, orders: 0 };
    levels.set(price, { price, lots: plus(lots, arena.num(order, ORDER.lots)), orders: orders + 1 });
  }
  const sorted = [...levels.values()];
  sorted.sort((a, b) => (bids ? b.price - a.price : a.price - b.price));
  return sorted.slice(0, depth);
}

/** Lots that a side wants to trade at a price. */
export function lotsWithin(side: readonly Interest[], isBid: boolean, price: Ticks): Lots {
  const wants = side.filter((each) => (isBid ? each.price >= price : each.price <= price));
  return wants.reduce<Lots>((sum, { lots }) => plusUpTo(sum, lots), NONE);
}

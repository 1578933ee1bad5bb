import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { NIL, type Ref } from "../kernel/arena.ts";
import type { Lots, Ticks } from "../kernel/units.ts";
import { ORDER_TYPE, SIDE, TIME_IN_FORCE } from "../domain/commands.ts";
import { packTerms } from "../domain/orderTerms.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER } from "../domain/rows/order.ts";
import { type Market, TierShard } from "../domain/tierShard.ts";
import {
  type BookLevel,
  bestOpposite,
  bookSide,
  crosses,
  oldestAt,
  reduceResting,
  rest,
  takeOff,
} from "./orderBook.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const BITS = 15;
const TOP = 2 ** BITS - 1;
const ORDERS = 64;

type Order = Ref<"order">;

const tier = new TierShard(1, {
  markets: 1,
  buckets: 1,
  positions: 4,
  orders: ORDERS,
  holdings: 1,
  ticks: 2 ** BITS,
});
const { arena } = tier;
arena.setInt(tier.marketRow(1), MARKET.rangeBits, BITS);
arena.commit();
const market: Market = tier.listedMarket(1);
beforeEach(() => arena.rollback());

interface Resting {
  readonly order: Order;
  readonly side: number;
  readonly price: number;
  lots: number;
}

/** Puts an order on the book. */
function put(side: number, price: number, lots: number): Resting {
  const order = tier.orderSlots.take();
  const terms = packTerms(side, ORDER_TYPE.limit, TIME_IN_FORCE.goodTillCancelled, 0, 0);
  arena.setInt(order, ORDER.terms, terms);
  arena.setInt(order, ORDER.price, price as Ticks);
  arena.setNum(order, ORDER.lots, lots as Lots);
  rest(arena, market, order);
  return { order, side, price, lots };
}

const best = (): readonly [bid: number, ask: number] => [
  arena.int(market.row, MARKET.bestBid),
  arena.int(market.row, MARKET.bestAsk),
];

/** The levels a side should show, best first. */
function levelsOf(book: readonly Resting[], side: number): BookLevel[] {
  const prices = [...new Set(book.filter((resting) => resting.side === side).map(({ price }) => price))];
  prices.sort((a, b) => (side === SIDE.buy ? b - a : a - b));
  return prices.map((price) => {
    const queue = book.filter((resting) => resting.side === side && resting.price === price);
    const lots = queue.reduce((sum, resting) => sum + resting.lots, 0);
    return { price: price as Ticks, lots: lots as Lots, orders: queue.length };
  });
}

function expectBook(book: readonly Resting[]): void {
  const [bids, asks] = [levelsOf(book, SIDE.buy), levelsOf(book, SIDE.sell)];
  expect(bookSide(tier, market, true, ORDERS)).toEqual(bids);
  expect(bookSide(tier, market, false, ORDERS)).toEqual(asks);
  expect(best()).toEqual([bids[0]?.price ?? 0, asks[0]?.price ?? 0]);
  for (const { price, side } of [bids[0], asks[0]].flatMap((level, index) =>
    level === undefined ? [] : [{ price: level.price, side: index }],
  )) {
    const oldest = book.find((resting) => resting.side === side && resting.price === price);
    expect(oldestAt(arena, market, price)).toBe(oldest?.order);
  }
}

describe("order book", () => {
  test("it shows what rests on it by price and then by time, whatever came and went", () => {
    const offset = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 15_000 }));
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("put" as const),
        side: fc.nat(1),
        offset,
        lots: fc.integer({ min: 1, max: 2 ** 40 }),
      }),
      fc.record({ kind: fc.constantFrom("takeOff" as const, "reduce" as const), pick: fc.nat() }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 15_001, max: TOP - 15_000 }),
        fc.array(step, { maxLength: 60 }),
        (mid, steps) => {
          arena.rollback();
          let book: Resting[] = [];
          for (const taken of steps) {
            if (taken.kind === "put") {
              const price = taken.side === SIDE.buy ? mid - taken.offset : mid + taken.offset;
              book.push(put(taken.side, price, taken.lots));
            } else {
              const picked = book[taken.pick % book.length];
              if (picked === undefined) continue;
              if (taken.kind === "takeOff" || picked.lots === 1) {
                takeOff(arena, market, picked.order);
                book = book.filter((resting) => resting !== picked);
              } else {
                const by = Math.floor(picked.lots / 2);
                reduceResting(arena, market, picked.order, by as Lots);
                picked.lots -= by;
                expect(arena.num(picked.order, ORDER.lots)).toBe(picked.lots);
              }
            }
            expectBook(book);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("both ends of the range can be traded, and the best price is found across all of it", () => {
    const lowest = put(SIDE.buy, 1, 5);
    const highest = put(SIDE.sell, TOP, 7);
    const better = [put(SIDE.buy, 20_000, 1), put(SIDE.sell, 20_001, 1)];
    expect(best()).toEqual([20_000, 20_001]);
    for (const { order } of better) takeOff(arena, market, order);
    expect(best()).toEqual([1, TOP]);
    for (const { order } of [lowest, highest]) takeOff(arena, market, order);
    expect(best()).toEqual([0, 0]);
  });

  test("a level that is left behind the best one does not move it", () => {
    const behind = put(SIDE.buy, 90, 1);
    put(SIDE.buy, 100, 1);
    takeOff(arena, market, behind.order);
    expect(best()).toEqual([100, 0]);
  });

  test("the oldest order of a level keeps its place when it shrinks", () => {
    const first = put(SIDE.sell, 100, 10);
    put(SIDE.sell, 100, 10);
    reduceResting(arena, market, first.order, 9 as Lots);
    expect(oldestAt(arena, market, 100 as Ticks)).toBe(first.order);
    expect(bookSide(tier, market, false, 1)).toEqual([{ price: 100, lots: 11, orders: 2 }]);
  });

  test("a side is shown to the depth asked for", () => {
    for (const price of [100, 90, 80]) put(SIDE.buy, price, 1);
    expect(bookSide(tier, market, true, 2).map(({ price }) => price)).toEqual([100, 90]);
    expect(bookSide(tier, market, true, 0)).toEqual([]);
    expect(bookSide(tier, market, false, 9)).toEqual([]);
  });

  test("a taker meets the other side's best price, and an empty side with nothing", () => {
    put(SIDE.buy, 99, 1);
    expect([bestOpposite(arena, market, true), bestOpposite(arena, market, false)]).toEqual([NIL, 99]);
    put(SIDE.sell, 101, 1);
    expect([bestOpposite(arena, market, true), bestOpposite(arena, market, false)]).toEqual([101, 99]);
  });

  test.each([
    { buys: true, limit: 100, price: 99, trades: true },
    { buys: true, limit: 100, price: 100, trades: true },
    { buys: true, limit: 100, price: 101, trades: false },
    { buys: true, limit: 100, price: 0, trades: false },
    { buys: false, limit: 100, price: 101, trades: true },
    { buys: false, limit: 100, price: 100, trades: true },
    { buys: false, limit: 100, price: 99, trades: false },
    { buys: false, limit: 100, price: 0, trades: false },
  ])("buys $buys at $limit against $price: trades $trades", ({ buys, limit, price, trades }) => {
    expect(crosses(buys, limit as Ticks, price as Ticks)).toBe(trades);
  });
});

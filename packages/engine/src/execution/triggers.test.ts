import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { NIL, type Ref } from "../kernel/arena.ts";
import type { Ticks } from "../kernel/units.ts";
import { ORDER_TYPE, SIDE, TIME_IN_FORCE } from "../domain/commands.ts";
import { packTerms, waiting } from "../domain/orderTerms.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER } from "../domain/rows/order.ts";
import { type Market, TierShard } from "../domain/tierShard.ts";
import { firstWaiting, isMet, nextToFire, stopWaiting, wait } from "./triggers.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const BITS = 15;
const TOP = 2 ** BITS - 1;
const ORDERS = 64;
const { buy, sell } = SIDE;
const { stopLimit, stopMarket, takeProfitLimit, takeProfitMarket } = ORDER_TYPE;

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

interface Waiting {
  readonly order: Order;
  readonly trigger: number;
  readonly upward: boolean;
}

function letWait(type: number, side: number, trigger: number): Waiting {
  const order = tier.orderSlots.take();
  const terms = packTerms(side, type, TIME_IN_FORCE.immediateOrCancel, 0, 0);
  arena.setInt(order, ORDER.terms, waiting(terms));
  arena.setInt(order, ORDER.trigger, trigger as Ticks);
  wait(arena, market, order);
  const isStop = type === stopLimit || type === stopMarket;
  return { order, trigger, upward: isStop === (side === buy) };
}

const markAt = (price: number): void => arena.setInt(market.row, MARKET.mark, price as Ticks);

/** Rising triggers from the lowest, then falling ones from the highest, older first: in the order they stand in line. */
function inLine(all: readonly Waiting[]): Waiting[] {
  const upward = all.filter((one) => one.upward);
  const downward = all.filter((one) => !one.upward);
  upward.sort((a, b) => a.trigger - b.trigger);
  downward.sort((a, b) => b.trigger - a.trigger);
  return [...upward, ...downward];
}

function isDue({ upward, trigger }: Waiting, mark: number): boolean {
  return upward ? mark >= trigger : mark <= trigger;
}

/** Fires all that is due, in the order it comes. */
function fireAll(): Order[] {
  const fired: Order[] = [];
  for (let order = nextToFire(arena, market); order !== NIL; order = nextToFire(arena, market)) {
    fired.push(order);
    stopWaiting(arena, market, order);
  }
  return fired;
}

const type = fc.constantFrom(stopLimit, stopMarket, takeProfitLimit, takeProfitMarket);
const trigger = fc.oneof(
  fc.integer({ min: 990, max: 1_010 }),
  fc.integer({ min: 1, max: TOP }),
  fc.constantFrom(1, TOP),
);

describe("waiting orders", () => {
  test("a mark fires all triggers it has reached and no others: rising ones first, nearest first, older first", () => {
    const orders = fc.array(fc.record({ type, side: fc.nat(1), trigger, leaves: fc.boolean() }), {
      maxLength: ORDERS,
    });
    fc.assert(
      fc.property(orders, trigger, (entered, mark) => {
        arena.rollback();
        let all = entered.map((one) => ({ ...letWait(one.type, one.side, one.trigger), leaves: one.leaves }));
        for (const { order } of all.filter(({ leaves }) => leaves)) stopWaiting(arena, market, order);
        all = all.filter(({ leaves }) => !leaves);
        expect(firstWaiting(arena, market)).toBe(inLine(all)[0]?.order ?? NIL);
        markAt(mark);
        const due = inLine(all.filter((one) => isDue(one, mark)));
        expect(fireAll()).toEqual(due.map(({ order }) => order));
        const left = inLine(all.filter((one) => !isDue(one, mark)));
        expect(firstWaiting(arena, market)).toBe(left[0]?.order ?? NIL);
        for (const { order } of left) stopWaiting(arena, market, order);
        expect(firstWaiting(arena, market)).toBe(NIL);
        expect([
          arena.int(market.row, MARKET.lowestUpward),
          arena.int(market.row, MARKET.highestDownward),
        ]).toEqual([0, 0]);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([
    { why: "a stop buy at or above its trigger", kind: stopMarket, side: buy, met: [false, true, true] },
    { why: "a stop sell at or below", kind: stopLimit, side: sell, met: [true, true, false] },
    { why: "a take-profit buy at or below", kind: takeProfitLimit, side: buy, met: [true, true, false] },
    { why: "a take-profit sell at or above", kind: takeProfitMarket, side: sell, met: [false, true, true] },
  ])("$why fires, whether asked beforehand or waiting", ({ kind, side, met }) => {
    const marks = [999, 1_000, 1_001];
    expect(marks.map((mark) => isMet(kind, side, 1_000 as Ticks, mark as Ticks))).toEqual(met);
    const { order } = letWait(kind, side, 1_000);
    const fires = marks.map((mark) => {
      markAt(mark);
      return nextToFire(arena, market) === order;
    });
    expect(fires).toEqual(met);
  });

  test("without a price nothing rising fires", () => {
    letWait(stopMarket, buy, 1);
    expect(nextToFire(arena, market)).toBe(NIL);
  });

  test("an order that leaves from the middle of the line moves nobody else", () => {
    const first = letWait(stopMarket, buy, 500);
    const middle = letWait(stopMarket, buy, 500);
    const last = letWait(stopMarket, buy, 500);
    stopWaiting(arena, market, middle.order);
    markAt(500);
    expect(fireAll()).toEqual([first.order, last.order]);
  });
});

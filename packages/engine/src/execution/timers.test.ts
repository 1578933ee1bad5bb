import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { NIL, type Ref } from "../kernel/arena.ts";
import { numberOf } from "../kernel/pool.ts";
import type { Ms } from "../kernel/units.ts";
import { ORDER } from "../domain/rows/order.ts";
import { TIER } from "../domain/rows/tier.ts";
import { TierShard } from "../domain/tierShard.ts";
import { arm, disarm, expiryOf, isExpired, nextDue } from "./timers.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const ORDERS = 64;
const FOREVER = Number.MAX_SAFE_INTEGER as Ms;

type Order = Ref<"order">;

const tier = new TierShard(1, {
  markets: 1,
  buckets: 1,
  positions: 4,
  orders: ORDERS,
  holdings: 1,
  ticks: 2 ** 15,
});
let orders: readonly Order[] = [];

function startOver(): void {
  tier.arena.rollback();
  orders = Array.from({ length: ORDERS }, () => tier.orderSlots.take());
}
beforeEach(startOver);

const orderAt = (index: number): Order => orders.at(index) as Order;
const slotOf = (order: Order): number => numberOf(tier.orders, order);
const armed = (): number => tier.arena.int(tier.row, TIER.timers);

interface Timer {
  readonly order: Order;
  readonly expiry: number;
}

/** The order in which timers come due: by expiry, then by slot. */
function inTurn(timers: Iterable<Timer>): Timer[] {
  const turn = [...timers];
  turn.sort((a, b) => a.expiry - b.expiry || slotOf(a.order) - slotOf(b.order));
  return turn;
}

/** Takes every timer out, first due first. */
function drain(): Timer[] {
  const drained: Timer[] = [];
  for (let order = nextDue(tier, FOREVER); order !== NIL; order = nextDue(tier, FOREVER)) {
    drained.push({ order, expiry: expiryOf(tier, order) });
    disarm(tier, order);
  }
  return drained;
}

const expiries = fc.oneof(fc.nat(5), fc.maxSafeNat());
const steps = fc.array(fc.record({ pick: fc.nat(ORDERS - 1), expiry: expiries }), { maxLength: 150 });

/** Arms the order picked, or disarms it if it is armed; tells what is armed in the end. */
function play(taken: readonly { readonly pick: number; readonly expiry: number }[]): Timer[] {
  const model = new Map<Order, Timer>();
  for (const { pick, expiry } of taken) {
    const order = orderAt(pick);
    if (model.delete(order)) disarm(tier, order);
    else {
      arm(tier, order, expiry as Ms);
      model.set(order, { order, expiry });
    }
    const first = inTurn(model.values())[0];
    expect(nextDue(tier, FOREVER)).toBe(first?.order ?? NIL);
    expect(armed()).toBe(model.size);
  }
  for (const { order, expiry } of model.values()) expect(expiryOf(tier, order)).toBe(expiry);
  for (const order of orders) expect(tier.arena.int(order, ORDER.timer) !== 0).toBe(model.has(order));
  return [...model.values()];
}

describe("timers", () => {
  test("orders come due by expiry, then by slot, whatever was armed and disarmed before", () => {
    fc.assert(
      fc.property(steps, (taken) => {
        startOver();
        const model = play(taken);
        expect(drain()).toEqual(inTurn(model));
        expect(armed()).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });

  test("disarming at any place of the heap keeps the order of the others", () => {
    for (let out = 0; out < 31; out++) {
      for (const expiryAt of [(index: number) => index, (index: number) => 100 - index, () => 7]) {
        startOver();
        const timers = orders.slice(0, 31).map((order, index) => ({ order, expiry: expiryAt(index) }));
        for (const { order, expiry } of timers) arm(tier, order, expiry as Ms);
        const leaving = timers[out] as Timer;
        disarm(tier, leaving.order);
        expect(tier.arena.int(leaving.order, ORDER.timer)).toBe(0);
        expect(drain()).toEqual(inTurn(timers.filter((timer) => timer !== leaving)));
      }
    }
  });

  test("disarming may have to move the last order up, past parents that expire later", () => {
    const expiriesByPlace = [1, 10, 2, 11, 12, 3, 4];
    expiriesByPlace.forEach((expiry, index) => arm(tier, orderAt(index), expiry as Ms));
    disarm(tier, orderAt(3));
    expect(drain().map(({ expiry }) => expiry)).toEqual([1, 2, 3, 4, 10, 12]);
  });

  test("an order expires when its moment has come, not before; others never", () => {
    const [dated, undated] = orders as [Order, Order];
    arm(tier, dated, 1_000 as Ms);
    expect([999, 1_000, 1_001].map((now) => isExpired(tier, dated, now as Ms))).toEqual([false, true, true]);
    expect([999, 1_000, 1_001].map((now) => nextDue(tier, now as Ms))).toEqual([NIL, dated, dated]);
    expect(isExpired(tier, undated, FOREVER)).toBe(false);
  });

  test("nothing is due while nothing is armed", () => {
    expect(nextDue(tier, FOREVER)).toBe(NIL);
    arm(tier, orderAt(0), 5 as Ms);
    disarm(tier, orderAt(0));
    expect(nextDue(tier, FOREVER)).toBe(NIL);
  });

  test("a full tier of timers drains in order", () => {
    const timers = orders.map((order, index) => ({ order, expiry: (index * 37) % 16 }));
    for (const { order, expiry } of timers) arm(tier, order, expiry as Ms);
    expect(drain()).toEqual(inTurn(timers));
  });
});

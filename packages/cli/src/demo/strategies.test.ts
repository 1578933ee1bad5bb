/** The demo's participants want what their kind wants. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { dabble, follow, hold, quotes } from "./strategies.ts";

const sights = fc.record({
  price: fc.double({ min: 0.1, max: 1e5, noNaN: true }),
  before: fc.double({ min: 0.1, max: 1e5, noNaN: true }),
  position: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  equity: fc.double({ min: 1, max: 1e6, noNaN: true }),
});

test("a maker's bids lie below its asks, and a full inventory grows no more", () => {
  fc.assert(
    fc.property(sights, (sight) => {
      const wishes = quotes(sight);
      const of = (side: string) => wishes.filter((wish) => wish.side === side).map(({ price }) => price);
      expect(Math.max(...of("buy"))).toBeLessThan(Math.min(...of("sell")));
      if (sight.position * sight.price >= sight.equity * 2) expect(of("buy")).toEqual([]);
      if (sight.position * sight.price <= -sight.equity * 2) expect(of("sell")).toEqual([]);
      for (const { amount } of wishes) expect(amount).toBeGreaterThan(0);
    }),
  );
});

test("momentum goes with a move and leaves when it is over", () => {
  const still = { price: 100, before: 100, position: 0, equity: 1_000 };
  expect(follow(still)).toEqual([]);
  expect(follow({ ...still, before: 99 })).toMatchObject([{ side: "buy", amount: 40, isTaking: true }]);
  expect(follow({ ...still, before: 101 })).toMatchObject([{ side: "sell", amount: 40 }]);
  expect(follow({ ...still, position: 40 })).toMatchObject([{ side: "sell", amount: 40 }]);
});

test("whoever holds borrows once, and whoever dabbles trades at once", () => {
  const sight = { price: 100, before: 100, position: 0, equity: 1_000 };
  expect(hold(sight, 10)).toMatchObject([{ side: "buy", amount: 100 }]);
  expect(hold(sight, -10)).toMatchObject([{ side: "sell", amount: 100 }]);
  expect(hold({ ...sight, position: 1 }, 10)).toEqual([]);
  expect(hold({ ...sight, equity: 0 }, 10)).toEqual([]);
  expect(dabble(sight, () => 0.2)).toMatchObject([{ side: "buy", isTaking: true }]);
});

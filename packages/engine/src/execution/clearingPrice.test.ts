import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Lots, Ticks } from "../kernel/units.ts";
import { type Interest, clearingPrice } from "./clearingPrice.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 500);
const TOP = 60;

const side = (...orders: readonly (readonly [price: number, lots: number])[]): Interest[] =>
  orders.map(([price, lots]) => ({ price: price as Ticks, lots: lots as Lots }));
const clear = (bids: Interest[], asks: Interest[], reference: number) =>
  clearingPrice(bids, asks, reference as Ticks);

const sum = (some: readonly Interest[]): number => some.reduce((total, { lots }) => total + lots, 0);

/** What a price does, counted out. */
function tryAt(bids: readonly Interest[], asks: readonly Interest[], price: number) {
  const bid = sum(bids.filter((each) => each.price >= price));
  const offered = sum(asks.filter((each) => each.price <= price));
  return { price, volume: Math.min(bid, offered), imbalance: bid - offered };
}

/** The best price of a side once so many lots of it have traded, the best first. */
function leftOver(
  orders: readonly (readonly [price: number, lots: number])[],
  volume: number,
  isBid: boolean,
): number | undefined {
  let open = volume;
  const inTurn = orders.slice();
  inTurn.sort(([a], [b]) => (isBid ? b - a : a - b));
  return inTurn.find(([, lots]) => (open -= lots) < 0)?.[0];
}

describe("the clearing price", () => {
  const orders = fc.array(fc.tuple(fc.integer({ min: 1, max: TOP }), fc.integer({ min: 1, max: 9 })), {
    maxLength: 12,
  });

  test("is the best of all prices: volume, then imbalance, then nearness, then the lower one", () => {
    fc.assert(
      fc.property(orders, orders, fc.integer({ min: 1, max: TOP }), (bought, sold, reference) => {
        const [bids, asks] = [side(...bought), side(...sold)];
        const all = Array.from({ length: TOP }, (_, index) => tryAt(bids, asks, index + 1));
        const trading = all.filter(({ volume }) => volume > 0);
        trading.sort(
          (a, b) =>
            b.volume - a.volume ||
            Math.abs(a.imbalance) - Math.abs(b.imbalance) ||
            Math.abs(a.price - reference) - Math.abs(b.price - reference) ||
            a.price - b.price,
        );
        expect(clear(bids, asks, reference)).toEqual(trading[0]);
      }),
      { numRuns: RUNS },
    );
  });

  test("lets nothing cross that is left", () => {
    fc.assert(
      fc.property(orders, orders, fc.integer({ min: 1, max: TOP }), (bought, sold, reference) => {
        const clearing = clear(side(...bought), side(...sold), reference);
        if (clearing === undefined) return;
        const bid = leftOver(bought, clearing.volume, true);
        const ask = leftOver(sold, clearing.volume, false);
        expect(bid !== undefined && ask !== undefined && bid >= ask).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([
    ["nothing crosses", side([99, 5]), side([101, 5]), undefined],
    ["one side is empty", side([99, 5]), [], undefined],
    ["both would give way: the reference decides", side([110, 5]), side([90, 5]), [100, 5, 0]],
    ["and the end of the range nearest to it", side([95, 5]), side([90, 5]), [95, 5, 0]],
    ["more volume beats less imbalance", side([105, 9], [95, 4]), side([104, 6], [90, 4]), [104, 9, -1]],
    ["less imbalance beats nearness", side([110, 4], [100, 3]), side([90, 4]), [101, 4, 0]],
  ] as const)("%s", (_, bids, asks, expected) => {
    const clearing = clear([...bids], [...asks], 100);
    expect(clearing && [clearing.price, clearing.volume, clearing.imbalance]).toEqual(expected);
  });

  test("counts what lies beyond exact sums as the largest of them", () => {
    const many = side(...Array.from({ length: 3 }, () => [100, 2 ** 52] as const));
    expect(clear(many, side([100, 7]), 100)).toEqual({
      price: 100,
      volume: 7,
      imbalance: 2 ** 53 - 1 - 7,
    });
  });
});

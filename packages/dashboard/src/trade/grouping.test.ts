import { type BookLevelText, countOf, directoryOf, textOf } from "@bulkhead/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MULTIPLES, groupPrice, grouped, sizeText } from "./grouping.ts";

const [btc] = directoryOf({
  assets: [{ symbol: "USD", asset: 1, decimals: 6 }],
  tiers: [{ tier: 1, name: "majors" }],
  instruments: [
    {
      symbol: "BTC-PERP",
      tier: 1,
      market: 1,
      base: "BTC",
      quote: "USD",
      tickSize: "0.5",
      lotSize: "0.001",
    },
  ],
}).instruments;
if (btc === undefined) throw new Error("no instrument");

const ticksOf = (price: string): number => countOf(price, btc.tick, "price", "tick");
const lotsOf = (amount: string): bigint => BigInt(countOf(amount, btc.lot, "amount", "lot"));

/** One side of a book: distinct prices, best first. */
const sideOf = (side: "bids" | "asks") =>
  fc
    .uniqueArray(
      fc.record({ ticks: fc.integer({ min: 1, max: 400_000 }), lots: fc.integer({ min: 1, max: 2 ** 40 }) }),
      { selector: ({ ticks }) => ticks, maxLength: 60 },
    )
    .map((rows) =>
      rows
        .toSorted((one, other) => (side === "bids" ? other.ticks - one.ticks : one.ticks - other.ticks))
        .map(({ ticks, lots }): BookLevelText => [textOf(ticks, btc.tick), textOf(lots, btc.lot)]),
    );

test("puts levels of a book together, bids downwards and asks upwards", () => {
  const bids: BookLevelText[] = [
    ["64003.5", "0.100"],
    ["64000.0", "0.200"],
    ["63999.5", "1.000"],
  ];
  expect(grouped(bids, "bids", btc, 10, 5)).toEqual([
    { price: "64000.0", amount: "0.300", total: "0.300", part: 300 / 1_300, isOwn: false },
    { price: "63995.0", amount: "1.000", total: "1.300", part: 1, isOwn: false },
  ]);
  const asks = bids.toReversed();
  expect(grouped(asks, "asks", btc, 10, 1, new Set(["63999.5"]))).toEqual([
    { price: "64000.0", amount: "1.200", total: "1.200", part: 1, isOwn: true },
  ]);
  expect(groupPrice(btc, "asks", "64000.5", 10)).toBe("64005.0");
  expect(sizeText(btc, 10)).toBe("5.0");
});

test.each(["bids", "asks"] as const)("loses and makes nothing of the %s, whatever the size", (side) => {
  fc.assert(
    fc.property(sideOf(side), fc.constantFrom(...MULTIPLES), (levels, multiple) => {
      const groups = grouped(levels, side, btc, multiple, levels.length);
      const whole = levels.reduce((sum, [, amount]) => sum + lotsOf(amount), 0n);
      expect(groups.reduce((sum, { amount }) => sum + lotsOf(amount), 0n)).toBe(whole);
      expect(lotsOf(groups.at(-1)?.total ?? "0")).toBe(whole);
      let total = 0n;
      let before = side === "bids" ? Infinity : -Infinity;
      for (const { price, amount, total: told } of groups) {
        const ticks = ticksOf(price);
        expect(ticks % multiple).toBe(0);
        expect(side === "bids" ? ticks < before : ticks > before).toBe(true);
        before = ticks;
        total += lotsOf(amount);
        expect(lotsOf(told)).toBe(total);
        const inside = levels.filter(([each]) => groupPrice(btc, side, each, multiple) === price);
        expect(inside.reduce((sum, [, lots]) => sum + lotsOf(lots), 0n)).toBe(lotsOf(amount));
        for (const [each] of inside) {
          const away = side === "bids" ? ticksOf(each) - ticks : ticks - ticksOf(each);
          expect(away).toBeGreaterThanOrEqual(0);
          expect(away).toBeLessThan(multiple);
        }
      }
    }),
  );
});

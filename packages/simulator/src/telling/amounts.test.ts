import fc from "fast-check";
import { expect, test } from "vitest";
import { countText, microText, priceText, usdText } from "./amounts.ts";

test("dollars at a glance", () => {
  const amounts = [0, 950, 9_999, 12_340, 18_350_000, 116_000_000, 1_460_903_080, -5_000_000, -0.2];
  expect(amounts.map(usdText)).toEqual([
    "$0",
    "$950",
    "$9999",
    "$12.3 k",
    "$18.4 m",
    "$116 m",
    "$1.5 bn",
    "−$5 m",
    "$0",
  ]);
  expect(microText(18_350_000_000_000)).toBe("$18.4 m");
});

test("prices have four digits that count", () => {
  const prices = [0, 0.00005, 0.0095, 0.038, 1, 1.3, 8.6, 126.54, 4_650, 108_757];
  expect(prices.map(priceText)).toEqual([
    "$0",
    "$0.00005",
    "$0.0095",
    "$0.038",
    "$1",
    "$1.3",
    "$8.6",
    "$126.5",
    "$4,650",
    "$108,757",
  ]);
  expect(countText(483_000_000)).toBe("483,000,000");
});

test("a price reads as what it is, to a thousandth", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.0001, max: 1e9, noNaN: true }), (price) => {
      const read = Number(priceText(price).slice(1).replaceAll(",", ""));
      expect(Math.abs(read - price) / price).toBeLessThan(0.001);
    }),
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AssetUnits, MicroUsd, MicroUsdPerWhole } from "./units.ts";
import { costUpTo, unitsWithin, worthUpTo } from "./value.ts";

const usd = (amount: number): MicroUsd => amount as MicroUsd;
const units = (amount: number): AssetUnits => amount as AssetUnits;
const priceOf = (price: number): MicroUsdPerWhole => price as MicroUsdPerWhole;

const LARGE = 2 ** 53 - 1;
const amount = fc.oneof(fc.nat(1_000), fc.integer({ min: 0, max: 2 ** 51 }));
const price = fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 1e15 }));
const scale = fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 1e15 }));
const most = fc.oneof(fc.nat(1_000), fc.integer({ min: 0, max: LARGE }));
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

describe("amounts at a price beyond all measure", () => {
  test.each([
    { of: [3, 7, 2], down: 10, up: 11 },
    { of: [4, 7, 2], down: 14, up: 14 },
    { of: [2 ** 51, 1e15, 1], down: LARGE, up: LARGE },
  ])("$of are worth $down rounded down and $up rounded up", ({ of, down, up }) => {
    const [count = 0, each = 0, whole = 0] = of;
    expect(worthUpTo(usd(LARGE), units(count), priceOf(each), units(whole))).toBe(down);
    expect(costUpTo(usd(LARGE), units(count), priceOf(each), units(whole))).toBe(up);
  });

  test("are worth what integers of any size say, up to the bound", () => {
    fc.assert(
      fc.property(amount, price, scale, most, (count, each, whole, bound) => {
        const product = BigInt(count) * BigInt(each);
        const down = least(product / BigInt(whole), BigInt(bound));
        const up = least((product + BigInt(whole) - 1n) / BigInt(whole), BigInt(bound));
        expect(BigInt(worthUpTo(usd(bound), units(count), priceOf(each), units(whole)))).toBe(down);
        expect(BigInt(costUpTo(usd(bound), units(count), priceOf(each), units(whole)))).toBe(up);
      }),
      { numRuns: 5_000 },
    );
  });

  test("are the most that a value covers, rounded against who takes them out", () => {
    fc.assert(
      fc.property(most, price, scale, amount, (value, each, whole, bound) => {
        const found = unitsWithin(usd(value), priceOf(each), units(whole), units(bound));
        expect(costUpTo(usd(LARGE), found, priceOf(each), units(whole))).toBeLessThanOrEqual(value);
        if (found === bound) return;
        expect((BigInt(found) + 1n) * BigInt(each) > BigInt(value) * BigInt(whole)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MicroUsd } from "../kernel/units.ts";
import { waterFill } from "./waterFill.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 2_000);
const usd = (amount: number): MicroUsd => amount as MicroUsd;
const fill = (amount: number, bearers: readonly (readonly [weight: number, cap: number])[]): number[] =>
  waterFill(
    usd(amount),
    bearers.map(([weight, cap]) => ({ weight: usd(weight), cap: usd(cap) })),
  );

describe("pro-rata shares with caps", () => {
  test.each([
    {
      why: "in proportion",
      amount: 90,
      bearers: [
        [1, 100],
        [2, 100],
      ],
      shares: [30, 60],
    },
    {
      why: "what rounding leaves goes to the first",
      amount: 10,
      bearers: [
        [1, 9],
        [1, 9],
        [1, 9],
      ],
      shares: [4, 3, 3],
    },
    {
      why: "whoever is at the cap hands on",
      amount: 90,
      bearers: [
        [5, 10],
        [1, 100],
        [1, 100],
      ],
      shares: [10, 40, 40],
    },
    {
      why: "caps in turn",
      amount: 100,
      bearers: [
        [8, 10],
        [4, 30],
        [1, 100],
      ],
      shares: [10, 30, 60],
    },
    {
      why: "no weight, no share",
      amount: 50,
      bearers: [
        [0, 100],
        [1, 20],
      ],
      shares: [0, 20],
    },
    {
      why: "all that can be borne",
      amount: 500,
      bearers: [
        [1, 20],
        [3, 30],
      ],
      shares: [20, 30],
    },
    {
      why: "odd units skip those at their caps",
      amount: 5,
      bearers: [
        [1, 1],
        [1, 9],
        [1, 9],
      ],
      shares: [1, 2, 2],
    },
    { why: "nothing to bear", amount: 0, bearers: [[1, 20]], shares: [0] },
    { why: "nobody to bear", amount: 7, bearers: [], shares: [] },
  ] as const)("$why", ({ amount, bearers, shares }) => {
    expect(fill(amount, bearers)).toEqual(shares);
  });

  test("sum exactly, respect caps, and differ from the fair real-valued solution by less than a unit per bearer", () => {
    const money = fc.oneof(fc.nat(50), fc.nat(2 ** 40));
    const bearers = fc.array(fc.tuple(money, money), { maxLength: 12 });
    fc.assert(
      fc.property(money, bearers, (amount, list) => {
        const shares = fill(amount, list);
        const able = list.reduce((sum, [weight, cap]) => sum + (weight > 0 ? cap : 0), 0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(Math.min(amount, able));
        const level = fairLevel(Math.min(amount, able), list);
        list.forEach(([weight, cap], index) => {
          const fair = Math.min(weight * level, cap);
          expect(shares[index]).toBeLessThanOrEqual(cap);
          expect(Math.abs((shares[index] as number) - fair)).toBeLessThanOrEqual(list.length + fair * 1e-9);
        });
      }),
      { numRuns: RUNS },
    );
  });
});

/** The level t at which Σ min(weight·t, cap) reaches the amount: bisection on reals, an independent way to the same split. */
function fairLevel(amount: number, list: readonly (readonly [number, number])[]): number {
  const poured = (level: number): number =>
    list.reduce((sum, [weight, cap]) => sum + Math.min(weight * level, cap), 0);
  let low = 0;
  let high = 2 ** 42;
  for (let step = 0; step < 200; step++) {
    const level = (low + high) / 2;
    if (poured(level) < amount) low = level;
    else high = level;
  }
  return high;
}

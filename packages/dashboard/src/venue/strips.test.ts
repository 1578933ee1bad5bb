import fc from "fast-check";
import { expect, test } from "vitest";
import { cellsOf, strip } from "./strips.ts";

test("the fullest bin is darkest, a small one is still seen, an empty one is not", () => {
  const { values, most } = strip([
    { long: "100.0", short: "0.0" },
    { long: "0.0", short: "1.0" },
    { long: "0.0", short: "0.0" },
  ]);
  expect(most).toBe(100);
  expect(values[0]).toBe(1);
  expect(values[1]).toBeGreaterThan(0.25);
  expect(values[2]).toBe(0);
});

test("buckets stand from the unhealthiest to the healthiest, none left out, and never calmer than a healthier one", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 500 }), (health) => {
      const { order, values, columns } = cellsOf(health);
      expect([...order].toSorted((one, other) => one - other)).toEqual([...health.keys()]);
      for (let index = 1; index < values.length; index++)
        expect(values[index]).toBeLessThanOrEqual(values[index - 1] as number);
      expect(columns).toBeGreaterThanOrEqual(Math.sqrt(health.length));
      expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    }),
  );
});

test("a bucket at its margin is alarming, one with four times of it calm", () => {
  expect([...cellsOf([1_000_000, 4_000_000, 900_000, 2_500_000]).values]).toEqual([1, 1, 0.5, 0]);
});

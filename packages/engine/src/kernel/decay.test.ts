import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decayed } from "./decay.ts";

const halfLives = fc.integer({ min: 1, max: 86_400_000 });

describe("what halves in a given time", () => {
  test.each([
    [0, 1_000_000_000, "nothing has passed"],
    [1_000, 500_000_000, "one half-life"],
    [2_000, 250_000_000, "two"],
    [29_000, 1, "twenty-nine"],
    [30_000, 0, "thirty are as good as for ever"],
    [2 ** 53 - 1, 0, "for ever"],
  ])("after %i ms of a half-life of 1 s is %i ppb: %s", (time, left) => {
    expect(decayed(time, 1_000)).toBe(left);
  });

  test("follows the curve to 7e-5 of its value, and a unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000_000 }), halfLives, (time, halfLife) => {
        const exact = 1e9 * 2 ** (-time / halfLife);
        expect(Math.abs(decayed(time, halfLife) - exact)).toBeLessThanOrEqual(exact * 7e-5 + 2);
      }),
    );
  });

  test("never grows with time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000_000 }), halfLives, (time, halfLife) => {
        expect(decayed(time + 1, halfLife)).toBeLessThanOrEqual(decayed(time, halfLife));
      }),
    );
  });
});

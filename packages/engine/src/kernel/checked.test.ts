import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_EXACT, absolute, checked, least, minus, most, negate, plus, times } from "./checked.ts";
import { InvariantViolation } from "./invariant.ts";
import type { Lots } from "./units.ts";

const lots = (count: number): Lots => count as Lots;
const anyLots = fc.maxSafeInteger().map(lots);
const LIMIT = BigInt(MAX_EXACT);

/** Number and BigInt must agree on the value, or on there being none. */
function agrees(actual: () => number, expected: bigint): void {
  if (expected > LIMIT || expected < -LIMIT) expect(actual).toThrow(InvariantViolation);
  else expect(actual()).toBe(Number(expected));
}

describe("checked", () => {
  test.each([
    { x: 0, why: "zero" },
    { x: MAX_EXACT, why: "the upper bound" },
    { x: -MAX_EXACT, why: "the lower bound" },
  ])("lets $why pass", ({ x }) => expect(checked(x)).toBe(x));

  test("stores no negative zero", () => expect(Object.is(checked(-0), 0)).toBe(true));

  test.each([MAX_EXACT + 1, -MAX_EXACT - 1, Infinity, -Infinity, Number.NaN])("refuses %d", (x) => {
    expect(() => checked(x)).toThrow(InvariantViolation);
  });

  test("2^53 − 1 is the bound of the language", () => expect(MAX_EXACT).toBe(Number.MAX_SAFE_INTEGER));
});

describe("arithmetic", () => {
  test("sums and differences are exact or refused", () => {
    fc.assert(
      fc.property(anyLots, anyLots, (a, b) => {
        agrees(() => plus(a, b), BigInt(a) + BigInt(b));
        agrees(() => minus(a, b), BigInt(a) - BigInt(b));
      }),
    );
  });

  test("multiples are exact or refused", () => {
    const counts = fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.maxSafeInteger());
    const sizes = fc.oneof(
      anyLots,
      fc.integer({ min: -(2 ** 26), max: 2 ** 26 }).map((size) => lots(size)),
    );
    fc.assert(
      fc.property(sizes, counts, (a, count) => agrees(() => times(a, count), BigInt(a) * BigInt(count))),
    );
  });

  test("the bound is sharp", () => {
    expect(plus(lots(MAX_EXACT - 1), lots(1))).toBe(MAX_EXACT);
    expect(() => plus(lots(MAX_EXACT), lots(1))).toThrow("a quantity is exact: value = 9007199254740992");
    expect(() => minus(lots(-MAX_EXACT), lots(1))).toThrow(InvariantViolation);
    expect(() => times(lots(94_906_266), 94_906_266)).toThrow(InvariantViolation);
    expect(times(lots(94_906_265), 94_906_265)).toBe(9_007_199_136_250_225);
  });

  test("signs and order", () => {
    fc.assert(
      fc.property(anyLots, anyLots, (a, b) => {
        expect(plus(a, negate(a))).toBe(0);
        expect(absolute(a)).toBe(Math.abs(a));
        expect([least(a, b), most(a, b)]).toEqual([Math.min(a, b), Math.max(a, b)]);
      }),
    );
  });

  test("no operation makes a negative zero of zeros", () => {
    const zeros = [negate(lots(0)), absolute(lots(-0)), times(lots(-5), 0), plus(lots(-0), lots(-0))];
    for (const zero of zeros) expect(Object.is(zero, 0)).toBe(true);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PARAMETERS, type ParameterName, type ParameterSpec } from "../domain/parameters.ts";
import { isBracketStep, isWithin, loosestAllowed, stewardBound } from "./bounds.ts";
import { isTightening } from "./direction.ts";

const SAFE_ONES = (Object.keys(PARAMETERS) as ParameterName[]).filter(
  (name) => PARAMETERS[name].safe !== "neither",
);

describe.each(SAFE_ONES)("one step of %s", (name) => {
  const spec: ParameterSpec = PARAMETERS[name];
  const value = fc.integer({ min: spec.min, max: spec.max });

  test("is a fifth off, half as much again, or so many units, but for the foothold", () => {
    fc.assert(
      fc.property(value, value, fc.nat(1_000_000), (baseline, wanted, foothold) => {
        const bound = BigInt(loosestAllowed(spec, baseline, wanted, foothold));
        const exact = BigInt(baseline);
        const isOff = spec.zeroIsOff === true && baseline === 0;
        if (spec.step === "free" || isOff) expect(bound).toBe(0n);
        else if (typeof spec.step === "number")
          expect(Number(bound - exact)).toBe(wanted > baseline ? spec.step : -spec.step);
        else if (spec.safe === "up") expect(bound * 5n >= exact * 4n).toBe(true);
        else expect(bound * 2n <= exact * 3n || bound === BigInt(foothold)).toBe(true);
        if (typeof spec.step !== "number") expect(isTightening(spec, baseline, Number(bound))).toBe(false);
      }),
    );
  });

  test("from a tighter baseline reaches no further", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        if (!isTightening(spec, a, b) || typeof spec.step === "number") return;
        const [from, fromTighter] = [loosestAllowed(spec, a, a, 7), loosestAllowed(spec, b, a, 7)];
        expect(isTightening(spec, fromTighter, from)).toBe(false);
      }),
    );
  });
});

describe("no limit", () => {
  test("is out of reach of whoever has one", () => {
    expect(isWithin(PARAMETERS.scaleBase, 0, loosestAllowed(PARAMETERS.scaleBase, 5, 0, 1e9))).toBe(false);
    expect(isWithin(PARAMETERS.oiUpper, 1e9, loosestAllowed(PARAMETERS.oiUpper, 5, 6, 1e9))).toBe(true);
  });
});

test.each([
  [100, 200, 100_000, 110],
  [100, 50, 100_000, 90],
  [3, 9, 100_000, 4],
  [3, 1, 100_000, 2],
])("a steward at %d who wants %d with a share of %d ppm gets %d", (current, wanted, share, bound) => {
  expect(stewardBound(current, wanted, share)).toBe(bound);
});

test("a bracket moves by half its bound and a fifth of its rate", () => {
  expect(isBracketStep(100, 50_000, 150, 40_000)).toBe(true);
  expect(isBracketStep(100, 50_000, 151, 40_000)).toBe(false);
  expect(isBracketStep(100, 50_000, 150, 39_999)).toBe(false);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PARAMETERS, type ParameterName, type ParameterSpec } from "../domain/parameters.ts";
import { directionOf, isTightening } from "./direction.ts";

const NAMES = Object.keys(PARAMETERS) as ParameterName[];
const RUNS = 500;

/** A value a parameter may have, its ends and 0 more often than others. */
function valueOf({ min, max }: ParameterSpec): fc.Arbitrary<number> {
  const ends = [min, max, Math.max(min, 0), Math.min(max, min + 1)];
  return fc.oneof(fc.constantFrom(...ends), fc.integer({ min, max }));
}

describe.each(NAMES)("%s", (name) => {
  const spec: ParameterSpec = PARAMETERS[name];

  test("a change is of exactly one kind, and its reverse of the opposite one", () => {
    fc.assert(
      fc.property(valueOf(spec), valueOf(spec), (before, after) => {
        const [there, back] = [directionOf(spec, before, after), directionOf(spec, after, before)];
        const opposite = {
          same: "same",
          tightening: "loosening",
          loosening: "tightening",
          neutral: "neutral",
        };
        expect(back).toBe(opposite[there]);
        expect(there === "same").toBe(before === after);
        expect(isTightening(spec, before, after) && isTightening(spec, after, before)).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });

  test("tightening twice is tightening", () => {
    fc.assert(
      fc.property(valueOf(spec), valueOf(spec), valueOf(spec), (a, b, c) => {
        if (!isTightening(spec, a, b) || !isTightening(spec, b, c)) return;
        expect(isTightening(spec, a, c)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  test("its envelope lies in its range, and whoever may act at once may only tighten", () => {
    const [lowest, highest] = spec.envelope;
    expect(lowest).toBeGreaterThanOrEqual(spec.min);
    expect(highest).toBeLessThanOrEqual(spec.max);
    if (spec.breaker === true || spec.steward !== undefined) expect(spec.safe).not.toBe("neither");
  });
});

describe("no limit", () => {
  test.each<[ParameterName, number, number, string]>([
    ["scaleBase", 0, 1, "tightening"],
    ["scaleBase", 1, 0, "loosening"],
    ["scaleBase", 5, 4, "tightening"],
    ["oiUpper", 9e15, 0, "loosening"],
    ["oiLower", 5, 0, "tightening"],
    ["takerFee", 5, 0, "neutral"],
    ["status", 4, 1, "loosening"],
    ["collateralCap", 0, 1, "loosening"],
  ])("%s from %d to %d is %s", (name, before, after, direction) => {
    expect(directionOf(PARAMETERS[name], before, after)).toBe(direction);
  });
});

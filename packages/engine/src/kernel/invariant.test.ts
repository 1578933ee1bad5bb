import { describe, expect, test } from "vitest";
import { InvariantViolation, invariant } from "./invariant.ts";

describe("invariant", () => {
  test("a claim that holds is silent", () => {
    expect(() => invariant(true, "the world is in order", "left", 1, "right", 1)).not.toThrow();
  });

  test.each([
    { why: "no fact", facts: [], expected: {}, message: "sums agree" },
    { why: "one fact", facts: ["left", 1], expected: { left: 1 }, message: "sums agree: left = 1" },
    {
      why: "two facts",
      facts: ["left", 1, "right", -2],
      expected: { left: 1, right: -2 },
      message: "sums agree: left = 1, right = -2",
    },
  ] as const)("a claim that fails throws its facts: $why", ({ facts, expected, message }) => {
    const [name, value, otherName, otherValue] = facts;
    const thrown = caught(() => invariant(false, "sums agree", name, value, otherName, otherValue));
    expect(thrown).toBeInstanceOf(InvariantViolation);
    expect(thrown).toMatchObject({ name: "InvariantViolation", claim: "sums agree", message });
    expect((thrown as InvariantViolation).facts).toEqual(expected);
  });

  test("a fact may be NaN or zero", () => {
    const thrown = caught(() => invariant(false, "x is exact", "x", Number.NaN, "y", 0));
    expect((thrown as InvariantViolation).facts).toEqual({ x: Number.NaN, y: 0 });
  });

  test("the condition narrows what follows", () => {
    const price: number | undefined = [7].at(0);
    invariant(price !== undefined, "there is a price");
    expect(price.toFixed(1)).toBe("7.0");
  });
});

function caught(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accrued, accruedCarry } from "./accrual.ts";
import type { MicroUsd, Ms } from "./units.ts";

const DAY = 86_400_000;
const usd = (amount: number): MicroUsd => amount as MicroUsd;
const ms = (time: number): Ms => time as Ms;

describe("what accrues", () => {
  test.each([
    { why: "nothing at no rate", rate: 0, elapsed: 5, carry: 0, units: 0, rest: 0 },
    { why: "nothing in no time", rate: 77, elapsed: 0, carry: 9, units: 0, rest: 9 },
    { why: "less than a unit is carried", rate: 1, elapsed: 9, carry: 0, units: 0, rest: 9 },
    { why: "the carry makes it whole", rate: 1, elapsed: 1, carry: 9, units: 1, rest: 0 },
    { why: "a period gives the rate", rate: 77, elapsed: 10, carry: 3, units: 77, rest: 3 },
  ])("$why", ({ rate, elapsed, carry, units, rest }) => {
    expect(accrued(usd(rate), ms(elapsed), ms(10), carry)).toBe(units);
    expect(accruedCarry(usd(rate), ms(elapsed), ms(10), carry)).toBe(rest);
  });

  const rate = fc.oneof(fc.integer({ min: 0, max: 2 ** 52 }), fc.integer({ min: 0, max: DAY * 3 }));
  const period = fc.constantFrom(DAY, 3_600_000, 86_399_999);

  test("is exact, whatever the rate", () => {
    fc.assert(
      fc.property(rate, period, fc.nat(DAY), fc.nat(DAY), (each, span, time, part) => {
        const elapsed = Math.min(time, span);
        const carry = part % span;
        const sum = BigInt(each) * BigInt(elapsed) + BigInt(carry);
        expect(BigInt(accrued(usd(each), ms(elapsed), ms(span), carry))).toBe(sum / BigInt(span));
        expect(BigInt(accruedCarry(usd(each), ms(elapsed), ms(span), carry))).toBe(sum % BigInt(span));
      }),
      { numRuns: 5_000 },
    );
  });

  test("is the same reckoned once or in two parts", () => {
    fc.assert(
      fc.property(rate, period, fc.nat(DAY), fc.nat(DAY), (each, span, time, part) => {
        const elapsed = Math.min(time, span);
        const first = Math.min(part, elapsed);
        const second = elapsed - first;
        const carry = accruedCarry(usd(each), ms(first), ms(span), 0);
        const parts =
          accrued(usd(each), ms(first), ms(span), 0) + accrued(usd(each), ms(second), ms(span), carry);
        expect(parts).toBe(accrued(usd(each), ms(elapsed), ms(span), 0));
      }),
      { numRuns: 5_000 },
    );
  });
});

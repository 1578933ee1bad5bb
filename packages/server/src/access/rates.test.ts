import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Denied } from "./denial.ts";
import { networkOf } from "./limits.ts";
import { Rates } from "./rates.ts";

function isTaken(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof Denied) return false;
    throw error;
  }
}

describe("a rate", () => {
  test("lets a burst through, then so many a second, and says when to come again", () => {
    const rates = new Rates<string>({ perSecond: 10, burst: 5 }, "requests");
    for (let each = 0; each < 5; each++) rates.take("a", 0);
    expect(() => rates.take("a", 0)).toThrow(
      expect.objectContaining({
        denial: "rate_exceeded",
        facts: expect.objectContaining({ retryAfterMs: 100 }),
      }),
    );
    expect(() => rates.take("a", 99)).toThrow(Denied);
    rates.take("a", 100);
    rates.take("b", 100);
  });

  test("says of what is never allowed at once that no waiting helps", () => {
    const rates = new Rates<string>({ perSecond: 10, burst: 5 }, "requests");
    expect(() => rates.take("a", 0, 6)).toThrow(
      expect.objectContaining({ facts: expect.not.objectContaining({ retryAfterMs: expect.anything() }) }),
    );
  });

  test("gives nobody more in any span than a burst and what has grown in it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pass: fc.nat(400), count: fc.integer({ min: 1, max: 9 }) }), {
          maxLength: 60,
          size: "max",
        }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 20 }),
        (steps, perSecond, burst) => {
          const rates = new Rates<string>({ perSecond, burst }, "requests");
          const taken: { at: number; count: number }[] = [];
          let now = 0;
          for (const { pass, count } of steps) {
            now += pass;
            if (isTaken(() => rates.take("a", now, count))) taken.push({ at: now, count });
          }
          for (let from = 0; from < taken.length; from++) {
            let sum = 0;
            for (const { at, count } of taken.slice(from)) {
              sum += count;
              expect(sum).toBeLessThanOrEqual(burst + ((at - taken[from]!.at) * perSecond) / 1_000 + 1e-6);
            }
          }
        },
      ),
    );
  });

  test("remembers no more keys than it was told to", () => {
    const rates = new Rates<number>({ perSecond: 1, burst: 1 }, "requests", 3);
    for (let key = 0; key < 10; key++) rates.take(key, 0);
    expect(rates.size).toBe(3);
    expect(isTaken(() => rates.take(9, 0))).toBe(false);
  });
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:0db8:1::9", "2001:db8:1:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
])("%s is limited as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

import { expect, test } from "vitest";
import { DEMO_BARS, demoPath } from "./demoPath.ts";

test.each([1, 2, 3, 99])(
  "the built-in path of seed %d is calm, crashes by about 35 %% and rebounds",
  (seed) => {
    const [coin] = demoPath(seed);
    const close = coin?.close ?? new Float64Array();
    const first = close.at(0) ?? 0;
    const at = (bar: number): number => (close.at(bar) ?? 0) / first;
    const calm = close.subarray(0, 1_200).map((price) => Math.abs(price / first - 1));
    expect(close).toHaveLength(DEMO_BARS);
    expect(Math.max(...calm)).toBeLessThan(0.05);
    expect(Math.abs(at(1_640) - 0.64)).toBeLessThan(0.05);
    expect(at(DEMO_BARS - 1)).toBeGreaterThan(0.78);
  },
);

test("its bars are sound, start where the last ended, and repeat for a seed", () => {
  for (const { open, high, low, close } of demoPath(5)) {
    for (let bar = 0; bar < DEMO_BARS; bar++) {
      const ends = [open.at(bar) ?? 0, close.at(bar) ?? 0];
      expect(high[bar]).toBeGreaterThanOrEqual(Math.max(...ends));
      expect(low[bar]).toBeLessThanOrEqual(Math.min(...ends));
      expect(low[bar]).toBeGreaterThan(0);
      if (bar > 0) expect(open[bar]).toBe(close[bar - 1]);
    }
  }
  expect(demoPath(5)).toEqual(demoPath(5));
  expect(demoPath(5)).not.toEqual(demoPath(6));
});

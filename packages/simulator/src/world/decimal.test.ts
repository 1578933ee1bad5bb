import { expect, test } from "vitest";
import { unitsOf, widthOf } from "./decimal.ts";

test.each([
  ["39684.1", 1, 396_841],
  ["39684.1", 3, 39_684_100],
  ["0.1", 15, 100_000_000_000_000],
  ["1.25", 1, 13],
  ["1.249", 1, 12],
  ["0.5", 0, 1],
  ["0.49", 0, 0],
  ["0.004", 1, 0],
  ["5e-05", 5, 5],
  ["1.5e3", 0, 1_500],
  ["12e-1", 0, 1],
  ["007", 0, 7],
  ["9007199254740991", 0, 9_007_199_254_740_991],
  ["9007199254740993", 0, undefined],
  ["1e999", 0, undefined],
  ["", 0, undefined],
  [".5", 1, undefined],
  ["-1", 0, undefined],
  ["1,5", 0, undefined],
  ["Infinity", 0, undefined],
  ["0x10", 0, undefined],
])("%s in units of 10^−%d is %s", (text, decimals, units) => {
  expect(unitsOf(text, decimals)).toBe(units);
});

test.each([
  ["39684.10", { whole: 5, fraction: 1 }],
  ["0.00012", { whole: 0, fraction: 5 }],
  ["1200", { whole: 4, fraction: 0 }],
  ["1.2e-05", { whole: 0, fraction: 6 }],
  ["0", { whole: 0, fraction: 0 }],
  ["x", undefined],
])("the width of %s", (text, width) => {
  expect(widthOf(text)).toEqual(width);
});

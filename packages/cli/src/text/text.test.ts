import { describe, expect, test } from "vitest";
import { count, exactUsd, fixedPoint, groupThousands, percent, roughUsd } from "./amounts.ts";
import { last, most, sparkline } from "./sparkline.ts";
import { table } from "./table.ts";

describe("numbers", () => {
  test("have their thousands apart", () => {
    expect([0, 999, 1_000, 1_234_567].map(count)).toEqual(["0", "999", "1,000", "1,234,567"]);
    expect(["39684.1", "0.00005", "-1234.5"].map(groupThousands)).toEqual([
      "39,684.1",
      "0.00005",
      "-1,234.5",
    ]);
  });

  test("tell money to the last unit", () => {
    expect([0n, 1n, -1n, 81_899_821_283_092n].map(exactUsd)).toEqual([
      "0.000000",
      "0.000001",
      "-0.000001",
      "81899821.283092",
    ]);
    expect(fixedPoint(652_666_167_528n, 8)).toBe("6526.66167528");
  });

  test("tell money at a glance", () => {
    expect([0n, 999_400_000n, 58_802n * 10n ** 6n, -(15n * 10n ** 12n), 10n ** 18n].map(roughUsd)).toEqual([
      "$0",
      "$999",
      "$58.80 k",
      "$-15.00 m",
      "$1.00 tn",
    ]);
    expect([0.1, -0.3633, 0].map(percent)).toEqual(["+10.00 %", "-36.33 %", "0.00 %"]);
  });
});

describe("a sparkline", () => {
  test("goes from the lowest to the highest value", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8, last)).toBe("▁▂▃▄▅▆▇█");
    expect(sparkline([5, 5], 8, last)).toBe("▁▁");
  });

  test("folds several values into one column, and leaves gaps", () => {
    expect(sparkline([0, 7, 7, 0], 2, last)).toBe("█▁");
    expect(sparkline([0, 7, 1, 0], 2, most)).toBe("█▁");
    expect(sparkline([Number.NaN, 1, 2], 3, last)).toBe(" ▁█");
  });
});

test("a table aligns its columns", () => {
  expect(
    table(
      [
        ["a", "1", "x"],
        ["bcd", "200"],
      ],
      ["left", "right", "left"],
    ),
  ).toEqual(["a      1  x", "bcd  200"]);
});

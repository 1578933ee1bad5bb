import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ago, compact, duration, grouped, momentText, percent, shortened, signed, worded } from "./text.ts";

describe("a number", () => {
  test.each([
    ["0", undefined, "0"],
    ["1234567.5000", undefined, "1,234,567.5000"],
    ["-1234.5", 2, "−1,234.50"],
    ["-0.004", 2, "0.00"],
    ["999", 0, "999"],
    ["90071992547409931234.123456", undefined, "90,071,992,547,409,931,234.123456"],
    ["no number", 2, "no number"],
  ])("%s is written whole", (decimal, places, text) => expect(grouped(decimal, places)).toBe(text));

  test("keeps every digit", () => {
    const decimals = fc.tuple(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.stringMatching(/^\d{1,18}$/),
    );
    fc.assert(
      fc.property(decimals, ([whole, fraction]) => {
        const decimal = `${whole}.${fraction}`;
        const back = grouped(decimal).replaceAll(",", "").replace("−", "-");
        expect(back).toBe(decimal);
      }),
    );
  });

  test.each([
    [0, "0.00"],
    [12.345, "12.35"],
    [9_999, "9,999"],
    [12_345, "12.3k"],
    [-1_234_567, "−1.23M"],
    [7.25e12, "7.25T"],
    [-0.001, "0.00"],
    [Number.NaN, "–"],
  ])("%d is written short", (value, text) => expect(compact(value)).toBe(text));

  test("is a percentage, with its sign", () => {
    expect(percent("0.0123")).toBe("1.23 %");
    expect(signed(percent(0.5, 0))).toBe("+50 %");
    expect(signed(percent(-0.0001, 4))).toBe("−0.0100 %");
    expect(signed(percent(0))).toBe("0.00 %");
  });
});

describe("a time", () => {
  test.each([
    [12, "12 ms"],
    [3_200, "3 s"],
    [61_000, "1 min 1 s"],
    [7_500_000, "2 h 5 min"],
    [86_400_000, "1 d"],
  ])("%d ms lasts", (ms, text) => expect(duration(ms)).toBe(text));
  test("is told from now", () => {
    expect(ago(1_000, 4_000)).toBe("3 s ago");
    expect(ago(64_000, 4_000)).toBe("in 1 min");
    expect(ago(4_200, 4_000)).toBe("now");
    expect(momentText(1_795_000_000_000)).toBe("2026-11-18 11:06:40 UTC");
  });
});

test("names are read as words", () => {
  expect(worded("reduceOnly")).toBe("reduce only");
  expect(worded("margin_insufficient")).toBe("margin insufficient");
  expect(shortened("0x1234567890abcdef")).toBe("0x1234…cdef");
  expect(shortened("short")).toBe("short");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { rawText, valueText } from "./values.ts";

test.each([
  ["initialMargin", 50_000, "5 %"],
  ["makerFee", -50, "−0.005 % of notional"],
  ["fundingCap", 1_000_000, "0.1 % of mark per accrual"],
  ["scaleBase", 1_000_000_000_000, "1,000,000 USD"],
  ["scaleBase", 0, "0 – no size scaling"],
  ["fundingInterval", 3_600_000, "1 h"],
  ["maxPositionLots", 2_147_483, "2,147,483 lots"],
  ["status", 1, "reduce-only"],
  ["underlying", 1, "1"],
  ["wishes", 3, "3"],
])("%s %d is %s", (name, value, text) => {
  expect(valueText(name, value)).toBe(text);
});

test("nothing of a rate is lost", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (value) => {
      const [, sign, digits] = /^(−?)([\d,.]+) %/.exec(valueText("initialMargin", value)) ?? [];
      const back = Number(`${sign === "−" ? "-" : ""}${digits?.replaceAll(",", "")}`);
      expect(Math.round(back * 10_000)).toBe(value === 0 ? 0 : value);
    }),
  );
  expect(rawText("band", 50_000)).toBe("50,000 ppm");
});

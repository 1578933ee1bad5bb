import { describe, expect, test } from "vitest";
import { contractSizeOf, priceText, ticksOf, wholeValue, withinRange } from "./contractSize.ts";
import type { PriceSeries } from "./priceSeries.ts";

function seriesAt(first: number, decimals: number, highest = first): PriceSeries {
  const one = Float64Array.of(first);
  return {
    name: "",
    decimals,
    time: Float64Array.of(0),
    open: one,
    high: Float64Array.of(highest),
    low: one,
    close: one,
  };
}

describe("tick and lot fit the price level", () => {
  test.each([
    ["BTC at 39,684.1", 396_841, 1, { tickUnits: 1, tickDecimals: 0, lotDecimals: 3, notional: 1_000 }],
    ["ETH at 2,939.81", 293_981, 2, { tickUnits: 1, tickDecimals: 1, lotDecimals: 2, notional: 1_000 }],
    ["a dollar", 1, 0, { tickUnits: 2, tickDecimals: 5, lotDecimals: -1, notional: 200 }],
    ["a thousandth of a cent", 1, 5, { tickUnits: 2, tickDecimals: 10, lotDecimals: -6, notional: 200 }],
    ["a million dollars", 1_000_000, 0, { tickUnits: 20, tickDecimals: 0, lotDecimals: 5, notional: 200 }],
  ])("%s", (_, first, decimals, contract) => {
    expect(contractSizeOf(seriesAt(first, decimals))).toEqual(contract);
  });

  test("a price can rise twenty times, and a fall of 99.99 % ends on a tick", () => {
    for (let first = 1; first < 1e12; first = Math.ceil(first * 1.37)) {
      const contract = contractSizeOf(seriesAt(first, 4));
      const ticks = ticksOf(first, 4, contract);
      expect(ticks).toBeGreaterThanOrEqual(20_000);
      expect(ticks * 20).toBeLessThan(2 ** 20);
      expect(Math.round(ticks / 10_000)).toBeGreaterThanOrEqual(1);
      expect(Number.isInteger(contract.notional)).toBe(true);
      const lot = ticks * contract.notional;
      expect(lot).toBeGreaterThanOrEqual(9.99e6);
      expect(lot).toBeLessThan(100.01e6);
    }
  });

  test("a price known to rise a thousand times stays within the range", () => {
    const contract = contractSizeOf(seriesAt(10, 0, 69_000));
    expect(contract.tickDecimals).toBe(1);
    expect(ticksOf(69_000, 0, contract)).toBe(690_000);
    expect(ticksOf(10, 0, contract)).toBe(100);
  });
});

describe("prices and ticks", () => {
  const contract = { tickUnits: 5, tickDecimals: 3, lotDecimals: 1, notional: 500 };

  test("a price is rounded half up to a tick", () => {
    expect(ticksOf(12, 3, contract)).toBe(2);
    expect(ticksOf(125, 4, contract)).toBe(3);
    expect(ticksOf(1_249, 5, contract)).toBe(2);
    expect(ticksOf(7, 0, contract)).toBe(1_400);
  });

  test("a tick is told as a decimal number", () => {
    expect(priceText(1_400, contract)).toBe("7.000");
    expect(priceText(3, contract)).toBe("0.015");
    expect(priceText(39_684, { ...contract, tickUnits: 1, tickDecimals: 0 })).toBe("39684");
  });

  test("a whole unit is worth its lots", () => {
    expect(wholeValue(1_400, contract)).toBe(7_000_000);
    expect(wholeValue(1, { ...contract, lotDecimals: -6 })).toBe(1);
  });

  test("what lies outside the range is held at its edge", () => {
    expect([0, 1, 2 ** 20 - 1, 2 ** 20].map(withinRange)).toEqual([1, 1, 2 ** 20 - 1, 2 ** 20 - 1]);
  });
});

import { describe, expect, test } from "vitest";
import { Desk, PLAIN_MARKET, answer } from "./desk.ts";

describe("listing", () => {
  test("the first asset counts micro-dollars, and tables have ends", () => {
    const desk = new Desk({ capacities: { assets: 2, tiers: 1, markets: 2, ladderTicks: 65_536 } });
    desk.must("listAsset", { scale: 7 });
    expect(answer(desk.send("listAsset", { scale: 7 }))).toBe("asset_capacity_reached 2");
    expect(answer(desk.send("listTier", { minInitialMargin: 0 }))).toBe("tier_capacity_reached 1");
    desk.market();
    expect(answer(desk.send("listMarket", { ...PLAIN_MARKET, rangeBits: 16 }))).toBe(
      "ladder_capacity_reached 65536 32768",
    );
    desk.market();
    expect(answer(desk.send("listMarket", PLAIN_MARKET))).toBe("market_capacity_reached 2");
  });

  test.each([
    [{ tier: 2 }, "tier_unknown 2"],
    [{ expiry: 5_000 }, "expiry_absent 0 5000"],
    [{ contract: 1, expiry: 1_000 }, "expiry_absent 1 1000"],
    [{ initialMargin: 19_999 }, "margin_below_tier 19999 20000"],
    // One lot is worth at most 2^15 · 8 = 2^18 micro-USD.
    [{ notional: 8, maxPositionLots: 2 ** 32 + 1 }, "position_value_cap 4294967297 4294967296"],
    [{ notional: 8, maxOpenInterestLots: 2 ** 35 }, "open_interest_value_cap 34359738368 34359738367"],
    [{ makerFee: -2, takerFee: 1 }, "rebate_above_fee -2 1"],
    [{ oiLower: 5, oiUpper: 5 }, "open_interest_bounds 5 5"],
    [{ oiLower: 5 }, "open_interest_bounds 5 0"],
  ])("%o is refused: %s", (terms, refusal) => {
    const desk = new Desk();
    desk.must("setParameter", { tier: 1, market: 0, parameter: 32, value: 20_000 });
    expect(answer(desk.send("listMarket", { ...PLAIN_MARKET, ...terms }))).toBe(refusal);
  });
});

describe("parameters", () => {
  test("change one at a time within their ranges, and tell what they were", () => {
    const desk = new Desk();
    desk.market({ takerFee: 50 });
    const set = (parameter: number, value: number, market = 1): string =>
      answer(desk.send("setParameter", { tier: 1, market, parameter, value }));
    expect(set(8, 60)).toBe("accepted 50");
    expect(set(8, 100_001)).toBe("parameter_out_of_range 100001 0 100000");
    expect(set(9, -61)).toBe("rebate_above_fee -61 60");
    expect(set(5, 1)).toBe("open_interest_bounds 1 0");
    expect(set(6, 2)).toBe("accepted 0");
    expect(set(5, 1)).toBe("accepted 0");
    expect(set(32, 1)).toBe("parameter_unknown 32");
    expect(set(1, 1, 0)).toBe("parameter_unknown 1");
    expect(set(33, 257, 0)).toBe("parameter_out_of_range 257 0 256");
    expect(set(33, 9, 0)).toBe("accepted 200");
    expect(set(12, 9)).toBe("accepted 200000");
    expect(set(1, 1, 2)).toBe("market_unknown 2");
  });

  test("brackets rise in notional and rate, without gaps", () => {
    const desk = new Desk();
    desk.market();
    const set = (bracket: number, lower: number, rate: number): string =>
      answer(desk.send("setMarginBracket", { tier: 1, market: 1, bracket, lower, rate }));
    expect(set(2, 2_000, 300_000)).toBe("bracket_order 2000 300000");
    expect(set(1, 1_000, 100_000)).toBe("bracket_order 1000 100000");
    expect(set(1, 0, 200_000)).toBe("bracket_order 0 200000");
    expect(set(1, 1_000, 200_000)).toBe("accepted");
    expect(set(2, 2_000, 300_000)).toBe("accepted");
    expect(set(1, 2_000, 250_000)).toBe("bracket_order 2000 250000");
    expect(set(1, 1_500, 250_000)).toBe("accepted");
  });
});

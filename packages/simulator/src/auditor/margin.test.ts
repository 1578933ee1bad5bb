import { describe, expect, test } from "vitest";
import { ceilDivide, ceilSquareRoot, floorDivide } from "./arithmetic.ts";
import { PLAIN_MARKET } from "./desk.ts";
import {
  type Exposure,
  bracketMargin,
  deepened,
  initialMargin,
  maintenanceMargin,
  openInterestRate,
  requirement,
  sizeRate,
} from "./margin.ts";
import type { Market, MarketTerms } from "./venue.ts";
import { createMarket, createTier, createWorld } from "./world.ts";

function market(terms: Partial<MarketTerms>): Market {
  const world = createWorld({});
  const plain: MarketTerms = {
    status: 0n,
    initialMargin: 100_000n,
    maintenanceRatio: 500_000n,
    scaleBase: 0n,
    oiLower: 0n,
    oiUpper: 0n,
    band: 1n,
    takerFee: 0n,
    makerFee: 0n,
    maxPositionLots: 1n,
    maxOpenInterestLots: 1n,
    maxOrders: 1n,
    fundingCap: 0n,
    liquidationFee: 0n,
    liquidationStep: 0n,
    liquidationMinimum: 0n,
    backstopCap: 0n,
    backstopInventory: 0n,
    underlying: 0n,
    callAuctionPeriod: 0n,
    callAuctionCollar: 0n,
    stressMove: 0n,
    markBand: 0n,
    fundingInterval: 0n,
    interestRate: 0n,
  };
  const listing = { kind: "listMarket", time: 0, ...PLAIN_MARKET } as const;
  const listed = createMarket(world, createTier(world, 1, 0n), listing, { ...plain, ...terms });
  listed.mark = 100;
  return listed;
}

describe("rounding", () => {
  test.each([
    [7n, 2n, 3n, 4n],
    [-7n, 2n, -4n, -3n],
    [6n, 2n, 3n, 3n],
    [-6n, 2n, -3n, -3n],
    [0n, 5n, 0n, 0n],
  ])("%d / %d is between %d and %d", (dividend, divisor, floor, ceil) => {
    expect(floorDivide(dividend, divisor)).toBe(floor);
    expect(ceilDivide(dividend, divisor)).toBe(ceil);
  });

  test.each([
    [0n, 0n],
    [1n, 1n],
    [2n, 2n],
    [4n, 2n],
    [5n, 3n],
    [2_000_000_000_000n, 1_414_214n],
    [9_007_199_254_740_991n, 94_906_266n],
  ])("the square root of %d rounds up to %d", (square, root) => {
    expect(ceilSquareRoot(square)).toBe(root);
  });
});

describe("size scaling", () => {
  const scaled = market({ initialMargin: 50_000n, scaleBase: 1_000_000n });

  test.each([
    [1_000_000n, 50_000_000n, "at the base the rate is the plain one"],
    [4_000_000n, 100_000_000n, "four times the base doubles it"],
    [2_000_000n, 70_710_700n, "the root of two is rounded up to 1.414214"],
    [400_000_000n, 1_000_000_000n, "four hundred times the base reaches one"],
    [9_007_000_000n, 1_000_000_000n, "from 9 007 times the base it is one without a root"],
  ])("the rate of %d is %d ppb: %s", (notional, rate) => {
    expect(sizeRate(scaled, notional)).toBe(rate);
  });

  test("margin rounds up, and maintenance is a share of the rounded initial margin", () => {
    expect(initialMargin(scaled, 2_000_000n)).toBe(141_422n); // 141 421.4
    expect(maintenanceMargin(scaled, 2_000_000n)).toBe(70_711n);
    expect(initialMargin(market({}), 11n)).toBe(2n);
    expect(maintenanceMargin(market({}), 21n)).toBe(2n); // ⌈2.1⌉ = 3, half of it 1.5
  });
});

describe("open-interest scaling", () => {
  test.each([
    [10n, 100_000_000n],
    [15n, 550_000_000n],
    [20n, 1_000_000_000n],
    [30n, 1_000_000_000n],
  ])("%d lots at 100 ask for %d ppb", (openInterest, rate) => {
    const crowded = market({ oiLower: 1_000n, oiUpper: 2_000n });
    crowded.openInterest = openInterest;
    expect(openInterestRate(crowded)).toBe(rate);
    expect(initialMargin(crowded, 1_000n)).toBe(rate / 1_000_000n);
    expect(maintenanceMargin(crowded, 1_000n)).toBe(50n);
  });
});

describe("brackets", () => {
  test("continue each other without a jump", () => {
    const tiered = market({});
    tiered.brackets.set(1, { lower: 1_000n, rate: 200_000n });
    tiered.brackets.set(2, { lower: 2_000n, rate: 500_000n });
    expect([1_000n, 1_500n, 2_000n, 3_000n].map((notional) => bracketMargin(tiered, notional))).toEqual([
      0n,
      200n,
      300n,
      800n,
    ]);
    expect([1_000n, 1_500n, 2_000n, 3_000n].map((notional) => initialMargin(tiered, notional))).toEqual([
      100n,
      200n,
      300n,
      800n,
    ]);
    expect(maintenanceMargin(tiered, 3_000n)).toBe(400n);
  });
});

describe("requirement", () => {
  const flat = { market: market({}), lots: 0n, bidLots: 0n, bidNotional: 0n, askLots: 0n, askNotional: 0n };

  test.each<[Partial<Exposure>, bigint, string]>([
    [{ lots: 10n }, 100n, "the position alone"],
    [{ lots: 10n, askLots: 10n, askNotional: 1_000n }, 100n, "an order that closes adds nothing"],
    [{ lots: 10n, askLots: 30n, askNotional: 3_000n }, 200n, "an order that flips counts what it flips to"],
    [{ bidLots: 10n, bidNotional: 1_100n }, 200n, "a bid above the mark loses at once"],
    [{ bidLots: 10n, bidNotional: 900n }, 100n, "a bid below the mark wins nothing"],
    [{ askLots: 10n, askNotional: 900n }, 200n, "an ask below the mark loses at once"],
    [
      { bidLots: 10n, bidNotional: 1_000n, askLots: 20n, askNotional: 2_000n },
      200n,
      "only the worse side counts",
    ],
  ])("%o needs %d: %s", (exposure, needed) => {
    expect(requirement({ ...flat, ...exposure })).toBe(needed);
  });
});

describe("margin by pierce depth", () => {
  const layers = [100n, 100n, 100n];

  test.each([
    [100n, 100n, 100n],
    [100n, 110n, 102n],
    [100n, 225n, 125n],
    [100n, 226n, 126n],
    [100n, 475n, 175n],
    [100n, 9_000n, 175n],
    [0n, 0n, 0n],
  ])("margin %d against a loss of %d is %d", (margin, loss, found) => {
    expect(deepened(layers, margin, loss)).toBe(found);
  });

  test("without layers it is the loss, up to seven quarters", () => {
    expect([101n, 174n, 200n].map((loss) => deepened([0n, 0n, 0n], 100n, loss))).toEqual([101n, 174n, 175n]);
  });
});

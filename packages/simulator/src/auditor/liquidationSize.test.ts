import { describe, expect, test } from "vitest";
import { PLAIN_MARKET } from "./desk.ts";
import {
  isShallow,
  lotsToClose,
  penaltyOf,
  ticksGiven,
  ticksToBackstop,
  worseThanMark,
} from "./liquidationSize.ts";
import type { Bucket, MarketTerms, Position } from "./venue.ts";
import { createMarket, createTier, createWorld } from "./world.ts";

const PLAIN: MarketTerms = {
  status: 0n,
  initialMargin: 100_000n,
  maintenanceRatio: 500_000n,
  scaleBase: 0n,
  oiLower: 0n,
  oiUpper: 0n,
  band: 500_000n,
  takerFee: 0n,
  makerFee: 0n,
  maxPositionLots: 1_000n,
  maxOpenInterestLots: 1_000n,
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

/** 100 lots at a mark of 100: their maintenance margin is 5 % of 10 000. */
function hundred(terms: Partial<MarketTerms> = {}, buffer = 200_000n): Position {
  const world = createWorld({});
  const tier = createTier(world, 1, 0n);
  tier.liquidationBuffer = buffer;
  const listing = { kind: "listMarket", time: 0, ...PLAIN_MARKET } as const;
  const market = createMarket(world, tier, listing, { ...PLAIN, ...terms });
  market.mark = 100;
  return {
    bucket: { tier } as Bucket,
    market,
    lots: 100n,
    cost: 0n,
    fundingEntry: 0n,
    openOrders: 0,
    bidLots: 0n,
    bidNotional: 0n,
    askLots: 0n,
    askNotional: 0n,
  };
}

const DEEP = { equity: 300n, maintenance: 500n };
const SHALLOW = { equity: 340n, maintenance: 500n };

describe("a step closes", () => {
  test("two thirds of maintenance margin part the shallow from the deep", () => {
    expect(isShallow({ equity: 334n, maintenance: 500n })).toBe(true);
    expect(isShallow({ equity: 333n, maintenance: 500n })).toBe(false);
  });

  test.each<[string, Partial<MarketTerms>, typeof DEEP, bigint]>([
    // 50 lots left need 250, a fifth more is 300.
    ["the fewest lots that leave the buffer", {}, DEEP, 50n],
    // 55: 300 − ⌈27.5⌉ = 272 ≥ 225 + 45; 54: 273 < 230 + 46.
    ["more, if fees eat some of the equity", { makerFee: -1_000n, liquidationFee: 4_000n }, DEEP, 55n],
    // Fees of 5 % and 5 % cost what a lot sets free, and more.
    ["all, if nothing is enough", { makerFee: -50_000n, liquidationFee: 50_000n }, DEEP, 100n],
    // 44: 340 ≥ 280 + 56; 43: 340 < 285 + 57.
    ["as much as it needs without a step", {}, SHALLOW, 44n],
    ["a part of the position while it is shallow", { liquidationStep: 200_000n }, SHALLOW, 20n],
    ["all it needs when it is deep", { liquidationStep: 200_000n }, DEEP, 50n],
    ["no less than the minimum", { liquidationStep: 200_000n, liquidationMinimum: 2_901n }, SHALLOW, 30n],
    ["all, if less than the minimum would be left", { liquidationMinimum: 5_601n }, SHALLOW, 100n],
    ["what it needs, if the minimum is just left", { liquidationMinimum: 5_600n }, SHALLOW, 44n],
  ])("%s", (_, terms, health, lots) => {
    expect(lotsToClose(hundred(terms), health)).toBe(lots);
  });

  test("no buffer to speak of asks only for maintenance margin", () => {
    // One lot left of the buffer: 300 ≥ 295 + ⌈0.000295⌉.
    expect(lotsToClose(hundred({}, 1n), DEEP)).toBe(41n);
  });
});

describe("the zero price", () => {
  test("gives what the closed lots set free of equity", () => {
    // 50 lots set 250 of 500 free: 150 of 300, 3 ticks a lot. Then 150 stand behind 250, as 300 behind 500.
    const position = hundred();
    expect(ticksGiven(position, DEEP, 50n)).toBe(3n);
    expect(worseThanMark(position.market, 100n, 3n)).toBe(97);
    expect(worseThanMark(position.market, -100n, 3n)).toBe(103);
  });

  test("leaves room for the maker's rebate, and is the mark when there is none", () => {
    expect(ticksGiven(hundred({ takerFee: 100_000n }), DEEP, 50n)).toBe(3n);
    expect(ticksGiven(hundred({ makerFee: -1_000n }), DEEP, 50n)).toBe(2n);
    expect(ticksGiven(hundred({ makerFee: -100_000n }), DEEP, 50n)).toBe(0n);
    expect(ticksGiven(hundred(), { equity: 0n, maintenance: 500n }, 50n)).toBe(0n);
  });

  test("stays in the price range", () => {
    const { market } = hundred();
    expect(worseThanMark(market, 1n, 100n)).toBe(1);
    expect(worseThanMark(market, -1n, 2n ** 60n)).toBe(32_767);
  });
});

describe("the penalty", () => {
  const sold = { filled: 50n, worth: 4_900n, fees: 0n, stop: 0 };

  test.each<[string, bigint, Partial<typeof sold>, bigint, bigint, bigint]>([
    ["is a share of what was filled, rounded up", 7_500n, {}, 100n, 1_000n, 37n],
    // 150 set free, 100 lost against the mark.
    ["leaves E/M as it was", 20_000n, {}, 100n, 1_000n, 50n],
    ["comes after the fees", 20_000n, { fees: 20n }, 100n, 1_000n, 30n],
    ["is never negative", 20_000n, { worth: 4_000n }, 100n, 1_000n, 0n],
    ["is no more than the cash", 7_500n, {}, 100n, 10n, 10n],
    // A short that buys at 98 gains; ⌈4 900 · 5 %⌉ is more than 150.
    ["counts no gain against the mark", 50_000n, {}, -100n, 1_000n, 150n],
  ])("%s", (_, liquidationFee, differently, held, cash, penalty) => {
    const { market } = hundred({ liquidationFee });
    expect(penaltyOf(market, held, { ...sold, ...differently }, DEEP, cash)).toBe(penalty);
  });
});

describe("the backstop's price", () => {
  test("pays three quarters of the equity behind the position", () => {
    // 300 − 75 = 225 for 100 lots; with 19 of equity 19 − 4 = 15.
    expect(ticksToBackstop(hundred(), DEEP)).toBe(2n);
    expect(ticksToBackstop(hundred(), { equity: 19n, maintenance: 500n })).toBe(0n);
  });

  test("counts only the position's part of maintenance margin", () => {
    expect(ticksToBackstop(hundred(), { equity: 800n, maintenance: 1_000n })).toBe(3n);
  });
});

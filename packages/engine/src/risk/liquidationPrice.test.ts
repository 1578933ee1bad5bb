import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Ref } from "../kernel/arena.ts";
import { takeRow } from "../kernel/pool.ts";
import type { Lots, MicroUsd, MicroUsdPerTickLot, Ppm, Ticks } from "../kernel/units.ts";
import { openPosition } from "../domain/positions.ts";
import { BUCKET, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { type Market, TierShard } from "../domain/tierShard.ts";
import { maintenanceEquityOf, maintenanceOf } from "./bucketMeasure.ts";
import { liquidationPrice } from "./liquidationPrice.ts";
import { flatNotional } from "./margin.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const BITS = 15;
const TOP = 2 ** BITS - 1;

interface Terms {
  readonly notional: number;
  readonly initialMargin: number;
  readonly maintenanceRatio: number;
  readonly scaleBase: number;
  readonly bracket: { readonly lower: number; readonly rate: number } | undefined;
  readonly mark: number;
}

const PLAIN: Terms = {
  notional: 1_000,
  initialMargin: 100_000,
  maintenanceRatio: 500_000,
  scaleBase: 0,
  bracket: undefined,
  mark: 1_000,
};

let tier: TierShard = freshTier();
let bucket: Ref<"bucket"> = takeRow(tier.arena, tier.buckets);
beforeEach(startOver);

function startOver(): void {
  tier.arena.rollback();
  tier.forgetViewsBeyond(0);
  bucket = takeRow(tier.arena, tier.buckets);
}

function freshTier(): TierShard {
  return new TierShard(1, {
    markets: 2,
    buckets: 1,
    positions: 4,
    orders: 1,
    holdings: 1,
    ticks: 2 ** (BITS + 1),
  });
}

function listMarket(id: number, terms: Terms): Market {
  const { arena } = tier;
  const row = tier.marketRow(id);
  arena.setInt(row, MARKET.rangeBits, BITS);
  arena.setInt(row, MARKET.ladders, (id - 1) * tier.wordsOfLadders(BITS));
  arena.setNum(row, MARKET.notional, terms.notional as MicroUsdPerTickLot);
  arena.setInt(row, MARKET.initialMargin, terms.initialMargin as Ppm);
  arena.setInt(row, MARKET.maintenanceRatio, terms.maintenanceRatio as Ppm);
  arena.setNum(row, MARKET.scaleBase, terms.scaleBase as MicroUsd);
  if (terms.bracket !== undefined) {
    arena.setInt(row, MARKET.brackets, 1);
    arena.setNum(row, MARKET.bracketLower, terms.bracket.lower as MicroUsd);
    arena.setInt(row, MARKET.bracketRate, terms.bracket.rate as Ppm);
  }
  const market = tier.listedMarket(id);
  arena.setNum(row, MARKET.flatNotional, flatNotional(arena, market));
  markAt(market, terms.mark);
  return market;
}

function markAt(market: Market, price: number): void {
  tier.arena.setInt(market.row, MARKET.mark, price as Ticks);
  tier.arena.setNum(market.row, MARKET.lotValue, (price * market.notional) as MicroUsd);
}

/** A position bought or sold at `entry`. */
function hold(market: Market, lots: number, entry: number): Ref<"position"> {
  const position = openPosition(tier, bucket, market);
  tier.arena.setNum(position, POSITION.lots, lots as Lots);
  tier.arena.setNum(position, POSITION.cost, (lots * entry * market.notional) as MicroUsd);
  return position;
}

const setCash = (cash: number): void => tier.arena.setNum(bucket, BUCKET.cash, cash as MicroUsd);

/** The definition, tick by tick from the mark outwards; of two ticks equally near the lower. */
function bruteForce(market: Market): number {
  const mark = tier.arena.int(market.row, MARKET.mark);
  const isUnhealthyAt = (price: number): boolean => {
    if (price < 1 || price > TOP) return false;
    markAt(market, price);
    return maintenanceEquityOf(tier, bucket) < maintenanceOf(tier, bucket);
  };
  let found = 0;
  for (let distance = 0; distance <= TOP && found === 0; distance++) {
    if (isUnhealthyAt(mark - distance)) found = mark - distance;
    else if (isUnhealthyAt(mark + distance)) found = mark + distance;
  }
  markAt(market, mark);
  return found;
}

describe("liquidation price", () => {
  test.each([
    { why: "a long bought at the mark with a tenth of cash", lots: 10, cash: 1_000_000, expected: 947 },
    { why: "a short sold at the mark with a tenth of cash", lots: -10, cash: 1_000_000, expected: 1_048 },
    { why: "a long with cash for every price", lots: 10, cash: 10_000_000, expected: 0 },
    { why: "a long below maintenance already", lots: 10, cash: 499_999, expected: 1_000 },
    { why: "a long with just enough", lots: 10, cash: 500_000, expected: 999 },
    { why: "a short that only the top of the range hurts", lots: -1, cash: 33_350_000, expected: 32_715 },
    { why: "no position", lots: 0, cash: 0, expected: 0 },
  ])("$why: $expected", ({ lots, cash, expected }) => {
    const market = listMarket(1, PLAIN);
    const position = hold(market, lots, 1_000);
    setCash(cash);
    expect(liquidationPrice(tier, bucket, market, position)).toBe(expected);
    expect(bruteForce(market)).toBe(expected);
  });

  test("a long may fall below maintenance on the way up, where its size demands the whole notional", () => {
    const scaled = { initialMargin: 1_000, maintenanceRatio: 900_000, scaleBase: 1_000, mark: 800 };
    const market = listMarket(1, { ...PLAIN, ...scaled });
    const position = hold(market, 10, 500);
    expect(liquidationPrice(tier, bucket, market, position)).toBe(901);
    expect(bruteForce(market)).toBe(901);
  });

  test("it is the nearest tick at which the bucket would be below maintenance, all else unchanged", () => {
    const marks = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: TOP }));
    const terms: fc.Arbitrary<Terms> = fc.record({
      notional: fc.constantFrom(1, 7, 1_000, 1_000_000),
      initialMargin: fc.oneof(
        fc.integer({ min: 1_000, max: 200_000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
      ),
      maintenanceRatio: fc.integer({ min: 100_000, max: 1_000_000 }),
      scaleBase: fc.constantFrom(0, 1e3, 1e6, 1e9, 1e12),
      bracket: fc.option(
        fc.record({ lower: fc.integer({ min: 1, max: 1e12 }), rate: fc.integer({ min: 200_001, max: 1e6 }) }),
        { nil: undefined },
      ),
      mark: marks,
    });
    const lots = fc.integer({ min: -500, max: 500 });
    const scene = fc.record({
      terms,
      lots: lots.filter((count) => count !== 0),
      entry: marks,
      other: fc.record({ terms, lots, entry: marks }),
      /** Of the position's value at the mark, beyond what it has lost; per mille. */
      cash: fc.integer({ min: -50, max: 1_200 }),
    });
    fc.assert(
      fc.property(scene, (played) => {
        startOver();
        const market = listMarket(1, played.terms);
        const other = listMarket(2, played.other.terms);
        const position = hold(market, played.lots, played.entry);
        hold(other, played.other.lots, played.other.entry);
        const value = Math.abs(played.lots) * played.terms.mark * played.terms.notional;
        setCash(0);
        const won = maintenanceEquityOf(tier, bucket);
        setCash(Math.floor((value * played.cash) / 1_000) - won);
        expect(liquidationPrice(tier, bucket, market, position)).toBe(bruteForce(market));
      }),
      { numRuns: RUNS },
    );
  });
});

/** The hot loop against the plain formula: its shortcuts change nothing, to the unit, where they are taken and where they end. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { NIL, type Ref } from "../kernel/arena.ts";
import { takeRow } from "../kernel/pool.ts";
import type { Lots, MicroUsd, MicroUsdPerTickLot, PicoUsdPerLot, Ppm, Ticks } from "../kernel/units.ts";
import { BucketFigures } from "../domain/bucketFigures.ts";
import { openPosition, positionOf } from "../domain/positions.ts";
import { BUCKET, POSITION } from "../domain/rows/bucket.ts";
import { SHOCK } from "../domain/rows/governance.ts";
import { MARKET } from "../domain/rows/market.ts";
import { DEPTH } from "../domain/rows/tier.ts";
import { type Market, TierShard } from "../domain/tierShard.ts";
import { exposureOf, measureBucket, requirementOf, unrealised } from "./bucketMeasure.ts";
import { flatNotional } from "./margin.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200) * 10;
const MARKETS = 3;

const tier = new TierShard(1, {
  markets: MARKETS,
  buckets: 1,
  positions: 4,
  orders: 1,
  holdings: 1,
  ticks: MARKETS * 2 ** 15,
});
const { arena } = tier;
const figures = new BucketFigures();
let bucket: Ref<"bucket">;
beforeEach(startOver);

function startOver(): void {
  arena.rollback();
  tier.forgetViewsBeyond(0);
  bucket = takeRow(arena, tier.buckets);
}

/** A market's terms, and what the bucket has in it. */
interface Holding {
  readonly notional: number;
  readonly mark: number;
  readonly rate: number;
  readonly move: number;
  readonly multiplier: number;
  readonly scaleBase: number;
  readonly oiUpper: number;
  readonly drift: number;
  readonly lots: number;
  readonly cost: number;
  readonly bids: number;
  readonly bidNotional: number;
  readonly asks: number;
  readonly askNotional: number;
}

function hold(id: number, terms: Holding): void {
  const row = tier.marketRow(id);
  const market: Market = tier.listedMarket(id);
  arena.setNum(row, MARKET.notional, terms.notional as MicroUsdPerTickLot);
  arena.setInt(row, MARKET.mark, terms.mark as Ticks);
  arena.setNum(row, MARKET.lotValue, (terms.mark * terms.notional) as MicroUsd);
  arena.setNum(row, MARKET.ceiling, (32_767 * terms.notional) as MicroUsd);
  arena.setInt(row, MARKET.initialMargin, terms.rate as Ppm);
  arena.setInt(row, MARKET.marginMultiplier, terms.multiplier as Ppm);
  arena.setNum(row, MARKET.scaleBase, terms.scaleBase as MicroUsd);
  arena.setNum(row, MARKET.oiUpper, terms.oiUpper as MicroUsd);
  arena.setNum(row, MARKET.openInterest, 1_000 as Lots);
  arena.setNum(row, MARKET.fundingIndex, terms.drift as PicoUsdPerLot);
  arena.setInt(market.shock, SHOCK.move, terms.move as Ppm);
  arena.setNum(row, MARKET.flatNotional, flatNotional(arena, market));
  const position = openPosition(tier, bucket, market);
  arena.setNum(position, POSITION.fundingEntry, 0 as PicoUsdPerLot);
  arena.setNum(position, POSITION.lots, terms.lots as Lots);
  arena.setNum(position, POSITION.cost, terms.cost as MicroUsd);
  arena.setInt(position, POSITION.orders, terms.bids + terms.asks > 0 ? 1 : 0);
  arena.setNum(position, POSITION.bidLots, terms.bids as Lots);
  arena.setNum(position, POSITION.bidNotional, (terms.bids === 0 ? 0 : terms.bidNotional) as MicroUsd);
  arena.setNum(position, POSITION.askLots, terms.asks as Lots);
  arena.setNum(position, POSITION.askNotional, (terms.asks === 0 ? 0 : terms.askNotional) as MicroUsd);
}

const rate = fc.oneof(fc.constantFrom(0, 10_000, 50_000, 100_000), fc.integer({ min: 1, max: 1_000_000 }));
const money = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 1e10 }));
const size = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 100_000 }));
const holding: fc.Arbitrary<Holding> = fc.record({
  notional: fc.constantFrom(1, 7, 1_000, 100_000),
  mark: fc.integer({ min: 1, max: 32_767 }),
  rate: rate.map((ppm) => Math.max(1, ppm)),
  move: rate,
  multiplier: fc.constantFrom(0, 0, 0, 1_150_000),
  scaleBase: money,
  oiUpper: fc.constantFrom(0, 0, 0, 1e9),
  drift: fc.constantFrom(0, 0, 1, -1, 1e9),
  lots: fc.tuple(size, fc.boolean()).map(([lots, isShort]) => (isShort ? 0 - lots : lots)),
  cost: fc.tuple(money, fc.boolean()).map(([cost, isNegative]) => (isNegative ? 0 - cost : cost)),
  bids: size,
  bidNotional: money,
  asks: size,
  askNotional: money,
});
const layer = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 5_000 }),
  fc.integer({ min: 1, max: 2 ** 49 }),
);

describe("the measure of a bucket", () => {
  test("is the sum of the plain formulas, position by position", () => {
    let [shortcuts, scaled] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(holding, { minLength: 1, maxLength: MARKETS }),
        fc.tuple(layer, layer, layer),
        money,
        (holdings, [own, cover, venue], cash) => {
          startOver();
          arena.setNum(bucket, BUCKET.cash, cash as MicroUsd);
          arena.setNum(tier.depth, DEPTH.own, own as MicroUsd);
          arena.setNum(tier.depth, DEPTH.cover, cover as MicroUsd);
          arena.setNum(tier.depth, DEPTH.venue, venue as MicroUsd);
          holdings.forEach((terms, index) => hold(index + 1, terms));
          let [equity, withoutProfit, required, ceiling] = [cash, cash, 0, 0];
          holdings.forEach((terms, index) => {
            const market = tier.listedMarket(index + 1);
            const position = positionOf(arena, bucket, market.id);
            // A slot in which nothing is held passes to the next market.
            if (position === NIL) return;
            const profit = unrealised(arena, market, position);
            equity += profit;
            withoutProfit += Math.min(0, profit);
            required += requirementOf(arena, market, position);
            ceiling += exposureOf(arena, position) * 32_767 * terms.notional;
            if (terms.multiplier === 0 && terms.oiUpper === 0 && terms.scaleBase === 0) shortcuts++;
            if (terms.move > terms.rate) scaled++;
          });
          measureBucket(tier, bucket, figures);
          expect(figures).toMatchObject({
            equity,
            equityWithoutProfit: withoutProfit,
            required,
            ceilingValue: ceiling,
          });
        },
      ),
      { numRuns: RUNS },
    );
    expect(Math.min(shortcuts, scaled)).toBeGreaterThan(RUNS / 20);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MicroUsd, MicroUsdPerTickLot, Ppm } from "../kernel/units.ts";
import { SHOCK } from "../domain/rows/governance.ts";
import { MARKET } from "../domain/rows/market.ts";
import { DEPTH } from "../domain/rows/tier.ts";
import { type Market, TierShard } from "../domain/tierShard.ts";
import { flatNotional, initialMargin, marginBeforeDepth, stressLoss } from "./margin.ts";
import { marginAtDepth } from "./pierceDepth.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200) * 5;
const MAX_LAYER = 2 ** 49;
const MAX_NOTIONAL = 2 ** 51;

const tier = new TierShard(1, {
  markets: 1,
  buckets: 1,
  positions: 4,
  orders: 1,
  holdings: 1,
  ticks: 2 ** 15,
});
const { arena, depth } = tier;
const market: Market = tier.listedMarket(1);

function fund([own, cover, venue]: readonly number[]): void {
  arena.setNum(depth, DEPTH.own, own as MicroUsd);
  arena.setNum(depth, DEPTH.cover, cover as MicroUsd);
  arena.setNum(depth, DEPTH.venue, venue as MicroUsd);
  arena.commit();
}

function adopt(base: number, move: number, scaleBase: number): void {
  const { row } = market;
  arena.setNum(row, MARKET.notional, 1 as MicroUsdPerTickLot);
  arena.setInt(row, MARKET.initialMargin, base as Ppm);
  arena.setNum(row, MARKET.scaleBase, scaleBase as MicroUsd);
  arena.setInt(market.shock, SHOCK.move, move as Ppm);
  arena.setNum(row, MARKET.flatNotional, flatNotional(arena, market));
  arena.commit();
}

const at = (margin: number, loss: number): number =>
  marginAtDepth(arena, depth, margin as MicroUsd, loss as MicroUsd);
const im = (notional: number): number => initialMargin(arena, market, notional as MicroUsd);

/** Whether m ≥ margin·(1 + D(m)/4), in integers of any size. */
function isEnough(layers: readonly number[], margin: number, loss: number, m: number): boolean {
  let left = BigInt(loss) - BigInt(m);
  let passed = 4n;
  for (const layer of layers.map(BigInt)) {
    if (left <= 0n) break;
    if (left <= layer) return 4n * BigInt(m) * layer >= BigInt(margin) * (passed * layer + left);
    left -= layer;
    passed += 1n;
  }
  return 4n * BigInt(m) >= BigInt(margin) * passed;
}

const layer = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 2_000 }),
  fc.integer({ min: 0, max: MAX_LAYER }),
);
const layers = fc.array(layer, { minLength: 3, maxLength: 3 });
const amount = fc.oneof(
  fc.integer({ min: 1, max: 4_000 }),
  fc.integer({ min: 1, max: 1e12 }),
  fc.integer({ min: 1, max: MAX_NOTIONAL }),
);
const shares = fc.integer({ min: 1, max: 1_000_000 });

describe("margin at a depth", () => {
  test("it is the least that is enough for the depth it leaves", () => {
    fc.assert(
      fc.property(layers, amount, amount, (sizes, margin, loss) => {
        fund(sizes);
        const found = at(margin, loss);
        expect(isEnough(sizes, margin, loss, found)).toBe(true);
        expect(found === margin || !isEnough(sizes, margin, loss, found - 1)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  test("a loss that the margin covers reaches nothing", () => {
    fc.assert(
      fc.property(layers, amount, amount, (sizes, a, b) => {
        fund(sizes);
        expect(at(Math.max(a, b), Math.min(a, b))).toBe(Math.max(a, b));
      }),
      { numRuns: RUNS },
    );
  });

  test("it is between the margin and seven quarters of it, and no more than the loss", () => {
    fc.assert(
      fc.property(layers, amount, amount, (sizes, margin, loss) => {
        fund(sizes);
        const found = at(margin, loss);
        expect(found).toBeGreaterThanOrEqual(margin);
        expect(found).toBeLessThanOrEqual(Math.min(Math.ceil(margin * 1.75), Math.max(margin, loss)));
      }),
      { numRuns: RUNS },
    );
  });

  test("a larger loss never needs less, nor does a thinner layer", () => {
    fc.assert(
      fc.property(layers, amount, amount, amount, fc.nat(2), layer, (sizes, margin, a, b, which, other) => {
        fund(sizes);
        expect(at(margin, Math.min(a, b))).toBeLessThanOrEqual(at(margin, Math.max(a, b)));
        const loss = Math.max(a, b);
        const before = at(margin, loss);
        const changed = sizes.map((size, index) => (index === which ? other : size));
        fund(changed);
        const thicker = other >= (sizes[which] as number);
        expect(thicker ? at(margin, loss) <= before : at(margin, loss) >= before).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([
    { loss: 100, margin: 100, why: "covered" },
    { loss: 110, margin: 102, why: "a tenth over, a tenth of the first layer: 100·(400 + 110)/500 = 102" },
    { loss: 225, margin: 125, why: "all of the first layer" },
    { loss: 350, margin: 150, why: "all of the second" },
    { loss: 475, margin: 175, why: "all of the third" },
    { loss: 9_000, margin: 175, why: "beyond all" },
  ])("layers of 100 and a loss of $loss: $margin, $why", ({ loss, margin }) => {
    fund([100, 100, 100]);
    expect(at(100, loss)).toBe(margin);
  });

  test("where nothing is behind the bucket the whole loss is asked for, up to seven quarters", () => {
    fund([0, 0, 0]);
    expect([at(100, 101), at(100, 140), at(100, 175), at(100, 176), at(100, 900)]).toEqual([
      101, 140, 175, 175, 175,
    ]);
  });
});

describe("margin of a notional", () => {
  test("it is what it was where the stress move is no larger than the base rate, or none", () => {
    fc.assert(
      fc.property(layers, shares, shares, layer, amount, (sizes, a, b, scaleBase, notional) => {
        fund(sizes);
        adopt(Math.max(a, b), Math.min(a, b), scaleBase);
        expect(im(notional)).toBe(marginBeforeDepth(arena, market, notional as MicroUsd));
        expect(stressLoss(arena, market, notional as MicroUsd)).toBeLessThanOrEqual(im(notional));
      }),
      { numRuns: RUNS },
    );
  });

  test("a larger notional never needs less, nor a larger move, and never more than itself", () => {
    fc.assert(
      fc.property(layers, shares, shares, shares, layer, amount, amount, (sizes, rate, a, b, scale, n, m) => {
        fund(sizes);
        adopt(rate, Math.max(a, b), scale);
        const more = im(Math.max(n, m));
        expect(im(Math.min(n, m))).toBeLessThanOrEqual(more);
        expect(more).toBeLessThanOrEqual(Math.max(n, m));
        adopt(rate, Math.min(a, b), scale);
        expect(im(Math.max(n, m))).toBeLessThanOrEqual(more);
      }),
      { numRuns: RUNS },
    );
  });

  test("up to the flat notional both the margin and the loss are flat rates, before depth", () => {
    fc.assert(
      fc.property(layers, shares, shares, amount, (sizes, rate, move, notional) => {
        fund(sizes);
        adopt(rate, move, MAX_NOTIONAL);
        const flat = (ppm: number): number =>
          Number((BigInt(notional) * BigInt(ppm) + 999_999n) / 1_000_000n);
        expect(im(notional)).toBe(at(flat(rate), flat(move)));
      }),
      { numRuns: RUNS },
    );
  });
});

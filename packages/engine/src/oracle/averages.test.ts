import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { points } from "../kernel/points.ts";
import type { Ms } from "../kernel/units.ts";
import { DEFAULT_TIER_CAPACITIES } from "../domain/capacities.ts";
import { FEED } from "../domain/rows/oracle.ts";
import { TierShard } from "../domain/tierShard.ts";
import { WINDOW, accumulate, averageOver, forgetAverages, takeNotes } from "./averages.ts";

const capacities = {
  ...DEFAULT_TIER_CAPACITIES,
  markets: 1,
  orders: 1,
  buckets: 1,
  holdings: 1,
  positions: 4,
  ticks: 2 ** 15,
};

function priced(tier: TierShard, price: number): void {
  tier.arena.setNum(tier.feed(1), FEED.price, points(price));
  takeNotes(tier, 1);
}

function pass(tier: TierShard, time: number): void {
  accumulate(tier, 1, time as Ms);
}

describe("an average over a window", () => {
  test("is the price while no time has passed", () => {
    const tier = new TierShard(1, capacities);
    priced(tier, 700);
    expect(averageOver(tier, 1, WINDOW.short)).toBe(700);
  });

  test("counts every price for as long as it stood", () => {
    const tier = new TierShard(1, capacities);
    priced(tier, 100);
    pass(tier, 1_000);
    priced(tier, 400);
    pass(tier, 3_000);
    expect(averageOver(tier, 1, WINDOW.short)).toBe(325);
  });

  test("a spike moves it by its share of the window", () => {
    const tier = new TierShard(1, capacities);
    for (let second = 0; second < 300; second++) {
      priced(tier, second === 299 ? 1_300_000 : 1_000_000);
      pass(tier, 1_000);
    }
    expect(averageOver(tier, 1, WINDOW.middle)).toBe(1_001_000);
  });

  test("is the exact integral over what is remembered, at any price, rounded down", () => {
    const step = fc.tuple(
      fc.oneof(fc.integer({ min: 1, max: 1e15 }), fc.integer({ min: 1, max: 1_000 })),
      fc.oneof(fc.integer({ min: 0, max: 3_600_000 }), fc.integer({ min: 0, max: 5_000 })),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
        const tier = new TierShard(1, capacities);
        const history: { elapsed: number; integral: bigint }[] = [];
        let elapsed = 0;
        let integral = 0n;
        for (const [price, time] of steps) {
          priced(tier, price);
          const last = history.at(-1);
          if (last === undefined || elapsed - last.elapsed >= 2_000) history.push({ elapsed, integral });
          pass(tier, time);
          elapsed += time;
          integral += BigInt(price) * BigInt(time);
        }
        const kept = history.slice(-16);
        const from = kept.filter((note) => note.elapsed <= elapsed - 30_000).at(-1) ?? kept[0];
        const time = elapsed - (from?.elapsed ?? 0);
        const expected =
          time === 0 ? steps.at(-1)?.[0] : Number((integral - (from?.integral ?? 0n)) / BigInt(time));
        expect(averageOver(tier, 1, WINDOW.short)).toBe(expected);
      }),
    );
  });

  test("stays exact when no quorum has taken a note for days: a price that stood still is its own average", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e12 }),
        fc.integer({ min: 25, max: 24 * 30 }),
        fc.integer({ min: 1, max: 3_600_000 }),
        (price, hours, rest) => {
          const tier = new TierShard(1, capacities);
          priced(tier, price);
          for (let hour = 0; hour < hours; hour++) pass(tier, 3_600_000);
          pass(tier, rest);
          expect(averageOver(tier, 1, WINDOW.short)).toBe(price);
        },
      ),
    );
  });

  test("what is forgotten does not count", () => {
    const tier = new TierShard(1, capacities);
    priced(tier, 100);
    pass(tier, 9_000);
    forgetAverages(tier, 1);
    priced(tier, 400);
    pass(tier, 1_000);
    expect(averageOver(tier, 1, WINDOW.short)).toBe(400);
  });
});

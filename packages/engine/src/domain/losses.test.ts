import { describe, expect, test } from "vitest";
import { NIL } from "../kernel/arena.ts";
import type { MicroUsd } from "../kernel/units.ts";
import { MAX_LOSSES } from "./limits.ts";
import { lossOf, noteShortfall, openLoss, shortDownTo, shortOf, shortfallsOf } from "./losses.ts";
import { LOSS, SHORTFALL } from "./rows/losses.ts";
import { TIER } from "./rows/tier.ts";
import { TierShard } from "./tierShard.ts";

function tierOf(positions: number): TierShard {
  return new TierShard(1, { markets: 1, buckets: 1, positions, orders: 1, holdings: 1, ticks: 2 ** 15 });
}

/** A default in which so many winners give up a micro-dollar, two, three … */
function fail(tier: TierShard, winners: number): number {
  const { arena, row } = tier;
  const id = arena.num(row, TIER.defaults) + 1;
  arena.setNum(row, TIER.defaults, id);
  const loss = openLoss(tier);
  arena.addNum(loss, LOSS.mutual, 7 as MicroUsd);
  for (let each = 1; each <= winners; each++) noteShortfall(tier, loss, 1, each as MicroUsd);
  arena.commit();
  return id;
}

describe("losses", () => {
  test("are remembered by layer and winner, in the order in which they were borne", () => {
    const tier = tierOf(8);
    const loss = lossOf(tier, fail(tier, 3));
    expect(shortfallsOf(tier, loss).map((row) => tier.arena.num(row, SHORTFALL.amount))).toEqual([1, 2, 3]);
    expect([1, 2, 3, 4, 5, 6].map((layer) => shortOf(tier, loss, layer))).toEqual([0, 0, 0, 0, 7, 6]);
    expect([shortDownTo(tier, loss, 6), shortDownTo(tier, loss, 1)]).toEqual([6, 13]);
    expect([lossOf(tier, 0), lossOf(tier, 2)]).toEqual([NIL, NIL]);
  });

  test("are forgotten, the oldest first, when there is no room for a newer one's winners", () => {
    const tier = tierOf(8);
    for (const winners of [3, 3, 2]) fail(tier, winners);
    expect(lossOf(tier, 1)).not.toBe(NIL);
    fail(tier, 5);
    expect([1, 2].map((id) => lossOf(tier, id))).toEqual([NIL, NIL]);
    expect([3, 4].map((id) => shortDownTo(tier, lossOf(tier, id), 6))).toEqual([3, 15]);
    fail(tier, 8);
    expect(shortOf(tier, lossOf(tier, 5), 6)).toBe(36);
    expect(lossOf(tier, 4)).toBe(NIL);
  });

  test("are forgotten when there are too many, and leave nothing behind", () => {
    const tier = tierOf(8);
    for (let each = 0; each < MAX_LOSSES; each++) fail(tier, each === 0 ? 2 : 0);
    expect(lossOf(tier, 1)).not.toBe(NIL);
    const id = fail(tier, 0);
    expect(lossOf(tier, 1)).toBe(NIL);
    expect(lossOf(tier, 2)).not.toBe(NIL);
    expect(shortDownTo(tier, lossOf(tier, id), 1)).toBe(7);
    fail(tier, 8);
    expect(lossOf(tier, 3)).not.toBe(NIL);
  });
});

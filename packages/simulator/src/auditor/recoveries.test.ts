import { describe, expect, test } from "vitest";
import type { DefaultLoss } from "./lossBook.ts";
import { partsOfCovers, repay, shortDownTo, shortOf } from "./recoveries.ts";
import type { Tier, World } from "./venue.ts";
import { createTier, createWorld } from "./world.ts";

/** A venue of one tier, whose account 1 owns 1,000 and has a bucket. */
function venue(): [World, Tier] {
  const world = createWorld({});
  world.venue.assets.push({
    id: 1,
    scale: 1_000_000n,
    held: 1_000n,
    transit: 0n,
    pending: 0n,
    dust: 0n,
    skin: 0n,
    mutual: 0n,
    loans: 0n,
    lastReference: 0,
    released: 0n,
    owners: new Map([[1, 1_000n]]),
    custody: new Map(),
  });
  const tier = createTier(world, 1, 0n);
  world.venue.tiers.push(tier);
  return [world, tier];
}

const LOSS: DefaultLoss = {
  id: 1,
  layers: new Map([
    [1, 10n],
    [2, 20n],
    [4, 40n],
    [5, 50n],
  ]),
  covers: new Map([[1, { account: 2, paid: 30n, owed: 5n }]]),
  shortfalls: [{ bucket: 0, amount: 60n }],
};

describe("a default's policies", () => {
  test("bear what lies beyond their attachments, one after the other", () => {
    const [world, tier] = venue();
    tier.covers.set(2, { account: 1, attachment: 0n, limit: 50n, escrow: 20n, expiry: 9 });
    tier.covers.set(1, { account: 1, attachment: 90n, limit: 50n, escrow: 50n, expiry: 9 });
    tier.covers.set(3, { account: 1, attachment: 0n, limit: 50n, escrow: 50n, expiry: 0 });
    expect(partsOfCovers(world, tier, 100n, 80n)).toEqual([
      { number: 1, borne: 10n, paid: 10n },
      { number: 2, borne: 50n, paid: 20n },
    ]);
  });
});

describe("a recovery", () => {
  test("makes the last layers whole first", () => {
    const [world, tier] = venue();
    const loss = { ...LOSS, layers: new Map(LOSS.layers), covers: new Map(LOSS.covers) };
    expect(shortDownTo(loss, 1)).toBe(210n);
    repay(world, tier, loss, 1, 185n, 1);
    expect([6, 5, 4, 3, 2, 1].map((layer) => shortOf(loss, layer))).toEqual([0n, 0n, 0n, 0n, 15n, 10n]);
    const [quote] = world.venue.assets;
    expect([tier.fees, tier.insurance, quote?.mutual, quote?.skin]).toEqual([60n, 5n, 50n, 40n]);
    expect([...(quote?.owners ?? [])]).toEqual([
      [1, 815n],
      [2, 30n],
    ]);
    expect(world.events.filter(({ name }) => name === "lossRecovered").map(({ values }) => values)).toEqual([
      [1n, 6n, 60n, 0n],
      [1n, 5n, 50n, 0n],
      [1n, 4n, 40n, 0n],
      [1n, 3n, 30n, 0n],
      [1n, 2n, 5n, 15n],
    ]);
  });
});

import { describe, expect, test } from "vitest";
import { Engine } from "../engine.ts";
import type { NumColumn, Ref } from "../kernel/arena.ts";
import { rowOf, takeRow, usedRows } from "../kernel/pool.ts";
import { BUCKET, POSITION, POSITION_WORDS } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { standingMaintenance, standingMaintenanceEquity } from "./standing.ts";
import { forEachDoubtful } from "./sweepHealth.ts";

const BUCKETS = 10_000;
const MARKETS = 4;
const SLACK = 65_536;
/** Orders enough to make the arena large. */
const LARGE = {
  markets: MARKETS,
  buckets: BUCKETS,
  positions: BUCKETS * 8,
  orders: 1_000_000,
  holdings: 4,
  ticks: 2 ** 17,
};

const TERMS = {
  kind: "listMarket",
  time: 0,
  tier: 1,
  contract: 0,
  expiry: 0,
  notional: 1_000,
  rangeBits: 15,
  initialMargin: 50_000,
  maintenanceRatio: 500_000,
  scaleBase: 0,
  oiLower: 0,
  oiUpper: 0,
  band: 200_000,
  takerFee: 0,
  makerFee: 0,
  maxPositionLots: 1_000_000,
  maxOpenInterestLots: 10_000_000,
  fundingCap: 1e8,
} as const;

/** A tier of four markets: plain ones, one with a scale base and one with a bracket, all with some funding behind them. */
function createTier(orders: number): TierShard {
  const engine = new Engine({
    capacities: { accounts: 1, balances: 1, withdrawals: 1, tiers: [{ ...LARGE, orders }] },
  });
  engine.submit({ kind: "listAsset", time: 0, scale: 1_000_000 });
  engine.submit({ kind: "listTier", time: 0, minInitialMargin: 0 });
  const { arena } = engine.venue.tiers[0]!;
  for (let market = 1; market <= MARKETS; market++) {
    engine.submit({ ...TERMS, initialMargin: 33_333 * market, scaleBase: market === 3 ? 500_000_000 : 0 });
    engine.submit({ kind: "updateIndexPrice", time: 0, tier: 1, market, price: 7_000 + 1_111 * market });
    setNum(
      engine.venue.tiers[0]!,
      engine.venue.tiers[0]!.marketRow(market),
      MARKET.fundingIndex,
      123_456_789 * (market - 2),
    );
  }
  engine.submit({
    kind: "setMarginBracket",
    time: 0,
    tier: 1,
    market: 4,
    bracket: 1,
    lower: 300_000_000,
    rate: 400_000,
  });
  arena.commit();
  return engine.venue.tiers[0]!;
}

function setNum<Table extends string>(
  tier: TierShard,
  row: Ref<Table>,
  column: NumColumn<Table>,
  value: number,
): void {
  tier.arena.setNum(row, column, value);
}

/** Buckets of four or eight slots, whose blocks do not lie in their own order, most of them close to maintenance margin. */
function fill(tier: TierShard, seed: number): void {
  const { arena } = tier;
  let state = seed;
  const below = (bound: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  for (let number = 0; number < BUCKETS; number++) {
    const bucket = takeRow(arena, tier.buckets);
    const place = (number * 7_919) % BUCKETS;
    const block = (tier.positionsBase + place * 8 * POSITION_WORDS) as Ref<"position">;
    arena.setInt(bucket, BUCKET.positions, block);
    arena.setInt(bucket, BUCKET.slots, 4 + 4 * below(2));
    for (let slot = 0; slot < below(5); slot++) {
      const position = (block + slot * POSITION_WORDS) as Ref<"position">;
      const market = 1 + below(MARKETS);
      const lots = (below(2) === 0 ? 1 : -1) * below(10 ** (1 + below(5)));
      arena.setInt(position, POSITION.market, market);
      setNum(tier, position, POSITION.lots, lots);
      setNum(tier, position, POSITION.cost, lots * (6_000_000 + below(6_000_000)));
      setNum(tier, position, POSITION.fundingEntry, below(2_000_000_000) - 1_000_000_000);
    }
    const short = standingMaintenance(tier, bucket) - standingMaintenanceEquity(tier, bucket);
    setNum(tier, bucket, BUCKET.cash, short + below(5) - 2 + (below(2) === 0 ? 0 : below(1_000_000)));
    arena.commit();
  }
}

function surplusOf(tier: TierShard, bucket: Ref<"bucket">): number {
  return standingMaintenanceEquity(tier, bucket) - standingMaintenance(tier, bucket);
}

/** True when all its positions are in the two markets whose rate is flat. */
function isPlain(tier: TierShard, bucket: Ref<"bucket">): boolean {
  const block = tier.arena.int(bucket, BUCKET.positions);
  const slots = [0, 1, 2, 3].map((slot) => (block + slot * POSITION_WORDS) as Ref<"position">);
  return slots.every((position) => tier.arena.int(position, POSITION.market) < 3);
}

function doubtfulOf(tier: TierShard): Ref<"bucket">[] {
  const doubtful: Ref<"bucket">[] = [];
  forEachDoubtful(tier, (bucket) => doubtful.push(bucket));
  return doubtful;
}

describe("the pass over a large tier", () => {
  const tier = createTier(LARGE.orders);
  fill(tier, 1);
  const doubtful = doubtfulOf(tier);
  const all = Array.from({ length: usedRows(tier.arena, tier.buckets) }, (_, index) =>
    rowOf(tier.arena, tier.buckets, index + 1),
  );

  test("passes over nobody unhealthy", () => {
    const found = new Set(doubtful);
    const unhealthy = all.filter((bucket) => surplusOf(tier, bucket) < 0);
    expect(unhealthy.length).toBeGreaterThan(BUCKETS / 10);
    expect(unhealthy.filter((bucket) => !found.has(bucket))).toEqual([]);
  });

  test("doubts only who is within its slack of maintenance margin, or charged more than the flat rate", () => {
    const needless = doubtful.filter(
      (bucket) => isPlain(tier, bucket) && surplusOf(tier, bucket) > 2 * SLACK,
    );
    expect(needless).toEqual([]);
    expect(doubtful.length).toBeLessThan(BUCKETS * 0.9);
  });

  test("visits in ascending order, each once", () => {
    expect(doubtful).toEqual([...new Set(doubtful)].toSorted((a, b) => a - b));
  });

  test.each([
    {
      what: "a market that cannot be",
      spoil: (block: Ref<"position">) => tier.arena.setInt(block, POSITION.market, 1 << 20),
    },
    {
      what: "more slots than there are markets",
      spoil: (_: Ref<"position">, bucket: Ref<"bucket">) => tier.arena.setInt(bucket, BUCKET.slots, 65),
    },
    {
      what: "a block beyond the arena",
      spoil: (_: Ref<"position">, bucket: Ref<"bucket">) =>
        tier.arena.setInt(bucket, BUCKET.positions, (2 ** 31 - 64) as Ref<"position">),
    },
    {
      what: "funding beyond measure",
      spoil: (block: Ref<"position">) => {
        setNum(tier, block, POSITION.lots, 1e7);
        setNum(tier, block, POSITION.fundingEntry, 2 ** 53 - 1);
      },
    },
  ])("doubts a bucket with $what", ({ spoil }) => {
    const found = new Set(doubtful);
    const healthy = all.find((bucket) => !found.has(bucket))!;
    spoil(tier.arena.int(healthy, BUCKET.positions), healthy);
    expect(doubtfulOf(tier)).toContain(healthy);
    tier.arena.rollback();
    expect(doubtfulOf(tier)).toEqual(doubtful);
  });
});

test("everybody in a small tier is doubted", () => {
  const tier = createTier(64);
  fill(tier, 2);
  expect(tier.arena.memory).toBeUndefined();
  expect(doubtfulOf(tier)).toHaveLength(BUCKETS);
});

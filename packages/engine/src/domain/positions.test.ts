import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { NIL, type Ref } from "../kernel/arena.ts";
import { takeRow } from "../kernel/pool.ts";
import type { AssetUnits, Lots, MicroUsd, PicoUsdPerLot } from "../kernel/units.ts";
import {
  amountIn,
  holdingOf,
  isIdle,
  isVacant,
  openPosition,
  positionOf,
  slotAt,
  slotNumber,
} from "./positions.ts";
import { BUCKET, BUCKET_WORDS, HOLDING, HOME_SLOTS, POSITION, POSITION_WORDS } from "./rows/bucket.ts";
import { MARKET } from "./rows/market.ts";
import { TIER } from "./rows/tier.ts";
import { TierShard } from "./tierShard.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const MARKETS = 64;

type Bucket = Ref<"bucket">;
type Position = Ref<"position">;

let tier: TierShard = tierOf(256);
beforeEach(() => {
  tier = tierOf(256);
});

function tierOf(positions: number): TierShard {
  return new TierShard(1, {
    markets: MARKETS,
    buckets: 8,
    positions,
    orders: 1,
    holdings: 8,
    ticks: 2 ** 15,
  });
}

const newBucket = (): Bucket => takeRow(tier.arena, tier.buckets);
const open = (bucket: Bucket, market: number): Position =>
  openPosition(tier, bucket, tier.listedMarket(market));
/** Opens and fills positions in the markets from 1 to `last` in which a bucket has none. */
function openMany(bucket: Bucket, last: number): void {
  for (let market = 1; market <= last; market++)
    if (positionOf(tier.arena, bucket, market) === NIL) fill(open(bucket, market), market);
}

const slotsOf = (bucket: Bucket): number => tier.arena.int(bucket, BUCKET.slots);
const blockOf = (bucket: Bucket): Position => tier.arena.int(bucket, BUCKET.positions);
const used = (): number => tier.arena.int(tier.row, TIER.positionsUsed);

const NUMBERS = [
  POSITION.lots,
  POSITION.cost,
  POSITION.fundingEntry,
  POSITION.bidLots,
  POSITION.askLots,
  POSITION.bidNotional,
  POSITION.askNotional,
] as const;

/** Fills every cell of a position with numbers of its own. */
function fill(position: Position, number: number): void {
  tier.arena.setInt(position, POSITION.orders, number);
  NUMBERS.forEach((column, index) => {
    tier.arena.setNum(position, column as typeof POSITION.lots, (number * 100 + index) as Lots);
  });
}

/** The numbers of a position as `fill` left them. */
function contentsOf(position: Position): { readonly market: number; readonly cells: number[] } {
  const { arena } = tier;
  return {
    market: arena.int(position, POSITION.market),
    cells: [
      arena.int(position, POSITION.orders),
      ...NUMBERS.map((column) => arena.num(position, column as typeof POSITION.lots)),
    ],
  };
}

const filledWith = (market: number, number: number): ReturnType<typeof contentsOf> => ({
  market,
  cells: [number, ...NUMBERS.map((_, index) => number * 100 + index)],
});

function vacate(position: Position): void {
  tier.arena.setInt(position, POSITION.orders, 0);
  for (const column of NUMBERS) {
    tier.arena.setNum(position, column as typeof POSITION.lots, 0 as Lots);
  }
}

describe("a bucket's block", () => {
  test("it doubles from 4 to 64 slots, and every slot keeps its number and what it holds", () => {
    const bucket = newBucket();
    expect(slotsOf(bucket)).toBe(0);
    for (let market = 1; market <= MARKETS; market++) {
      fill(open(bucket, market), market);
      expect(slotsOf(bucket)).toBe(Math.max(4, 2 ** Math.ceil(Math.log2(market))));
      for (let slot = 0; slot < market; slot++) {
        const position = slotAt(tier.arena, bucket, slot);
        expect(contentsOf(position)).toEqual(filledWith(slot + 1, slot + 1));
        expect(slotNumber(tier.arena, bucket, position)).toBe(slot);
        expect(positionOf(tier.arena, bucket, slot + 1)).toBe(position);
      }
    }
    expect(used()).toBe(4 + 8 + 16 + 32 + 64);
  });

  test("the first lies behind the bucket's row, and counts as one that another has outgrown", () => {
    const [first, second] = [newBucket(), newBucket()];
    openMany(first, 4);
    expect(blockOf(first)).toBe(first + BUCKET_WORDS);
    openMany(first, 5);
    const before = used();
    open(second, 9);
    expect([blockOf(second), used()]).toEqual([second + BUCKET_WORDS, before]);
    expect(isVacant(tier.arena, (first + BUCKET_WORDS) as Position)).toBe(true);
  });

  test("a larger one that was outgrown is taken by the next bucket that needs its size, clean", () => {
    const [first, second] = [newBucket(), newBucket()];
    openMany(first, 8);
    const outgrown = blockOf(first);
    openMany(first, 9);
    expect(blockOf(first)).not.toBe(outgrown);
    openMany(second, 4);
    const before = used();
    open(second, 9);
    expect([blockOf(second), used()]).toEqual([outgrown, before]);
    for (let slot = 4; slot < 8; slot++) {
      expect(isVacant(tier.arena, slotAt(tier.arena, second, slot))).toBe(true);
      expect(contentsOf(slotAt(tier.arena, second, slot)).cells).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    }
  });

  test("of several outgrown ones the last is taken first, each only by a bucket that needs its size", () => {
    const buckets = Array.from({ length: 5 }, newBucket) as [Bucket, Bucket, Bucket, Bucket, Bucket];
    const [a, b, c, d, e] = buckets;
    for (const bucket of [a, b]) openMany(bucket, 8);
    const outgrown = [blockOf(a), blockOf(b)];
    for (const bucket of [a, b]) openMany(bucket, 9);
    for (const bucket of [c, d, e]) openMany(bucket, 5);
    expect([blockOf(d), blockOf(c)]).toEqual(outgrown);
    expect(outgrown).not.toContain(blockOf(e));
    // Every first block but a's counts as one that was outgrown before; so do the larger ones of c and d.
    expect(used()).toBe(4 + 2 * (8 + 16) + 8);
  });

  test("a tier without a block left opens nothing and writes nothing", () => {
    tier = tierOf(11);
    const [first, second, third] = [newBucket(), newBucket(), newBucket()];
    for (let market = 1; market <= 4; market++) fill(open(first, market), market);
    fill(open(second, 1), 1);
    tier.arena.commit();
    expect(open(first, 5)).toBe(NIL);
    expect(open(third, 1)).toBe(NIL);
    expect(tier.arena.untouched).toBe(true);
  });

  test("growth that is rolled back leaves every byte as it was", () => {
    const bucket = newBucket();
    for (let market = 1; market <= 8; market++) fill(open(bucket, market), market);
    tier.arena.commit();
    const before = Buffer.from(tier.arena.buffer.slice(0));
    fill(open(bucket, 9), 9);
    tier.arena.rollback();
    expect(Buffer.from(tier.arena.buffer).equals(before)).toBe(true);
  });

  test("whatever buckets open and close, slots hold what was put in and blocks never overlap", () => {
    const steps = fc.array(
      fc.record({ bucket: fc.nat(4), market: fc.integer({ min: 1, max: 20 }), closes: fc.boolean() }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        tier = tierOf(128);
        const buckets = Array.from({ length: 5 }, newBucket);
        const model = buckets.map(() => new Map<number, number>());
        taken.forEach(({ bucket: index, market, closes }, turn) => {
          const bucket = buckets.at(index) as Bucket;
          const held = model.at(index) as Map<number, number>;
          if (closes) {
            const position = positionOf(tier.arena, bucket, market);
            if (held.delete(market)) vacate(position);
            else expect(position).toBe(NIL);
          } else if (!held.has(market)) {
            const position = open(bucket, market);
            if (position === NIL) return;
            fill(position, turn + 1);
            held.set(market, turn + 1);
          }
        });
        const slots = new Set<number>();
        buckets.forEach((bucket, index) => {
          const held = model.at(index) as Map<number, number>;
          for (const [market, number] of held) {
            const position = positionOf(tier.arena, bucket, market);
            expect(contentsOf(position)).toEqual(filledWith(market, number));
          }
          const size = slotsOf(bucket);
          for (let slot = 0; slot < size; slot++) slots.add(slotAt(tier.arena, bucket, slot));
          expect(isIdle(tier.arena, bucket)).toBe(held.size === 0);
        });
        expect(slots.size).toBe(buckets.reduce((sum, bucket) => sum + slotsOf(bucket), 0));
        const end = tier.positionsBase + tier.positionsCapacity * POSITION_WORDS;
        const homes = buckets.map((bucket) => bucket + BUCKET_WORDS);
        for (const slot of slots)
          expect(
            homes.some((home) => slot >= home && slot < home + HOME_SLOTS * POSITION_WORDS) ||
              (slot >= tier.positionsBase && slot < end),
          ).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("vacancy", () => {
  test.each([
    { what: "lots", put: (slot: Position) => tier.arena.setNum(slot, POSITION.lots, -1 as Lots) },
    { what: "an open order", put: (slot: Position) => tier.arena.setInt(slot, POSITION.orders, 1) },
    { what: "a debt", put: (slot: Position) => tier.arena.setNum(slot, POSITION.cost, 1 as MicroUsd) },
    { what: "a claim", put: (slot: Position) => tier.arena.setNum(slot, POSITION.cost, -1 as MicroUsd) },
  ])("a slot with $what is in use", ({ put }) => {
    const bucket = newBucket();
    const slot = open(bucket, 3);
    expect(isVacant(tier.arena, slot)).toBe(true);
    expect(positionOf(tier.arena, bucket, 3)).toBe(NIL);
    expect(isIdle(tier.arena, bucket)).toBe(true);
    put(slot);
    expect(isVacant(tier.arena, slot)).toBe(false);
    expect(positionOf(tier.arena, bucket, 3)).toBe(slot);
    expect(isIdle(tier.arena, bucket)).toBe(false);
  });

  test("the first vacant slot is taken over, at the new market's funding index", () => {
    const bucket = newBucket();
    for (let market = 1; market <= 4; market++) fill(open(bucket, market), market);
    const { arena } = tier;
    arena.setNum(tier.marketRow(9), MARKET.fundingIndex, -77 as PicoUsdPerLot);
    vacate(slotAt(arena, bucket, 1));
    vacate(slotAt(arena, bucket, 3));
    const taken = open(bucket, 9);
    expect(slotNumber(arena, bucket, taken)).toBe(1);
    expect(arena.int(taken, POSITION.market)).toBe(9);
    expect(arena.num(taken, POSITION.fundingEntry)).toBe(-77);
    expect(slotsOf(bucket)).toBe(4);
  });

  test("64 slots in use are all a bucket may have; one vacant slot is room again", () => {
    const bucket = newBucket();
    for (let market = 1; market <= MARKETS; market++) {
      fill(open(bucket, market), market);
    }
    vacate(slotAt(tier.arena, bucket, 40));
  });
});

describe("what a bucket holds", () => {
  test("the quote currency is its cash, other assets are its holdings", () => {
    const { arena } = tier;
    const bucket = newBucket();
    arena.setNum(bucket, BUCKET.cash, 5 as MicroUsd);
    let next = NIL as Ref<"holding">;
    for (const asset of [2, 3]) {
      const holding = takeRow(arena, tier.holdings);
      arena.setInt(holding, HOLDING.asset, asset);
      arena.setInt(holding, HOLDING.next, next);
      arena.setNum(holding, HOLDING.amount, (asset * 10) as AssetUnits);
      arena.setInt(bucket, BUCKET.holdings, holding);
      next = holding;
    }
    expect([1, 2, 3, 4].map((asset) => amountIn(arena, bucket, asset))).toEqual([5, 20, 30, 0]);
    expect(holdingOf(arena, bucket, 3)).toBe(next);
    expect(holdingOf(arena, bucket, 4)).toBe(NIL);
  });
});

/** Brute force in BigInt, from rows and listing terms alone: who is below maintenance margin, and whether the index has missed any of them. */
import { encodeCommand, FRAME_WORDS } from "@bulkhead/engine";
import { BUCKET, POSITION, POSITION_WORDS } from "../../packages/engine/src/domain/rows/bucket.ts";
import type { TierShard } from "../../packages/engine/src/domain/tierShard.ts";
import type { Ref } from "../../packages/engine/src/kernel/arena.ts";
import { rowOf, usedRows } from "../../packages/engine/src/kernel/pool.ts";
import { OPENING, type Shape, createCrowd, marketsOf } from "./crowd.ts";
import { PERPETUAL } from "./venueCommands.ts";
import { createRandom } from "./random.ts";

export interface Checked {
  readonly shape: Shape;
  readonly accounts: number;
  readonly ticks: number;
  /** Over all ticks: buckets below maintenance, each of them in the queue. */
  readonly unhealthy: number;
}

const ACCOUNTS = 2_000;
const TICKS = 800;
const STEP = { isolated: OPENING / 256, cross: OPENING / 32 } as const;

/**
 * A small crowd under prices that jump by up to 0.4 % in one market, 3 % in each of 64.
 * @throws if a bucket is unhealthy and neither in the queue nor changed since its alarms were set
 */
export function checkIndex(shape: Shape, seed: number): Checked {
  const { engine } = createCrowd(shape, ACCOUNTS, seed);
  const tier = engine.venue.tiers[0]!;
  const random = createRandom(seed + 2);
  const prices = Array.from({ length: marketsOf(shape) + 1 }, () => OPENING);
  const frame = new Float64Array(FRAME_WORDS);
  const step = STEP[shape];
  let unhealthy = 0;
  for (let tick = 0; tick < TICKS; tick++) {
    const market = 1 + random.below(marketsOf(shape));
    const price = (prices[market] = prices[market]! - step + random.below(2 * step + 1));
    encodeCommand({ kind: "updateIndexPrice", time: 2, tier: 1, market, price }, frame);
    if (engine.apply(frame) !== 0) throw new Error("a price was refused");
    for (const id of belowMaintenance(tier, prices)) {
      const bucket = rowOf(tier.arena, tier.buckets, id);
      const isSeen =
        tier.arena.int(bucket, BUCKET.distress) !== 0 || tier.arena.int(bucket, BUCKET.nextUnsettled) !== 0;
      if (!isSeen) throw new Error(`the index has missed bucket ${id}`);
      unhealthy += 1;
    }
  }
  return { shape, accounts: ACCOUNTS, ticks: TICKS, unhealthy };
}

/** Ids of the buckets whose equity is below their maintenance margin if the marks are these; a crowd pays no funding. */
export function belowMaintenance(tier: TierShard, prices: readonly number[]): number[] {
  const { arena } = tier;
  const values = prices.map((price) => BigInt(price * PERPETUAL.notional));
  const ids: number[] = [];
  for (let id = 1; id <= usedRows(arena, tier.buckets); id++) {
    const bucket = rowOf(arena, tier.buckets, id);
    let surplus = BigInt(arena.num(bucket, BUCKET.cash));
    for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
      const position = (arena.int(bucket, BUCKET.positions) + slot * POSITION_WORDS) as Ref<"position">;
      const lots = BigInt(arena.num(position, POSITION.lots));
      const value = lots * (values[arena.int(position, POSITION.market)] ?? 0n);
      surplus += value - BigInt(arena.num(position, POSITION.cost));
      surplus -= shareUp(
        shareUp(value < 0n ? -value : value, PERPETUAL.initialMargin),
        PERPETUAL.maintenanceRatio,
      );
    }
    if (surplus < 0n) ids.push(id);
  }
  return ids;
}

function shareUp(amount: bigint, rate: number): bigint {
  return (amount * BigInt(rate) + 999_999n) / 1_000_000n;
}

/** What an audit reports, and the two readings every part of it needs. */
import type { Ref } from "../kernel/arena.ts";
import { rowOf, usedRows } from "../kernel/pool.ts";
import { slotAt } from "../domain/positions.ts";
import { BUCKET } from "../domain/rows/bucket.ts";
import type { TierShard } from "../domain/tierShard.ts";

/** A claim that does not hold: its number in the catalogue, where, and the numbers. */
export interface Finding {
  readonly invariant: string;
  readonly where: string;
  readonly expected: string;
  readonly found: string;
}

/** Files a finding if the two numbers differ. */
export type Report = (
  invariant: string,
  where: string,
  expected: bigint | number,
  found: bigint | number,
) => void;

/** Visits every slot of every bucket; a slot belongs to the market it last served. */
export function forEachPosition(tier: TierShard, visit: (position: Ref<"position">) => void): void {
  const { arena } = tier;
  for (let id = 1; id <= usedRows(arena, tier.buckets); id++) {
    const bucket = rowOf(arena, tier.buckets, id);
    for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
      visit(slotAt(arena, bucket, slot));
    }
  }
}

/** A stored integer, for sums that may leave the exact range of doubles. */
export function exactly(value: number): bigint {
  return BigInt(value);
}

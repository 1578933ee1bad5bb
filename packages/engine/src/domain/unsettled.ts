/**
 * Buckets that changed since their alarms were set: they are measured when a mark of the tier next moves, or the clock ticks.
 *
 * A bucket is listed once, however often it changes; the last of the list points to itself, so that 0 means "not listed".
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { BUCKET, TIER } from "./rows.ts";
import type { TierShard } from "./tierShard.ts";

/** Notes that a bucket's equity or positions have changed. Nothing to note in a tier that does not liquidate. */
export function noteUnsettled(tier: TierShard, bucket: Ref<"bucket">): void {
  const { arena, row } = tier;
  if (arena.int(bucket, BUCKET.nextUnsettled) !== NIL || !liquidates(tier)) return;
  const head = arena.int(row, TIER.unsettledHead);
  arena.setInt(bucket, BUCKET.nextUnsettled, head === NIL ? bucket : head);
  arena.setInt(row, TIER.unsettledHead, bucket);
}

/** Notes that something every bucket's margin depends on has changed. */
export function noteAllUnsettled(tier: TierShard): void {
  if (liquidates(tier)) tier.arena.setInt(tier.row, TIER.allUnsettled, 1);
}

/** Takes a bucket off the list, or `NIL` when it is empty. */
export function takeUnsettled(tier: TierShard): Ref<"bucket"> {
  const { arena, row } = tier;
  const bucket = arena.int(row, TIER.unsettledHead);
  if (bucket === NIL) return NIL;
  const next = arena.int(bucket, BUCKET.nextUnsettled);
  arena.setInt(row, TIER.unsettledHead, next === bucket ? NIL : next);
  arena.setInt(bucket, BUCKET.nextUnsettled, NIL);
  return bucket;
}

/** True when the tier liquidates at all. */
export function liquidates(tier: TierShard): boolean {
  return tier.arena.int(tier.row, TIER.liquidationBuffer) !== 0;
}

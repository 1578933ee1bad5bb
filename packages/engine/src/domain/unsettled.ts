/**
 * Buckets that changed since their alarms were set: they are measured when a mark of the tier next moves, or the clock ticks.
 *
 * A bucket is listed once, however often it changes; the last of the list points to itself, so that 0 means "not listed".
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { BUCKET } from "./rows/bucket.ts";
import { TIER } from "./rows/tier.ts";
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

/**
 * Notes that a bucket's alarms keep no reserve: they hold until funding or the price of a collateral moves. It may have got other alarms
 * since; being measured once more than needed does no harm.
 */
export function noteTaut(tier: TierShard, bucket: Ref<"bucket">): void {
  const { arena, row } = tier;
  if (arena.int(bucket, BUCKET.nextTaut) !== NIL) return;
  const head = arena.int(row, TIER.tautHead);
  arena.setInt(bucket, BUCKET.nextTaut, head === NIL ? bucket : head);
  arena.setInt(row, TIER.tautHead, bucket);
}

/** Funding or the price of a collateral has moved: alarms without a reserve no longer hold. */
export function noteTautDue(tier: TierShard): void {
  if (tier.arena.int(tier.row, TIER.tautHead) !== NIL) tier.arena.setInt(tier.row, TIER.tautDue, 1);
}

/** Takes a bucket off those, or `NIL` when there is none. */
export function takeTaut(tier: TierShard): Ref<"bucket"> {
  const { arena, row } = tier;
  const bucket = arena.int(row, TIER.tautHead);
  if (bucket === NIL) return NIL;
  const next = arena.int(bucket, BUCKET.nextTaut);
  arena.setInt(row, TIER.tautHead, next === bucket ? NIL : next);
  arena.setInt(bucket, BUCKET.nextTaut, NIL);
  return bucket;
}

/** True when the tier liquidates at all. */
export function liquidates(tier: TierShard): boolean {
  return tier.arena.int(tier.row, TIER.liquidationBuffer) !== 0;
}

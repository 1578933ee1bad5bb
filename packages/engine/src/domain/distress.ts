/** The queue of buckets in distress: first in, first out. A bucket leaves it only from the front. */
import { NIL, type Ref } from "../kernel/arena.ts";
import { BUCKET } from "./rows/bucket.ts";
import { TIER } from "./rows/tier.ts";
import type { TierShard } from "./tierShard.ts";

/** A bucket's distress: none, in the queue, its liquidation begun. */
export const DISTRESS = { none: 0, queued: 1, begun: 2 } as const;

/** Puts a bucket at the end of the queue. */
export function joinDistress(tier: TierShard, bucket: Ref<"bucket">): void {
  const { arena, row } = tier;
  const tail = arena.int(row, TIER.distressTail);
  if (tail === NIL) arena.setInt(row, TIER.distressHead, bucket);
  else arena.setInt(tail, BUCKET.nextInDistress, bucket);
  arena.setInt(bucket, BUCKET.nextInDistress, NIL);
  arena.setInt(row, TIER.distressTail, bucket);
  arena.setInt(row, TIER.inDistress, arena.int(row, TIER.inDistress) + 1);
}

/** Takes the first bucket off the queue, or `NIL` when it is empty. */
export function nextInDistress(tier: TierShard): Ref<"bucket"> {
  const { arena, row } = tier;
  const bucket = arena.int(row, TIER.distressHead);
  if (bucket === NIL) return NIL;
  const next = arena.int(bucket, BUCKET.nextInDistress);
  arena.setInt(row, TIER.distressHead, next);
  if (next === NIL) arena.setInt(row, TIER.distressTail, NIL);
  arena.setInt(row, TIER.inDistress, arena.int(row, TIER.inDistress) - 1);
  return bucket;
}

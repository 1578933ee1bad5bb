/** Room in a tier's tables for what a bucket comes to hold: position slots and holdings. */
import { SMALLEST_BLOCK } from "./terms.ts";
import type { Asset, Bucket, World } from "./venue.ts";
import { isInUse } from "./world.ts";

/** Makes sure of a slot for one more position; false if the table has none left. */
export function findSlot(world: World, bucket: Bucket): boolean {
  let used = 0;
  for (const position of bucket.positions.values()) if (isInUse(position)) used += 1;
  return used < bucket.slots || growBlock(world, bucket);
}

/** Slots come in one block per bucket; a full one is given back for one of twice the size. */
function growBlock({ journal, capacities }: World, bucket: Bucket): boolean {
  const { tier, slots } = bucket;
  const larger = Math.max(SMALLEST_BLOCK, slots * 2);
  const free = tier.freeBlocks.get(larger) ?? 0;
  if (free > 0) journal.put(tier.freeBlocks, larger, free - 1);
  else {
    const taken = tier.slotsTaken + larger;
    if (taken > capacities.positions) return false;
    journal.set(tier, "slotsTaken", taken);
  }
  if (slots > 0) journal.put(tier.freeBlocks, slots, (tier.freeBlocks.get(slots) ?? 0) + 1);
  journal.set(bucket, "slots", larger);
  return true;
}

/** Whether a bucket may hold an asset: a holding takes room when it is first credited, and keeps it. */
export function hasRoomForHolding({ capacities }: World, bucket: Bucket, asset: Asset): boolean {
  if (bucket.holdings.has(asset.id) || !Number.isFinite(capacities.holdings)) return true;
  const holdings = bucket.tier.buckets.reduce((total, each) => total + each.holdings.size, 0);
  return holdings < capacities.holdings;
}

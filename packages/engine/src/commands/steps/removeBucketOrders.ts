/** All open orders of a bucket leave, in one market or in all, newest first. */
import { NIL, type Ref } from "../../kernel/arena.ts";
import { ORDER } from "../../domain/rows/order.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { newestOrder } from "../../execution/openOrders.ts";
import { removeOrder } from "./removeOrder.ts";

/** @param only - a market's id, or 0 for all; @returns how many were removed */
export function removeBucketOrders(
  venue: Venue,
  tier: TierShard,
  bucket: Ref<"bucket">,
  only: number,
  reason: number,
): number {
  const { arena } = tier;
  let removed = 0;
  let order = newestOrder(arena, bucket);
  while (order !== NIL) {
    const older = arena.int(order, ORDER.bucketOlder);
    const market = arena.int(order, ORDER.market);
    if (only === 0 || only === market) {
      removeOrder(venue, tier, tier.listedMarket(market), order, reason);
      removed++;
    }
    order = older;
  }
  return removed;
}

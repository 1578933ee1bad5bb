/** After a mark has moved, or time has passed: who is in distress now. Only those are measured whom the move may have endangered. */
import { NIL, type Ref } from "../../kernel/arena.ts";
import { rowOf, usedRows } from "../../kernel/pool.ts";
import { DISTRESS, joinDistress } from "../../domain/distress.ts";
import { BUCKET } from "../../domain/rows/bucket.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { liquidates, noteUnsettled, takeTaut, takeUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { clearAlarms, renewReserves, setAlarms, takePassed } from "../../risk/alarms.ts";

/**
 * Puts every bucket that has become unhealthy at the end of the distress queue, in ascending order of ids.
 * @param moved - the market whose mark moved; undefined when any may have, with the time
 */
export function watchBuckets(venue: Venue, tier: TierShard, moved: Market | undefined): void {
  const { arena } = tier;
  if (!liquidates(tier)) return;
  const { unsettled, unhealthy } = venue;
  unhealthy.clear();
  if (arena.int(tier.row, TIER.allUnsettled) === 1) measureAll(venue, tier);
  else {
    if (arena.int(tier.row, TIER.tautDue) === 1) unsettleTaut(tier);
    unsettled.clear();
    for (let bucket = takeUnsettled(tier); bucket !== NIL; bucket = takeUnsettled(tier))
      unsettled.push(bucket);
    for (let index = 0; index < unsettled.count; index++) measure(venue, tier, unsettled.at(index));
    if (moved !== undefined) measurePassed(venue, tier, moved);
    else {
      for (let id = 1; id <= tier.marketCount; id++) measurePassed(venue, tier, tier.listedMarket(id));
    }
  }
  unhealthy.sort();
  for (let index = 0; index < unhealthy.count; index++) joinDistress(tier, unhealthy.at(index));
}

/** What alarms without a reserve relied on has moved: whoever carries such is measured too. */
function unsettleTaut(tier: TierShard): void {
  for (let bucket = takeTaut(tier); bucket !== NIL; bucket = takeTaut(tier)) noteUnsettled(tier, bucket);
  tier.arena.setInt(tier.row, TIER.tautDue, 0);
}

/** Measures those whose alarms a market's mark has passed. */
function measurePassed(venue: Venue, tier: TierShard, market: Market): void {
  for (let bucket = takePassed(tier, market); bucket !== NIL; bucket = takePassed(tier, market))
    measure(venue, tier, bucket);
}

/** Measures everybody: the reserves that alarms were set with are used up, or what margin depends on has changed. */
function measureAll(venue: Venue, tier: TierShard): void {
  const { arena } = tier;
  while (takeUnsettled(tier) !== NIL);
  while (takeTaut(tier) !== NIL);
  arena.setInt(tier.row, TIER.tautDue, 0);
  renewReserves(tier);
  const last = usedRows(arena, tier.buckets);
  for (let id = 1; id <= last; id++) measure(venue, tier, rowOf(arena, tier.buckets, id));
}

/** Buckets in distress carry no alarms: the queue looks after them. */
function measure(venue: Venue, tier: TierShard, bucket: Ref<"bucket">): void {
  const { arena } = tier;
  if (arena.int(bucket, BUCKET.distress) !== DISTRESS.none) return clearAlarms(tier, bucket);
  if (setAlarms(tier, bucket)) return;
  arena.setInt(bucket, BUCKET.distress, DISTRESS.queued);
  venue.unhealthy.push(bucket);
}

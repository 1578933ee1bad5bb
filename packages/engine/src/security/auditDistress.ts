/**
 * The audit of distress (29): every unhealthy bucket of a tier that liquidates is in the queue, or is about to be measured; and the queue
 * holds those it says, once. It measures everybody, by its own arithmetic, and looks at no alarm.
 */
import { NIL } from "../kernel/arena.ts";
import { numberOf, rowOf, usedRows } from "../kernel/pool.ts";
import { BUCKET, TIER } from "../domain/rows.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Report } from "./finding.ts";
import { standingMaintenance, standingMaintenanceEquity } from "./standing.ts";

export function auditDistress(tier: TierShard, report: Report): void {
  const { arena, row } = tier;
  const queued = queueOf(tier);
  report(
    "29",
    `buckets in the distress queue of tier ${tier.id}`,
    queued.size,
    arena.int(row, TIER.inDistress),
  );
  const isWatched = arena.int(row, TIER.liquidationBuffer) !== 0 && arena.int(row, TIER.allUnsettled) === 0;
  for (let id = 1; id <= usedRows(arena, tier.buckets); id++) {
    const bucket = rowOf(arena, tier.buckets, id);
    const isQueued = arena.int(bucket, BUCKET.distress) !== 0;
    const where = `bucket ${id} of tier ${tier.id}`;
    report("29", `${where} is queued`, Number(isQueued), Number(queued.has(id)));
    if (!isWatched || isQueued || arena.int(bucket, BUCKET.nextUnsettled) !== NIL) continue;
    const equity = standingMaintenanceEquity(tier, bucket);
    const maintenance = standingMaintenance(tier, bucket);
    if (equity < maintenance) report("29", `${where} is unhealthy and unvisited`, maintenance, equity);
  }
}

/** Ids in the queue; a queue that runs in a circle is cut where it closes. */
function queueOf(tier: TierShard): Set<number> {
  const { arena } = tier;
  const ids = new Set<number>();
  let bucket = arena.int(tier.row, TIER.distressHead);
  while (bucket !== NIL && !ids.has(numberOf(tier.buckets, bucket))) {
    ids.add(numberOf(tier.buckets, bucket));
    bucket = arena.int(bucket, BUCKET.nextInDistress);
  }
  return ids;
}

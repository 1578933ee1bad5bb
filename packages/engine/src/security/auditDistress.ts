/**
 * The audit of distress (29): every unhealthy bucket of a tier that liquidates is in the queue, or is about to be measured; and the queue
 * holds those it says, once. It looks at everybody, measures whoever may be unhealthy by its own arithmetic, and looks at no alarm.
 */
import { NIL } from "../kernel/arena.ts";
import { numberOf, rowOf, usedRows } from "../kernel/pool.ts";
import { BUCKET } from "../domain/rows/bucket.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Report } from "./finding.ts";
import { standingMaintenance, standingMaintenanceEquity } from "./standing.ts";
import { forEachDoubtful } from "./sweepHealth.ts";

export function auditDistress(tier: TierShard, report: Report): void {
  const { arena, row } = tier;
  const queued = queueOf(tier);
  report(
    "29",
    `buckets in the distress queue of tier ${tier.id}`,
    queued.size,
    arena.int(row, TIER.inDistress),
  );
  for (let id = 1; id <= usedRows(arena, tier.buckets); id++) {
    const isQueued = arena.int(rowOf(arena, tier.buckets, id), BUCKET.distress) !== 0;
    report("29", `${nameOf(tier, id)} is queued`, Number(isQueued), Number(queued.has(id)));
  }
  const isWatched = arena.int(row, TIER.liquidationBuffer) !== 0 && arena.int(row, TIER.allUnsettled) === 0;
  if (!isWatched) return;
  const isTautDue = arena.int(row, TIER.tautDue) === 1;
  forEachDoubtful(tier, (bucket) => {
    const isQueued = arena.int(bucket, BUCKET.distress) !== 0;
    if (isQueued || arena.int(bucket, BUCKET.nextUnsettled) !== NIL) return;
    if (isTautDue && arena.int(bucket, BUCKET.nextTaut) !== NIL) return;
    const equity = standingMaintenanceEquity(tier, bucket);
    const maintenance = standingMaintenance(tier, bucket);
    if (equity >= maintenance) return;
    const where = nameOf(tier, numberOf(tier.buckets, bucket));
    report("29", `${where} is unhealthy and unvisited`, maintenance, equity);
  });
}

function nameOf(tier: TierShard, bucket: number): string {
  return `bucket ${bucket} of tier ${tier.id}`;
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

/**
 * The audit of alarms (29b): they stand on their ladders where they say, and whoever is not about to be measured is healthy as long as no
 * mark passes one of his, wherever the marks go between them. It asks by its own arithmetic, of any alarms, however they came to stand there.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { numberOf, rowOf, usedRows } from "../kernel/pool.ts";
import { blockSlot, homeSlot } from "../domain/positions.ts";
import { ALARM, BUCKET, HOME_SLOTS, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Report } from "./finding.ts";
import { type Levels, auditLadder, expectAt, placeOf } from "./auditLadders.ts";
import { leastMaintenanceSurplus } from "./standing.ts";

const BELOW = "alarms below";
const ABOVE = "alarms above";

export function auditAlarms(tier: TierShard, report: Report): void {
  auditPlaces(tier, report);
  const { arena, row } = tier;
  const areKept = arena.int(row, TIER.liquidationBuffer) !== 0 && arena.int(row, TIER.allUnsettled) === 0;
  if (!areKept) return;
  for (let id = 1; id <= usedRows(arena, tier.buckets); id++) {
    const bucket = rowOf(arena, tier.buckets, id);
    if (isAboutToBeMeasured(tier, bucket)) continue;
    const surplus = leastMaintenanceSurplus(tier, bucket, (position) =>
      betweenAlarms(tier, bucket, position),
    );
    if (surplus < 0) report("29b", `${nameOf(tier, bucket)} between its alarms`, 0, surplus);
  }
}

/** Those of whom alarms need say nothing: they are in the queue, or on one of the lists of whoever is measured next. */
function isAboutToBeMeasured({ arena, row }: TierShard, bucket: Ref<"bucket">): boolean {
  if (arena.int(bucket, BUCKET.distress) !== 0 || arena.int(bucket, BUCKET.nextUnsettled) !== NIL)
    return true;
  return arena.int(row, TIER.tautDue) === 1 && arena.int(bucket, BUCKET.nextTaut) !== NIL;
}

/** The lowest and the highest mark of a position's market that no alarm of its bucket's tells of. */
function betweenAlarms(
  tier: TierShard,
  bucket: Ref<"bucket">,
  position: Ref<"position">,
): readonly [number, number] {
  const { arena } = tier;
  const market = tier.listedMarket(arena.int(position, POSITION.market));
  const tickOf = (alarm: Ref<"alarm">): number =>
    arena.int(alarm, ALARM.bucket) === bucket && arena.int(alarm, ALARM.market) === market.id
      ? arena.int(alarm, ALARM.tick)
      : 0;
  const below = tickOf(tier.alarmBelow(position));
  const above = tickOf(tier.alarmAbove(position));
  return [below + 1, above === 0 ? market.highest : above - 1];
}

/** Every alarm that is set stands at its tick, nothing else stands on the ladders, and each market knows its nearest ones. */
function auditPlaces(tier: TierShard, report: Report): void {
  const { arena } = tier;
  const levels: Levels = new Map();
  for (const position of everySlot(tier)) {
    for (const [alarm, ladder] of [
      [tier.alarmBelow(position), BELOW],
      [tier.alarmAbove(position), ABOVE],
    ] as const) {
      const tick = arena.int(alarm, ALARM.tick);
      if (tick !== 0) expectAt(levels, placeOf(arena.int(alarm, ALARM.market), ladder, tick), alarm);
    }
  }
  for (let id = 1; id <= tier.marketCount; id++) {
    const market = tier.listedMarket(id);
    const below = auditLadder(arena, market, market.alarmsBelow, () => BELOW, levels, report);
    const above = auditLadder(arena, market, market.alarmsAbove, () => ABOVE, levels, report);
    const where = `market ${id} of tier ${tier.id}`;
    report("29b", `${where}: highest alarm`, below.at(-1) ?? 0, arena.int(market.row, MARKET.highestAlarm));
    report("29b", `${where}: lowest alarm`, above[0] ?? 0, arena.int(market.row, MARKET.lowestAlarm));
  }
  report("29b", `alarms of tier ${tier.id} that no ladder shows`, 0, levels.size);
}

/** Every slot that ever was a bucket's, those too that were left behind. */
function* everySlot(tier: TierShard): Generator<Ref<"position">> {
  const { arena, buckets, row } = tier;
  for (let id = 1; id <= usedRows(arena, buckets); id++)
    for (let slot = 0; slot < HOME_SLOTS; slot++) yield homeSlot(rowOf(arena, buckets, id), slot);
  for (let slot = 0; slot < arena.int(row, TIER.blockSlots); slot++) yield blockSlot(tier, slot);
}

function nameOf(tier: TierShard, bucket: Ref<"bucket">): string {
  return `bucket ${numberOf(tier.buckets, bucket)} of tier ${tier.id}`;
}

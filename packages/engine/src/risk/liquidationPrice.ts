/** At which mark of one market, all else unchanged, a bucket falls below maintenance margin. For previews and queries. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { MARKET, POSITION } from "../domain/rows.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import type { Lots, MicroUsd, Ticks } from "../kernel/units.ts";
import { maintenanceEquityOf, maintenanceOf } from "./bucketMeasure.ts";
import { maintenanceMargin } from "./margin.ts";

/**
 * The tick nearest to the mark at which equity (maintenance weights) < maintenance margin; 0 if no tick of the range is.
 *
 * Health is concave in the price: equity is linear, and margin convex in the notional. So from a healthy mark it falls
 * monotonically once it falls, and a bisection on each side finds the first unhealthy tick; an unhealthy mark is its own answer.
 */
export function liquidationPrice(tier: TierShard, bucket: Ref<"bucket">, market: Market, position: Ref<"position">): Ticks {
  const { arena } = tier;
  const lots = arena.num(position, POSITION.lots);
  const mark = arena.int(market.row, MARKET.mark);
  if (lots === 0) return 0 as Ticks;
  const rest = restOf(tier, bucket, market, lots);
  const healthyAt = (price: number): boolean => rest + healthOf(arena, market, lots, price as Ticks) >= 0;
  if (!healthyAt(mark)) return mark;
  const below = firstUnhealthy(healthyAt, mark, 1);
  const above = firstUnhealthy(healthyAt, mark, market.highest);
  if (below === 0 || above === 0) return Math.max(below, above) as Ticks;
  return (mark - below <= above - mark ? below : above) as Ticks;
}

/** Health of everything but the value and margin of this position at the mark. */
function restOf(tier: TierShard, bucket: Ref<"bucket">, market: Market, lots: Lots): number {
  const mark = tier.arena.int(market.row, MARKET.mark);
  return maintenanceEquityOf(tier, bucket) - maintenanceOf(tier, bucket) - healthOf(tier.arena, market, lots, mark);
}

function healthOf(arena: Arena, market: Market, lots: Lots, price: Ticks): number {
  const value = lots * price * market.notional;
  return value - maintenanceMargin(arena, market, Math.abs(value) as MicroUsd);
}

/** First unhealthy tick going from the healthy `start` towards `end`, or 0 if `end` is healthy too. */
function firstUnhealthy(healthyAt: (price: number) => boolean, start: number, end: number): number {
  if (healthyAt(end)) return 0;
  let healthy = start;
  let unhealthy = end;
  while (Math.abs(unhealthy - healthy) > 1) {
    const middle = Math.floor((healthy + unhealthy) / 2);
    if (healthyAt(middle)) healthy = middle;
    else unhealthy = middle;
  }
  return unhealthy;
}

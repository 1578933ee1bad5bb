/** At which mark of one market, all else unchanged, a bucket falls below maintenance margin. For previews and queries. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { MARKET, POSITION } from "../domain/rows.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import type { Lots, MicroUsd, Ticks } from "../kernel/units.ts";
import { maintenanceEquityOf, maintenanceOf } from "./bucketMeasure.ts";
import { isChargedWhole, maintenanceMargin } from "./margin.ts";

/**
 * The tick nearest to the mark at which equity (maintenance weights) < maintenance margin; 0 if no tick of the range is.
 *
 * Up to where size demands the whole notional, health is concave in the price: equity is linear, and margin convex in the
 * notional. From there on both are linear. So in each of the two stretches health, once it falls, falls on, and a bisection
 * from a healthy start finds the first unhealthy tick; an unhealthy start is its own answer.
 */
export function liquidationPrice(
  tier: TierShard,
  bucket: Ref<"bucket">,
  market: Market,
  position: Ref<"position">,
): Ticks {
  const { arena } = tier;
  const lots = arena.num(position, POSITION.lots);
  const mark = arena.int(market.row, MARKET.mark);
  if (lots === 0) return 0 as Ticks;
  const rest = restOf(tier, bucket, market, lots);
  const healthyAt = (price: number): boolean => rest + healthOf(arena, market, lots, price as Ticks) >= 0;
  if (!healthyAt(mark)) return mark;
  const seam = firstChargedWhole(arena, market, lots);
  const below = firstBelow(healthyAt, mark, seam);
  const above = firstAbove(healthyAt, mark, seam, market.highest);
  if (below === 0 || above === 0) return Math.max(below, above) as Ticks;
  return (mark - below <= above - mark ? below : above) as Ticks;
}

/** Lowest tick at which the position's size demands its whole notional as margin; one above the range if none does. */
function firstChargedWhole(arena: Arena, market: Market, lots: Lots): number {
  const lotNotional = Math.abs(lots) * market.notional;
  const isCharged = (price: number): boolean =>
    isChargedWhole(arena, market, (lotNotional * price) as MicroUsd);
  if (isCharged(1)) return 1;
  const first = firstUnhealthy((price) => !isCharged(price), 1, market.highest);
  return first === 0 ? market.highest + 1 : first;
}

/** First unhealthy tick below the mark, through the upper stretch and then the lower one; 0 if there is none. */
function firstBelow(healthyAt: (price: number) => boolean, mark: number, seam: number): number {
  if (mark < seam) return firstUnhealthy(healthyAt, mark, 1);
  const found = firstUnhealthy(healthyAt, mark, seam);
  if (found !== 0 || seam === 1) return found;
  return healthyAt(seam - 1) ? firstUnhealthy(healthyAt, seam - 1, 1) : seam - 1;
}

/** First unhealthy tick above the mark, through the lower stretch and then the upper one; 0 if there is none. */
function firstAbove(
  healthyAt: (price: number) => boolean,
  mark: number,
  seam: number,
  highest: number,
): number {
  if (mark >= seam || seam > highest) return firstUnhealthy(healthyAt, mark, highest);
  const found = firstUnhealthy(healthyAt, mark, seam - 1);
  if (found !== 0) return found;
  return healthyAt(seam) ? firstUnhealthy(healthyAt, seam, highest) : seam;
}

/** Health of everything but the value and margin of this position at the mark. */
function restOf(tier: TierShard, bucket: Ref<"bucket">, market: Market, lots: Lots): number {
  const mark = tier.arena.int(market.row, MARKET.mark);
  return (
    maintenanceEquityOf(tier, bucket) - maintenanceOf(tier, bucket) - healthOf(tier.arena, market, lots, mark)
  );
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

/** At which mark of one market, all else unchanged, a bucket falls below maintenance margin. For previews and queries. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { absolute, middle, minus, most, plus } from "../kernel/checked.ts";
import { type Lots, type MicroUsd, NONE, type Ticks } from "../kernel/units.ts";
import { lotValueAt, valueOf } from "../kernel/value.ts";
import { ONE_TICK } from "../domain/limits.ts";
import { MARKET, POSITION } from "../domain/rows.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
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
  if (lots === 0) return NONE;
  const rest = restOf(tier, bucket, market, lots);
  const healthyAt = (price: Ticks): boolean => rest + healthOf(arena, market, lots, price) >= 0;
  if (!healthyAt(mark)) return mark;
  const seam = firstChargedWhole(arena, market, lots);
  const below = firstBelow(healthyAt, mark, seam);
  const above = firstAbove(healthyAt, mark, seam, market.highest);
  if (below === 0 || above === 0) return most(below, above);
  return mark - below <= above - mark ? below : above;
}

/** Lowest tick at which the position's size demands its whole notional as margin; one above the range if none does. */
function firstChargedWhole(arena: Arena, market: Market, lots: Lots): Ticks {
  const isCharged = (price: Ticks): boolean =>
    isChargedWhole(arena, market, valueOf(absolute(lots), lotValueAt(price, market.notional)));
  if (isCharged(ONE_TICK)) return ONE_TICK;
  const first = firstUnhealthy((price) => !isCharged(price), ONE_TICK, market.highest);
  return first === 0 ? plus(market.highest, ONE_TICK) : first;
}

/** First unhealthy tick below the mark, through the upper stretch and then the lower one; 0 if there is none. */
function firstBelow(healthyAt: (price: Ticks) => boolean, mark: Ticks, seam: Ticks): Ticks {
  if (mark < seam) return firstUnhealthy(healthyAt, mark, ONE_TICK);
  const found = firstUnhealthy(healthyAt, mark, seam);
  if (found !== 0 || seam === ONE_TICK) return found;
  const below = minus(seam, ONE_TICK);
  return healthyAt(below) ? firstUnhealthy(healthyAt, below, ONE_TICK) : below;
}

/** First unhealthy tick above the mark, through the lower stretch and then the upper one; 0 if there is none. */
function firstAbove(healthyAt: (price: Ticks) => boolean, mark: Ticks, seam: Ticks, highest: Ticks): Ticks {
  if (mark >= seam || seam > highest) return firstUnhealthy(healthyAt, mark, highest);
  const found = firstUnhealthy(healthyAt, mark, minus(seam, ONE_TICK));
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

function healthOf(arena: Arena, market: Market, lots: Lots, price: Ticks): MicroUsd {
  const value = valueOf(lots, lotValueAt(price, market.notional));
  return minus(value, maintenanceMargin(arena, market, absolute(value)));
}

/** First unhealthy tick going from the healthy `start` towards `end`, or 0 if `end` is healthy too. */
function firstUnhealthy(healthyAt: (price: Ticks) => boolean, start: Ticks, end: Ticks): Ticks {
  if (healthyAt(end)) return NONE;
  let healthy = start;
  let unhealthy = end;
  while (Math.abs(unhealthy - healthy) > 1) {
    const price = middle(healthy, unhealthy);
    if (healthyAt(price)) healthy = price;
    else unhealthy = price;
  }
  return unhealthy;
}

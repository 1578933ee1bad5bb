/** At which mark of one market, all else unchanged, a bucket falls below maintenance margin. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { absolute, guessBetween, middle, minus, most, plus } from "../kernel/checked.ts";
import { type Lots, type MicroUsd, NONE, type Ticks } from "../kernel/units.ts";
import { lotValueAt, valueOf } from "../kernel/value.ts";
import { ONE_TICK } from "../domain/limits.ts";
import { POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { maintenanceEquityOf, maintenanceOf } from "./bucketMeasure.ts";
import { isChargedWhole, maintenanceMargin } from "./margin.ts";

/** Health as a function of a market's price, micro-dollars; negative = unhealthy. */
type HealthAt = (price: Ticks) => number;

/** The tick nearest to the mark at which equity (maintenance weights) < maintenance margin; 0 if no tick of the range is. */
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
  const health = maintenanceEquityOf(tier, bucket) - maintenanceOf(tier, bucket);
  if (health < 0) return mark;
  const below = unhealthyBelow(arena, market, lots, health);
  const above = unhealthyAbove(arena, market, lots, health);
  if (below === 0 || above === 0) return most(below, above);
  return mark - below <= above - mark ? below : above;
}

/**
 * First unhealthy tick below the mark for a bucket whose health at the mark is `health` ≥ 0; 0 if there is none.
 *
 * Up to where size demands the whole notional, health is concave in the price: equity is linear, and margin convex in the
 * notional. From there on both are linear. So in each of the two stretches health, once it falls, falls on, and a search from a
 * healthy start finds the first unhealthy tick; an unhealthy start is its own answer.
 */
export function unhealthyBelow(arena: Arena, market: Market, lots: Lots, health: number): Ticks {
  const mark = arena.int(market.row, MARKET.mark);
  const healthAt = healthOver(arena, market, lots, health);
  const seam = firstChargedWhole(arena, market, lots);
  if (mark < seam) return firstUnhealthy(healthAt, mark, ONE_TICK);
  const found = firstUnhealthy(healthAt, mark, seam);
  if (found !== 0 || seam === ONE_TICK) return found;
  const below = minus(seam, ONE_TICK);
  return healthAt(below) >= 0 ? firstUnhealthy(healthAt, below, ONE_TICK) : below;
}

/** First unhealthy tick above the mark, likewise. */
export function unhealthyAbove(arena: Arena, market: Market, lots: Lots, health: number): Ticks {
  const { highest } = market;
  const mark = arena.int(market.row, MARKET.mark);
  const healthAt = healthOver(arena, market, lots, health);
  const seam = firstChargedWhole(arena, market, lots);
  if (mark >= seam || seam > highest) return firstUnhealthy(healthAt, mark, highest);
  const found = firstUnhealthy(healthAt, mark, minus(seam, ONE_TICK));
  if (found !== 0) return found;
  return healthAt(seam) >= 0 ? firstUnhealthy(healthAt, seam, highest) : seam;
}

/** Lowest tick at which the position's size demands its whole notional as margin; one above the range if none does. */
function firstChargedWhole(arena: Arena, market: Market, lots: Lots): Ticks {
  const { highest } = market;
  const isCharged = (price: Ticks): boolean =>
    isChargedWhole(arena, market, valueOf(absolute(lots), lotValueAt(price, market.notional)));
  if (!isCharged(highest)) return plus(highest, ONE_TICK);
  if (isCharged(ONE_TICK)) return ONE_TICK;
  return firstUnhealthy((price) => (isCharged(price) ? -1 : 1), ONE_TICK, highest);
}

/** The bucket's health when this market's mark is another, given its health at the present one. */
function healthOver(arena: Arena, market: Market, lots: Lots, health: number): HealthAt {
  const rest = health - ownHealth(arena, market, lots, arena.int(market.row, MARKET.mark));
  return (price) => rest + ownHealth(arena, market, lots, price);
}

/** Value of the position at a price, less its maintenance margin there. */
function ownHealth(arena: Arena, market: Market, lots: Lots, price: Ticks): MicroUsd {
  const value = valueOf(lots, lotValueAt(price, market.notional));
  return minus(value, maintenanceMargin(arena, market, absolute(value)));
}

/**
 * First unhealthy tick going from the healthy `start` towards `end`, or 0 if `end` is healthy too. Health is nearly linear, so every
 * second guess is where a straight line would cross zero; the others halve what is left, so that the worst case stays short.
 */
function firstUnhealthy(healthAt: HealthAt, start: Ticks, end: Ticks): Ticks {
  let below = healthAt(end);
  if (below >= 0) return NONE;
  let healthy = start;
  let unhealthy = end;
  let above = healthAt(start);
  let interpolates = true;
  while (Math.abs(unhealthy - healthy) > 1) {
    const price = interpolates
      ? guessBetween(healthy, unhealthy, above / (above - below))
      : middle(healthy, unhealthy);
    interpolates = !interpolates;
    const health = healthAt(price);
    if (health >= 0) {
      healthy = price;
      above = health;
    } else {
      unhealthy = price;
      below = health;
    }
  }
  return unhealthy;
}

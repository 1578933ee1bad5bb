/** Funding by a cumulative index: a price of time per lot. Nobody is visited when it accrues; each position settles when touched. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { minus, negate, plus } from "../kernel/checked.ts";
import { compareProducts } from "../kernel/mulDiv.ts";
import { type MicroUsd, NONE, type PicoUsdPerLot, type Ppb } from "../kernel/units.ts";
import { fundingOn, indexCharging, indexStep } from "../kernel/value.ts";
import { PICO_PER_MICRO, PPB_ONE } from "../domain/limits.ts";
import { POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market } from "../domain/tierShard.ts";

/** The index after one accrual at `rate` of the mark; longs pay when it rises. Undefined if it would lie beyond `indexLimit`. */
export function accrued(arena: Arena, market: Market, rate: Ppb): PicoUsdPerLot | undefined {
  const index = arena.num(market.row, MARKET.fundingIndex);
  const lotValue = arena.num(market.row, MARKET.lotValue);
  const limit = indexLimit(market);
  // No index leads over a step this large to one within the limit; a smaller step is an exact integer.
  if (compareProducts(lotValue, Math.abs(rate), 2 * limit + 1, RATE_ONE) > 0) return undefined;
  const step = indexStep(lotValue, rate);
  return Math.abs(index + step) > limit ? undefined : plus(index, step);
}

/** Ppb of a micro-dollar in 1e-12 USD. */
const RATE_ONE = PPB_ONE / PICO_PER_MICRO;

/** The largest index, either sign: all funding ever may not exceed a lot's value at the top of its range. */
export function indexLimit(market: Market): PicoUsdPerLot {
  return indexCharging(market.ceiling);
}

/**
 * Settles what a position owes since it was last settled: it enters the cost, and the market's funding account takes the other side.
 * @returns what was owed, micro-dollars; negative when received; rounded up
 */
export function settleFunding(arena: Arena, market: Market, position: Ref<"position">): MicroUsd {
  const index = arena.num(market.row, MARKET.fundingIndex);
  const drift = minus(index, arena.num(position, POSITION.fundingEntry));
  if (drift === 0) return NONE;
  const owed = fundingOn(arena.num(position, POSITION.lots), drift);
  arena.setNum(position, POSITION.fundingEntry, index);
  if (owed === 0) return owed;
  arena.addNum(position, POSITION.cost, owed);
  arena.addNum(market.row, MARKET.fundingCost, negate(owed));
  return owed;
}

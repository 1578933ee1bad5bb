/** Funding by a cumulative index: a price of time per lot. Nobody is visited when it accrues; each position settles when touched. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { compareProducts, mulDivCeil, mulDivFloor } from "../kernel/mulDiv.ts";
import type { MicroUsd, PicoUsdPerLot, Ppb } from "../kernel/units.ts";
import { PICO_PER_MICRO, PPB_ONE } from "../domain/limits.ts";
import { MARKET, POSITION } from "../domain/rows.ts";
import type { Market } from "../domain/tierShard.ts";

/** Two indices within this limit, of either sign, differ by an exact integer. */
const MAX_INDEX = 4_503_599_627_370_495;

/**
 * The index after one accrual at `rate` of the mark; longs pay when it rises. It may lie beyond `indexLimit`, and is
 * then only known to.
 */
export function accrued(arena: Arena, market: Market, rate: Ppb): PicoUsdPerLot {
  const lotValue = arena.num(market.row, MARKET.lotValue);
  const limit = indexLimit(market);
  // No index leads over a step this large to one within the limit; a smaller step is an exact integer.
  const isBeyond = compareProducts(lotValue, Math.abs(rate), 2 * limit + 1, RATE_ONE) > 0;
  if (isBeyond) return (Math.sign(rate) * 2 * limit) as PicoUsdPerLot;
  return (arena.num(market.row, MARKET.fundingIndex) +
    mulDivFloor(lotValue, rate, RATE_ONE)) as PicoUsdPerLot;
}

/** Ppb of a micro-dollar in 1e-12 USD. */
const RATE_ONE = PPB_ONE / PICO_PER_MICRO;

/** The largest index, either sign: all funding ever may not exceed a lot's value at the top of its range. */
export function indexLimit(market: Market): PicoUsdPerLot {
  return Math.min(market.ceiling * PICO_PER_MICRO, MAX_INDEX) as PicoUsdPerLot;
}

/**
 * Settles what a position owes since it was last settled: it enters the cost, and the market's funding account takes the other side.
 * @returns what was owed, micro-dollars; negative when received; rounded up
 */
export function settleFunding(arena: Arena, market: Market, position: Ref<"position">): MicroUsd {
  const index = arena.num(market.row, MARKET.fundingIndex);
  const drift = index - arena.num(position, POSITION.fundingEntry);
  if (drift === 0) return 0 as MicroUsd;
  const owed = mulDivCeil(arena.num(position, POSITION.lots), drift, PICO_PER_MICRO) as MicroUsd;
  arena.setNum(position, POSITION.fundingEntry, index);
  if (owed === 0) return owed;
  arena.setNum(position, POSITION.cost, (arena.num(position, POSITION.cost) + owed) as MicroUsd);
  arena.setNum(
    market.row,
    MARKET.fundingCost,
    (arena.num(market.row, MARKET.fundingCost) - owed) as MicroUsd,
  );
  return owed;
}

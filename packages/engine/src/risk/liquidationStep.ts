/** How much of a position one step of a liquidation closes, and down to which price. See docs/spec/liquidation.md, "A step". */
import type { Arena, Ref } from "../kernel/arena.ts";
import { absolute, least, middle, minus, most, negate, partFloor, plus } from "../kernel/checked.ts";
import { compareProducts, scaleFloor, shareCeil } from "../kernel/mulDiv.ts";
import { type Lots, type MicroUsd, NONE, type Ppm, type Ticks } from "../kernel/units.ts";
import { lotsCovering, ticksWithin, valueOf } from "../kernel/value.ts";
import { PPM_ONE } from "../domain/limits.ts";
import { liquidationBuffer } from "../domain/posture.ts";
import { POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { maintenanceMargin } from "./margin.ts";

/** Fee rate of an order that closes a position in distress: what the maker's rebate costs, so that nobody else has to pay for it. */
export function forcedFee(arena: Arena, market: Market): Ppm {
  return most(negate(arena.int(market.row, MARKET.makerFee)), NONE);
}

/** True when an account has less than two thirds of its maintenance margin left: then nothing slows its liquidation. */
export function isDeep(equity: MicroUsd, maintenance: MicroUsd): boolean {
  return compareProducts(equity, 3, maintenance, 2) < 0;
}

/** Maintenance margin of a market for so many lots at its mark. */
export function marginOfLots(arena: Arena, market: Market, lots: Lots): MicroUsd {
  return maintenanceMargin(arena, market, valueOf(lots, arena.num(market.row, MARKET.lotValue)));
}

/** Maintenance margin that closing `lots` of a position of `held` lots (both ≥ 0) frees. */
export function marginSaved(arena: Arena, market: Market, held: Lots, lots: Lots): MicroUsd {
  return minus(marginOfLots(arena, market, held), marginOfLots(arena, market, minus(held, lots)));
}

/**
 * Lots of a position to close now: as few as restore the buffer, no more than one step, and no remainder too small to keep.
 * @param equity - of the bucket at maintenance weights, ≥ 0
 * @param maintenance - margin of all its positions, > equity
 */
export function stepLots(
  tier: TierShard,
  market: Market,
  position: Ref<"position">,
  equity: MicroUsd,
  maintenance: MicroUsd,
): Lots {
  const { arena } = tier;
  const { row } = market;
  const held = absolute(arena.num(position, POSITION.lots));
  const part = arena.int(row, MARKET.liquidationStep);
  let lots = sufficientLots(tier, market, held, equity, maintenance);
  if (part !== 0 && !isDeep(equity, maintenance)) {
    const smallest = lotsCovering(arena.num(row, MARKET.liquidationMinimum), arena.num(row, MARKET.lotValue));
    lots = least(lots, most(shareCeil(held, part), smallest));
  }
  return orAll(arena, market, held, lots);
}

/** The same for a call auction, which knows no steps: it closes once, at one price for all. */
export function auctionLots(
  tier: TierShard,
  market: Market,
  held: Lots,
  equity: MicroUsd,
  maintenance: MicroUsd,
): Lots {
  return orAll(tier.arena, market, held, sufficientLots(tier, market, held, equity, maintenance));
}

function sufficientLots(
  tier: TierShard,
  market: Market,
  held: Lots,
  equity: MicroUsd,
  maintenance: MicroUsd,
): Lots {
  const { arena } = tier;
  const feeRate = plus(forcedFee(arena, market), arena.int(market.row, MARKET.liquidationFee));
  return lotsToBuffer(tier, market, held, equity, maintenance, feeRate, NONE);
}

/** All of a position if the remainder would be too small to keep. */
function orAll(arena: Arena, { row }: Market, held: Lots, lots: Lots): Lots {
  const left = valueOf(minus(held, lots), arena.num(row, MARKET.lotValue));
  return left < arena.num(row, MARKET.liquidationMinimum) ? held : lots;
}

/**
 * The fewest lots whose closing leaves equity, less fees and loss, at maintenance margin and buffer; all if none does.
 * @param feeRate - of their value at the mark; @param lossPerLot - against the mark
 */
export function lotsToBuffer(
  tier: TierShard,
  market: Market,
  held: Lots,
  equity: MicroUsd,
  maintenance: MicroUsd,
  feeRate: Ppm,
  lossPerLot: MicroUsd,
): Lots {
  const { arena } = tier;
  const { row } = market;
  const lotValue = arena.num(row, MARKET.lotValue);
  const buffer = liquidationBuffer(tier);
  const restores = (lots: Lots): boolean => {
    const cost = plus(shareCeil(valueOf(lots, lotValue), feeRate), valueOf(lots, lossPerLot));
    const left = minus(equity, cost);
    const needed = minus(maintenance, marginSaved(arena, market, held, lots));
    return left >= plus(needed, shareCeil(needed, buffer));
  };
  if (!restores(held)) return held;
  let short: Lots = NONE;
  let enough = held;
  while (enough - short > 1) {
    const lots = middle(short, enough);
    if (restores(lots)) enough = lots;
    else short = lots;
  }
  return enough;
}

/** Ticks through the mark at which closing `lots` of `held` leaves equity ÷ maintenance margin as it is. Rounded down. */
export function zeroPriceRoom(
  arena: Arena,
  market: Market,
  held: Lots,
  lots: Lots,
  equity: MicroUsd,
  maintenance: MicroUsd,
): Ticks {
  const rate = forcedFee(arena, market);
  const worth = valueOf(lots, arena.num(market.row, MARKET.lotValue));
  const fair = fairLoss(arena, market, held, lots, equity, maintenance);
  const room = most(minus(fair, shareCeil(worth, rate)), NONE);
  // A buyer pays the fee on the ticks above the mark, too.
  return ticksWithin(scaleFloor(room, PPM_ONE, plus(PPM_ONE, rate)), lots, market.notional);
}

/** What closing `lots` may cost without lowering equity ÷ maintenance margin; rounded down. */
export function fairLoss(
  arena: Arena,
  market: Market,
  held: Lots,
  lots: Lots,
  equity: MicroUsd,
  maintenance: MicroUsd,
): MicroUsd {
  return scaleFloor(equity, marginSaved(arena, market, held, lots), maintenance);
}

/** The owner keeps one of so many parts when the backstop takes over. */
const OWNERS_PART = 4;

/** Ticks through the mark at which the backstop takes over `held` lots: the owner keeps a quarter of their share of the equity. */
export function takeoverRoom(
  arena: Arena,
  market: Market,
  held: Lots,
  equity: MicroUsd,
  maintenance: MicroUsd,
): Ticks {
  const share = fairLoss(arena, market, held, held, equity, maintenance);
  return ticksWithin(minus(share, partFloor(share, OWNERS_PART)), held, market.notional);
}

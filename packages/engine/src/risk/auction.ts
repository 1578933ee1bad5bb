/** The keepers' auction: its price, and how much of a position it sells. See docs/spec/keepers.md. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { absolute, least, minus, most, plus } from "../kernel/checked.ts";
import { scaleFloor } from "../kernel/mulDiv.ts";
import type { Lots, MicroUsd, Ms, Ticks } from "../kernel/units.ts";
import { lotValueAt, ticksWithin, valueOf } from "../kernel/value.ts";
import { ONE_TICK } from "../domain/limits.ts";
import { POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { fairLoss, lotsToBuffer } from "./liquidationStep.ts";

/**
 * The auction's price after so long: from the mark, linearly over `span`, to where the whole position's share of the equity is given away.
 * @param equity - of the bucket at maintenance weights, ≥ 0; @param maintenance - margin of all its positions, > equity
 */
export function auctionPrice(
  arena: Arena,
  market: Market,
  held: Lots,
  equity: MicroUsd,
  maintenance: MicroUsd,
  elapsed: Ms,
  span: Ms,
): Ticks {
  const lots = absolute(held);
  const share = fairLoss(arena, market, lots, lots, equity, maintenance);
  const given = elapsed >= span ? share : scaleFloor(share, elapsed, span);
  const room = ticksWithin(given, lots, market.notional);
  const mark = arena.int(market.row, MARKET.mark);
  return held > 0 ? most(minus(mark, room), ONE_TICK) : least(plus(mark, room), market.highest);
}

/** Lots for sale at a price: as few as restore the buffer, and no remainder too small to keep. */
export function auctionLots(
  tier: TierShard,
  market: Market,
  position: Ref<"position">,
  equity: MicroUsd,
  maintenance: MicroUsd,
  price: Ticks,
): Lots {
  const { arena } = tier;
  const { row } = market;
  const held = absolute(arena.num(position, POSITION.lots));
  const lossPerLot = lotValueAt(absolute(minus(arena.int(row, MARKET.mark), price)), market.notional);
  const feeRate = arena.int(row, MARKET.liquidationFee);
  const lots = lotsToBuffer(tier, market, held, equity, maintenance, feeRate, lossPerLot);
  const rest = valueOf(minus(held, lots), arena.num(row, MARKET.lotValue));
  return rest < arena.num(row, MARKET.liquidationMinimum) ? held : lots;
}

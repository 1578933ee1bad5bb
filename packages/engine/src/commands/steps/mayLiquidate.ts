/** May positions of a market be liquidated now? */
import type { MicroUsd } from "../../kernel/units.ts";
import { FORBID } from "../../domain/permits.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { isTrading } from "../../domain/trading.ts";
import type { Venue } from "../../domain/venue.ts";
import { isDeep } from "../../risk/liquidationStep.ts";
import { hasExpired } from "./fireOrder.ts";

/** The mark is good enough, the market trades, and no pause is so fresh that the owner has not had time to act. */
export function mayLiquidate(
  venue: Venue,
  tier: TierShard,
  market: Market,
  equity: MicroUsd,
  maintenance: MicroUsd,
): boolean {
  const { arena } = tier;
  const { row } = market;
  if (arena.int(row, MARKET.unconfirmed) !== 0) return false;
  if ((arena.int(row, MARKET.forbids) & FORBID.liquidate) !== 0) return false;
  if (!isTrading(arena, row) || hasExpired(venue, tier, market)) return false;
  return venue.now >= arena.num(row, MARKET.graceUntil) || isDeep(equity, maintenance);
}

/** A market's mark moves: everything that waits for a price happens here, whoever moved it. */
import { lotValueAt } from "../../kernel/value.ts";
import type { Ticks } from "../../kernel/units.ts";
import { MAX_TRIGGERS } from "../../domain/limits.ts";
import { MARKET } from "../../domain/rows.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { fireDueOrders } from "./fireOrder.ts";

/** Sets the mark and fires the waiting orders it reaches; returns how many fired. */
export function moveMark(venue: Venue, tier: TierShard, market: Market, mark: Ticks): number {
  setMark(tier, market, mark);
  return fireDueOrders(venue, tier, market, MAX_TRIGGERS);
}

/** Sets the mark; what it reaches fires later in the command. */
export function setMark(tier: TierShard, market: Market, mark: Ticks): void {
  const { arena } = tier;
  arena.setInt(market.row, MARKET.mark, mark);
  arena.setNum(market.row, MARKET.lotValue, lotValueAt(mark, market.notional));
}

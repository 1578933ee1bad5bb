/** A market's mark moves, whoever moves it. */
import type { Ticks } from "../../kernel/units.ts";
import { lotValueAt } from "../../kernel/value.ts";
import { MARKET } from "../../domain/rows.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { serveDistress } from "./serveDistress.ts";
import { watchBuckets } from "./watchBuckets.ts";

/** Sets the mark: the one place where that is done. What waits for it happens later in the command: orders fire, then `serveMoved`. */
export function setMark(tier: TierShard, market: Market, mark: Ticks): void {
  const { arena } = tier;
  arena.setInt(market.row, MARKET.mark, mark);
  arena.setNum(market.row, MARKET.lotValue, lotValueAt(mark, market.notional));
}

/** Liquidates those whom a mark that moved has endangered. @returns how many buckets of the tier are in distress afterwards */
export function serveMoved(venue: Venue, tier: TierShard, market: Market): number {
  watchBuckets(venue, tier, market);
  return serveDistress(venue, tier);
}

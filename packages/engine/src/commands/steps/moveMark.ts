/** A market's mark moves, whoever moves it. */
import type { Ticks } from "../../kernel/units.ts";
import { lotValueAt } from "../../kernel/value.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { MAX_TRIGGERS } from "../../domain/limits.ts";
import { fireDueOrders } from "./fireOrder.ts";
import { guardMarket } from "./guardMarket.ts";
import { noteLosses } from "./noteLosses.ts";
import { serveDistress } from "./serveDistress.ts";
import { watchBuckets } from "./watchBuckets.ts";

/** Sets the mark: the one place where that is done. What waits for it happens later in the command: `followMark`. */
export function setMark(tier: TierShard, market: Market, mark: Ticks): void {
  const { arena } = tier;
  arena.setInt(market.row, MARKET.mark, mark);
  arena.setNum(market.row, MARKET.lotValue, lotValueAt(mark, market.notional));
}

/** What follows from a mark that moved, and how much of it happened. */
export interface Followed {
  readonly triggered: number;
  readonly inDistress: number;
}

/** The breaker looks at a price just set, orders that waited for it fire, and whom it endangers is liquidated. */
export function followMark(venue: Venue, tier: TierShard, market: Market): Followed {
  guardMarket(venue, tier, market, true);
  const triggered = fireDueOrders(venue, tier, market, MAX_TRIGGERS);
  watchBuckets(venue, tier, market);
  const inDistress = serveDistress(venue, tier);
  noteLosses(venue, tier);
  return { triggered, inDistress };
}

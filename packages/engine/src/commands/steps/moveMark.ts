/** A market's mark moves: everything that waits for a price happens here, whoever moved it. */
import { lotValueAt } from "../../kernel/value.ts";
import type { Ticks } from "../../kernel/units.ts";
import { MAX_TRIGGERS } from "../../domain/limits.ts";
import { MARKET } from "../../domain/rows.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { fireDueOrders } from "./fireOrder.ts";
import { guardMarket } from "./guardMarket.ts";
import { noteLosses } from "./noteLosses.ts";
import { serveDistress } from "./serveDistress.ts";
import { watchBuckets } from "./watchBuckets.ts";

/** Sets the mark, fires the waiting orders it reaches, then liquidates those it has endangered. */
export function moveMark(venue: Venue, tier: TierShard, market: Market, mark: Ticks): OutcomeCode {
  const { arena } = tier;
  arena.setInt(market.row, MARKET.mark, mark);
  arena.setNum(market.row, MARKET.lotValue, lotValueAt(mark, market.notional));
  guardMarket(venue, tier, market, true);
  const triggered = fireDueOrders(venue, tier, market, MAX_TRIGGERS);
  watchBuckets(venue, tier, market);
  const inDistress = serveDistress(venue, tier);
  noteLosses(venue, tier);
  return venue.accept(triggered, inDistress);
}

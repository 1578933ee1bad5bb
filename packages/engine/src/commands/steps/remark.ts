/** A market's mark is made anew from its index and its book. */
import { EVENTS } from "../../domain/events.ts";
import { STATUS } from "../../domain/parameters.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { isSampled, markOf, sample } from "../../oracle/mark.ts";
import { setMark } from "./moveMark.ts";

const MOVED = EVENTS.markMoved.code;

/** Looks at the book, if the market does, and sets the mark; what it reaches fires later in the command. */
export function remark(venue: Venue, tier: TierShard, market: Market): void {
  const { arena } = tier;
  const index = arena.int(market.row, MARKET.index);
  if (index === 0) return;
  if (!isSampled(tier, market)) {
    setMark(tier, market, index);
    return;
  }
  sample(tier, market, venue.now);
  const mark = markOf(tier, market, venue.now);
  if (mark === arena.int(market.row, MARKET.mark)) return;
  setMark(tier, market, mark);
  venue.events.emit(MOVED, market.id, mark, index);
}

/** Does so for every market of a tier that looks at its book and has no final price. */
export function remarkSampled(venue: Venue, tier: TierShard): void {
  for (let id = 1; id <= tier.marketCount; id++) {
    const market = tier.listedMarket(id);
    if (!isSampled(tier, market) || tier.arena.int(market.row, MARKET.status) === STATUS.settled) continue;
    remark(venue, tier, market);
  }
}

/** What the quality of a market's price forbids is refused, with how bad and how old the price is. */
import { FEED_KIND } from "../../domain/commands.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { FEED } from "../../domain/rows/oracle.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";

/** Refuses if the market forbids any of the actions: bits of `FORBID`. */
export function checkPermit(venue: Venue, tier: TierShard, market: Market, actions: number): OutcomeCode {
  const forbids = tier.arena.int(market.row, MARKET.forbids);
  if ((forbids & actions) === 0) return ACCEPTED;
  const feed = tier.feed(tier.feedOf(FEED_KIND.market, market.id));
  const quality = tier.arena.int(feed, FEED.quality);
  return venue.refuse("price_forbids", quality, tier.arena.num(feed, FEED.age), forbids);
}

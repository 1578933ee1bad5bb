/** A market's index price moves, its mark with it, and waiting orders whose trigger is reached execute, and whom it endangers is liquidated. */
import { FEED_KIND, UPDATE_INDEX_PRICE } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { STATUS } from "../domain/parameters.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { MARKET } from "../domain/rows/market.ts";
import { FEED } from "../domain/rows/oracle.ts";
import type { Venue } from "../domain/venue.ts";
import { enterMarket, enterTier } from "./steps/lookUp.ts";
import { followMark } from "./steps/moveMark.ts";
import { remark } from "./steps/remark.ts";

const { at } = UPDATE_INDEX_PRICE;

export function updateIndexPrice(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const marketId = word(command, at.market);
  const market = enterMarket(venue, tier, marketId);
  if (market === undefined) return venue.refuse("market_unknown", marketId);
  const { arena } = tier;
  if (arena.int(market.row, MARKET.status) === STATUS.settled)
    return venue.refuse("market_is_settled", marketId);
  if (arena.int(tier.feed(tier.feedOf(FEED_KIND.market, marketId)), FEED.quorum) !== 0)
    return venue.refuse("price_comes_from_reporters", FEED_KIND.market, marketId);
  const price = word(command, at.price);
  if (price > market.highest) return venue.refuse("price_outside_range", price, market.highest);

  arena.setInt(market.row, MARKET.index, price);
  remark(venue, tier, market);
  const { triggered, inDistress } = followMark(venue, tier, market);
  return venue.accept(triggered, inDistress);
}

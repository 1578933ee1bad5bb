/**
 * A dated future has expired: its final price is fixed, and from now on positions only settle. It is the average that its reporters made over
 * the last half hour, or what the operator says if nobody reports it.
 */
import { nearestTick } from "../kernel/points.ts";
import { type Ms, NONE, type Ticks } from "../kernel/units.ts";
import { CONTRACT, EXPIRE_MARKET, FEED_KIND } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { STATUS } from "../domain/parameters.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { MARKET } from "../domain/rows/market.ts";
import { noteAllUnsettled } from "../domain/unsettled.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { indexOf, isSettledByReporters } from "../oracle/mark.ts";
import { fillSlots, windowAverage } from "../oracle/settlementWindow.ts";
import { enterMarket, enterTier } from "./steps/lookUp.ts";
import { setMark } from "./steps/moveMark.ts";

const { at } = EXPIRE_MARKET;

export function expireMarket(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const marketId = word(command, at.market);
  const market = enterMarket(venue, tier, marketId);
  if (market === undefined) return venue.refuse("market_unknown", marketId);
  const { arena } = tier;
  const { row } = market;
  if (arena.int(row, MARKET.contract) === CONTRACT.perpetual)
    return venue.refuse("market_is_perpetual", marketId);
  if (arena.int(row, MARKET.status) === STATUS.settled) return venue.refuse("market_is_settled", marketId);
  const expiry = arena.num(row, MARKET.expiry);
  if (venue.now < expiry) return venue.refuse("market_not_expired", expiry, venue.now);
  const named = word(command, at.price);
  const isMade = isSettledByReporters(tier, market);
  if (isMade && named !== 0) return venue.refuse("price_comes_from_reporters", FEED_KIND.market, marketId);
  const price = isMade ? finalPrice(tier, market, venue.now) : named;
  if (price === 0) return venue.refuse("price_absent", marketId);
  if (price > market.highest) return venue.refuse("price_outside_range", price, market.highest);

  arena.setInt(row, MARKET.status, STATUS.settled);
  arena.setInt(row, MARKET.trading, STATUS.settled);
  setMark(tier, market, price);
  noteAllUnsettled(tier);
  return venue.accept(price);
}

/** The average of the index over the last half hour; 0 if nobody ever told it. */
function finalPrice(tier: TierShard, market: Market, now: Ms): Ticks {
  const index = indexOf(tier, market);
  if (index === 0) return NONE;
  fillSlots(tier, market, index, now);
  return nearestTick(windowAverage(tier, market, index), market.highest);
}

/** A dated future has expired: its final price is fixed, and from now on positions only settle. */
import { lotValueAt } from "../kernel/value.ts";
import { CONTRACT, EXPIRE_MARKET } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { STATUS } from "../domain/parameters.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { MARKET } from "../domain/rows.ts";
import { noteAllUnsettled } from "../domain/unsettled.ts";
import type { Venue } from "../domain/venue.ts";
import { enterMarket, enterTier } from "./steps/lookUp.ts";

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
  const price = word(command, at.price);
  if (price > market.highest) return venue.refuse("price_outside_range", price, market.highest);

  arena.setInt(row, MARKET.status, STATUS.settled);
  arena.setInt(row, MARKET.trading, STATUS.settled);
  arena.setInt(row, MARKET.mark, price);
  arena.setNum(row, MARKET.lotValue, lotValueAt(price, market.notional));
  noteAllUnsettled(tier);
  return venue.accept(price);
}

/** Funding accrues for one interval: the market's index moves, and each position settles its share when it is next touched. */
import { BREAKER } from "../domain/breaker.ts";
import { ACCRUE_FUNDING, CONTRACT } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { STATUS } from "../domain/parameters.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { GUARD, MARKET } from "../domain/rows.ts";
import { tradingState } from "../domain/trading.ts";
import type { Venue } from "../domain/venue.ts";
import { accrued, indexLimit } from "../clearing/funding.ts";
import { watchFunding } from "../risk/alarms.ts";
import { enterMarket, enterTier } from "./steps/lookUp.ts";

const { at } = ACCRUE_FUNDING;

export function accrueFunding(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const marketId = word(command, at.market);
  const market = enterMarket(venue, tier, marketId);
  if (market === undefined) return venue.refuse("market_unknown", marketId);
  const { arena } = tier;
  const { row } = market;
  const due =
    arena.int(row, MARKET.contract) === CONTRACT.perpetual && arena.int(row, MARKET.status) <= STATUS.halted;
  if (!due) return venue.refuse("funding_not_due", marketId);
  if (arena.num(tier.guard(marketId), GUARD.level) === BREAKER.halt)
    return venue.refuse("trading_paused", tradingState(arena, row));
  if (arena.int(row, MARKET.mark) === 0) return venue.refuse("price_absent", marketId);
  const rate = word(command, at.rate);
  const cap = arena.int(row, MARKET.fundingCap);
  if (Math.abs(rate) > cap) return venue.refuse("funding_above_cap", rate, cap);
  const index = accrued(arena, market, rate);
  if (index === undefined) {
    return venue.refuse("funding_index_exhausted", arena.num(row, MARKET.fundingIndex), indexLimit(market));
  }

  arena.setNum(row, MARKET.fundingIndex, index);
  watchFunding(tier, market);
  return venue.accept(index);
}

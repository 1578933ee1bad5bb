/**
 * Funding accrues for one interval: the market's index moves, and each position settles its share when it is next touched. The operator names
 * the rate, or the market has measured it.
 */
import { plus, times } from "../kernel/checked.ts";
import type { Ppb } from "../kernel/units.ts";
import { ACCRUE_FUNDING, CONTRACT } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { STATUS } from "../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { FORBID } from "../domain/permits.ts";
import { MARKET } from "../domain/rows/market.ts";
import { MARK } from "../domain/rows/oracle.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { tradingState } from "../domain/trading.ts";
import type { Venue } from "../domain/venue.ts";
import { accrued, indexLimit } from "../clearing/funding.ts";
import { isPaused } from "../guard/signals.ts";
import { watchFunding } from "../risk/alarms.ts";
import { averagePremium, beginInterval, measuredRate } from "../oracle/premium.ts";
import { checkPermit } from "./steps/checkPermit.ts";
import { enterMarket, enterTier } from "./steps/lookUp.ts";

const { at } = ACCRUE_FUNDING;
const MEASURED = EVENTS.fundingMeasured.code;

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
  if (isPaused(arena, tier.guard(marketId))) return venue.refuse("trading_paused", tradingState(arena, row));
  if (arena.int(row, MARKET.mark) === 0) return venue.refuse("price_absent", marketId);
  const barred = checkPermit(venue, tier, market, FORBID.fund);
  if (barred !== ACCEPTED) return barred;
  const isMeasured = arena.int(tier.mark(marketId), MARK.fundingInterval) !== 0;
  const refusal = isMeasured ? checkInterval(venue, tier, market) : ACCEPTED;
  if (refusal !== ACCEPTED) return refusal;
  const rate = isMeasured ? measuredRate(tier, market) : word(command, at.rate);
  const cap = arena.int(row, MARKET.fundingCap);
  if (Math.abs(rate) > cap) return venue.refuse("funding_above_cap", rate, cap);
  const index = accrued(arena, market, rate);
  if (index === undefined) {
    return venue.refuse("funding_index_exhausted", arena.num(row, MARKET.fundingIndex), indexLimit(market));
  }

  arena.setNum(row, MARKET.fundingIndex, index);
  watchFunding(tier, market);
  if (isMeasured) endInterval(venue, tier, market, rate);
  return venue.accept(index);
}

/** Who measures needs no rate, and waits for the end of the interval. */
function checkInterval(venue: Venue, tier: TierShard, market: Market): OutcomeCode {
  const rate = word(venue.command, at.rate);
  if (rate !== 0) return venue.refuse("funding_rate_is_measured", rate);
  const due = tier.arena.num(tier.mark(market.id), MARK.fundingDue);
  return venue.now < due ? venue.refuse("funding_before_due", due, venue.now) : ACCEPTED;
}

/** The next interval begins where the last one ended; intervals that nobody closed are not made up for. */
function endInterval(venue: Venue, tier: TierShard, market: Market, rate: Ppb): void {
  const { arena } = tier;
  const row = tier.mark(market.id);
  const interval = arena.int(row, MARK.fundingInterval);
  const due = arena.num(row, MARK.fundingDue);
  const samples = arena.int(row, MARK.samples);
  venue.events.emit(MEASURED, market.id, rate, averagePremium(tier, market), samples);
  const passed = Math.floor((venue.now - due) / interval) + 1;
  beginInterval(tier, market, rate, plus(due, times(interval, passed)));
}

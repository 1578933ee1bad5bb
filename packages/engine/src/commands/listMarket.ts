/**
 * List a market in a tier: its contract, price range, margin schedule, fees and limits.
 *
 * The limits on size are checked against the value a lot can ever have, at the top of the price range: that is what keeps every
 * later sum exact (docs/spec/numbers.md#headroom).
 */
import { ticksOf } from "../kernel/ladder.ts";
import type { MicroUsd } from "../kernel/units.ts";
import { lotValueAt } from "../kernel/value.ts";
import { CONTRACT, LIST_MARKET } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { DEFAULT_MAX_ORDERS, STATUS } from "../domain/parameters.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { MARKET, TIER } from "../domain/rows.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { areOpenInterestBounds, openInterestAllowed, positionAllowed } from "../risk/listing.ts";
import { enterTier } from "./steps/lookUp.ts";
import { renewTerms } from "./steps/renewTerms.ts";

const { at } = LIST_MARKET;

export function listMarket(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const id = tier.marketCount + 1;
  if (id > tier.capacities.markets) return venue.refuse("market_capacity_reached", tier.capacities.markets);

  const contract = word(command, at.contract);
  const expiry = word(command, at.expiry);
  const expires = expiry > venue.now;
  if (contract === CONTRACT.future ? !expires : expiry !== 0)
    return venue.refuse("expiry_absent", contract, expiry);
  const margin = word(command, at.initialMargin);
  const least = tier.arena.int(tier.row, TIER.minInitialMargin);
  if (margin < least) return venue.refuse("margin_below_tier", margin, least);

  const bits = word(command, at.rangeBits);
  const ticks = ticksOf(bits);
  const ceiling = lotValueAt(ticks, word(command, at.notional));
  const position = word(command, at.maxPositionLots);
  if (position > positionAllowed(ceiling))
    return venue.refuse("position_value_cap", position, positionAllowed(ceiling));
  const openInterest = word(command, at.maxOpenInterestLots);
  const allowed = openInterestAllowed(ceiling);
  if (openInterest > allowed) return venue.refuse("open_interest_value_cap", openInterest, allowed);
  const makerFee = word(command, at.makerFee);
  const takerFee = word(command, at.takerFee);
  if (makerFee + takerFee < 0) return venue.refuse("rebate_above_fee", makerFee, takerFee);
  const lower = word(command, at.oiLower);
  const upper = word(command, at.oiUpper);
  if (!areOpenInterestBounds(lower, upper)) return venue.refuse("open_interest_bounds", lower, upper);
  if (ticks > tier.freeTicks) return venue.refuse("ladder_capacity_reached", ticks, tier.freeTicks);

  write(venue, tier, id, ceiling, bits);
  return venue.accept(id);
}

function write(venue: Venue, tier: TierShard, id: number, ceiling: MicroUsd, bits: number): void {
  const { command } = venue;
  const { arena } = tier;
  const row = tier.marketRow(id);
  arena.setInt(row, MARKET.contract, word(command, at.contract));
  arena.setInt(row, MARKET.status, STATUS.open);
  arena.setInt(row, MARKET.rangeBits, bits);
  arena.setInt(row, MARKET.ladders, arena.int(tier.row, TIER.ladderWords));
  arena.setInt(row, MARKET.maxOrders, DEFAULT_MAX_ORDERS);
  arena.setInt(row, MARKET.band, word(command, at.band));
  arena.setInt(row, MARKET.takerFee, word(command, at.takerFee));
  arena.setInt(row, MARKET.makerFee, word(command, at.makerFee));
  arena.setInt(row, MARKET.initialMargin, word(command, at.initialMargin));
  arena.setInt(row, MARKET.maintenanceRatio, word(command, at.maintenanceRatio));
  arena.setInt(row, MARKET.fundingCap, word(command, at.fundingCap));
  arena.setNum(row, MARKET.notional, word(command, at.notional));
  arena.setNum(row, MARKET.ceiling, ceiling);
  arena.setNum(row, MARKET.expiry, word(command, at.expiry));
  arena.setNum(row, MARKET.scaleBase, word(command, at.scaleBase));
  arena.setNum(row, MARKET.oiLower, word(command, at.oiLower));
  arena.setNum(row, MARKET.oiUpper, word(command, at.oiUpper));
  arena.setNum(row, MARKET.maxPositionLots, word(command, at.maxPositionLots));
  arena.setNum(row, MARKET.maxOpenInterestLots, word(command, at.maxOpenInterestLots));
  arena.setInt(tier.row, TIER.ladderTicks, arena.int(tier.row, TIER.ladderTicks) + ticksOf(bits));
  arena.setInt(tier.row, TIER.ladderWords, arena.int(tier.row, TIER.ladderWords) + tier.wordsOfLadders(bits));
  arena.setInt(tier.row, TIER.markets, id);
  venue.marketInUse = id;
  renewTerms(tier, tier.listedMarket(id), venue.now);
}

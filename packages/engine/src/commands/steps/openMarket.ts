/**
 * A market is listed: its contract, price range, margin schedule, fees and limits.
 *
 * The limits on size are checked against the value a lot can ever have, at the top of the price range: that is what keeps every
 * later sum exact (docs/spec/numbers.md#headroom).
 */
import { ticksOf } from "../../kernel/ladder.ts";
import type { MicroUsd } from "../../kernel/units.ts";
import { lotValueAt } from "../../kernel/value.ts";
import { CONTRACT, LIST_MARKET } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import { DEFAULT_MAX_ORDERS, STATUS } from "../../domain/parameters.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { areOpenInterestBounds, openInterestAllowed, positionAllowed } from "../../risk/listing.ts";
import { renewTerms } from "./renewTerms.ts";

const { at } = LIST_MARKET;

/** Tells the rest of a `listMarket`, given in `frame`. */
export function openMarket(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const id = tier.marketCount + 1;
  if (id > tier.capacities.markets) return venue.refuse("market_capacity_reached", tier.capacities.markets);

  const contract = word(frame, at.contract);
  const expiry = word(frame, at.expiry);
  const expires = expiry > venue.now;
  if (contract === CONTRACT.future ? !expires : expiry !== 0)
    return venue.refuse("expiry_absent", contract, expiry);
  const margin = word(frame, at.initialMargin);
  const least = tier.arena.int(tier.row, TIER.minInitialMargin);
  if (margin < least) return venue.refuse("margin_below_tier", margin, least);

  const bits = word(frame, at.rangeBits);
  const ticks = ticksOf(bits);
  const ceiling = lotValueAt(ticks, word(frame, at.notional));
  const position = word(frame, at.maxPositionLots);
  if (position > positionAllowed(ceiling))
    return venue.refuse("position_value_cap", position, positionAllowed(ceiling));
  const openInterest = word(frame, at.maxOpenInterestLots);
  const allowed = openInterestAllowed(ceiling);
  if (openInterest > allowed) return venue.refuse("open_interest_value_cap", openInterest, allowed);
  const makerFee = word(frame, at.makerFee);
  const takerFee = word(frame, at.takerFee);
  if (makerFee + takerFee < 0) return venue.refuse("rebate_above_fee", makerFee, takerFee);
  const lower = word(frame, at.oiLower);
  const upper = word(frame, at.oiUpper);
  if (!areOpenInterestBounds(lower, upper)) return venue.refuse("open_interest_bounds", lower, upper);
  if (ticks > tier.freeTicks) return venue.refuse("ladder_capacity_reached", ticks, tier.freeTicks);

  write(venue, tier, frame, id, ceiling, bits);
  return venue.accept(id);
}

function write(
  venue: Venue,
  tier: TierShard,
  frame: Float64Array,
  id: number,
  ceiling: MicroUsd,
  bits: number,
): void {
  const { arena } = tier;
  const row = tier.marketRow(id);
  arena.setInt(row, MARKET.contract, word(frame, at.contract));
  arena.setInt(row, MARKET.status, STATUS.open);
  arena.setInt(row, MARKET.rangeBits, bits);
  arena.setInt(row, MARKET.ladders, arena.int(tier.row, TIER.ladderWords));
  arena.setInt(row, MARKET.maxOrders, DEFAULT_MAX_ORDERS);
  arena.setInt(row, MARKET.band, word(frame, at.band));
  arena.setInt(row, MARKET.takerFee, word(frame, at.takerFee));
  arena.setInt(row, MARKET.makerFee, word(frame, at.makerFee));
  arena.setInt(row, MARKET.initialMargin, word(frame, at.initialMargin));
  arena.setInt(row, MARKET.maintenanceRatio, word(frame, at.maintenanceRatio));
  arena.setInt(row, MARKET.fundingCap, word(frame, at.fundingCap));
  arena.setNum(row, MARKET.notional, word(frame, at.notional));
  arena.setNum(row, MARKET.ceiling, ceiling);
  arena.setNum(row, MARKET.expiry, word(frame, at.expiry));
  arena.setNum(row, MARKET.scaleBase, word(frame, at.scaleBase));
  arena.setNum(row, MARKET.oiLower, word(frame, at.oiLower));
  arena.setNum(row, MARKET.oiUpper, word(frame, at.oiUpper));
  arena.setNum(row, MARKET.maxPositionLots, word(frame, at.maxPositionLots));
  arena.setNum(row, MARKET.maxOpenInterestLots, word(frame, at.maxOpenInterestLots));
  arena.setNum(row, MARKET.openInterestLimit, word(frame, at.maxOpenInterestLots));
  arena.setInt(tier.row, TIER.ladderTicks, arena.int(tier.row, TIER.ladderTicks) + ticksOf(bits));
  arena.setInt(tier.row, TIER.ladderWords, arena.int(tier.row, TIER.ladderWords) + tier.wordsOfLadders(bits));
  arena.setInt(tier.row, TIER.markets, id);
  venue.marketInUse = id;
  renewTerms(tier, tier.listedMarket(id), venue.now);
}

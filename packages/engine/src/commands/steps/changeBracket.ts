/** A bracket of a market's margin schedule is set, or the last one removed (rate 0). Brackets rise in notional and in rate. */
import type { MicroUsd, Ppm } from "../../kernel/units.ts";
import { bracketLowerOf, bracketRateOf } from "../../domain/brackets.ts";
import { SET_MARGIN_BRACKET } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { noteAllUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { flatNotional } from "../../risk/margin.ts";
import { enterMarket } from "./lookUp.ts";

const { at } = SET_MARGIN_BRACKET;

/** Tells the rest of a `setMarginBracket`, given in `frame`. */
export function changeBracket(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const marketId = word(frame, at.market);
  const market = enterMarket(venue, tier, marketId);
  if (market === undefined) return venue.refuse("market_unknown", marketId);
  const bracket = word(frame, at.bracket);
  const lower = word(frame, at.lower);
  const rate = word(frame, at.rate);
  if (!fits(tier, market, bracket, lower, rate)) return venue.refuse("bracket_order", lower, rate);

  const { arena } = tier;
  const { row } = market;
  arena.setNum(row, bracketLowerOf(bracket), lower);
  arena.setInt(row, bracketRateOf(bracket), rate);
  const count = arena.int(row, MARKET.brackets);
  arena.setInt(row, MARKET.brackets, rate === 0 ? bracket - 1 : Math.max(count, bracket));
  arena.setNum(row, MARKET.flatNotional, flatNotional(arena, market));
  noteAllUnsettled(tier);
  return venue.accept();
}

/** Between its neighbours in notional and rate, right after the last one at most; removal only from the end. */
function fits(tier: TierShard, market: Market, bracket: number, lower: MicroUsd, rate: Ppm): boolean {
  const { arena } = tier;
  const { row } = market;
  const count = arena.int(row, MARKET.brackets);
  if (rate === 0) return bracket === count && lower === 0;
  if (bracket > count + 1) return false;
  const lowerBelow = bracket === 1 ? 0 : arena.num(row, bracketLowerOf(bracket - 1));
  const rateBelow =
    bracket === 1 ? arena.int(row, MARKET.initialMargin) : arena.int(row, bracketRateOf(bracket - 1));
  if (lower <= lowerBelow || rate <= rateBelow) return false;
  return (
    bracket >= count ||
    (lower < arena.num(row, bracketLowerOf(bracket + 1)) && rate < arena.int(row, bracketRateOf(bracket + 1)))
  );
}

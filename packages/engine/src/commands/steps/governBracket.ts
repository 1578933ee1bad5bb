/** A margin bracket is set as it was proposed: more margin for somebody at once, less by a bounded step a week. */
import { bracketLowerOf, bracketRateOf } from "../../domain/brackets.ts";
import { SET_MARGIN_BRACKET } from "../../domain/commands.ts";
import { bracketControlOf } from "../../domain/controls.ts";
import { word } from "../../domain/frame.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { CONTROL } from "../../domain/rows/governance.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { isBracketStep } from "../../governance/bounds.ts";
import { changeBracket } from "./changeBracket.ts";
import { enterMarket } from "./lookUp.ts";
import { wrapRefusal } from "./wrapRefusal.ts";
import { checkInterval, stressed } from "./loosen.ts";

export function governBracket(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const { at } = SET_MARGIN_BRACKET;
  const { arena } = tier;
  const marketId = word(frame, at.market);
  const market = enterMarket(venue, tier, marketId);
  const bracket = word(frame, at.bracket);
  const isThere = market !== undefined && bracket <= arena.int(market.row, MARKET.brackets);
  if (market === undefined || !isThere) return wrapRefusal(venue, changeBracket(venue, tier, frame));

  const lower = arena.num(market.row, bracketLowerOf(bracket));
  const rate = arena.int(market.row, bracketRateOf(bracket));
  const newLower = word(frame, at.lower);
  const newRate = word(frame, at.rate);
  const isRemoval = newRate === 0;
  const tightens = !isRemoval && newLower <= lower && newRate >= rate;
  if (tightens) return wrapRefusal(venue, changeBracket(venue, tier, frame));
  const control = bracketControlOf(tier.controls, marketId, bracket);
  const tooSoon = checkInterval(venue, arena, control);
  if (tooSoon !== ACCEPTED) return tooSoon;
  const below =
    bracket === 1
      ? arena.int(market.row, MARKET.initialMargin)
      : arena.int(market.row, bracketRateOf(bracket - 1));
  // To remove a bracket is to give what lies in it the rate of the one below.
  const fits = isRemoval
    ? isBracketStep(lower, rate, lower, below)
    : isBracketStep(lower, rate, newLower, newRate);
  if (!fits) return venue.refuse("change_too_large", newRate, rate);
  arena.setNum(control, CONTROL.loosenedAt, venue.now);
  return stressed(venue, tier, false, () => changeBracket(venue, tier, frame));
}

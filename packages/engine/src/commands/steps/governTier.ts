/**
 * A tier's governance carries out what was proposed: a parameter, a bracket, a market, collateral. Whatever is not tightening is bounded in
 * its step, kept apart from the last one by a week, and must not leave more uncovered in the stress check.
 */
import {
  ACCEPT_COLLATERAL,
  APPOINT_BACKSTOP,
  CONFIGURE_BREAKER,
  CONFIGURE_FEED,
  CONFIGURE_POSTURE,
  CONFIGURE_REDEMPTION,
  LIST_MARKET,
  REGISTER_REPORTER,
  SET_MARGIN_BRACKET,
  SET_PARAMETER,
} from "../../domain/commands.ts";
import { CODE, word } from "../../domain/frame.ts";
import { STATUS } from "../../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { COLLATERAL } from "../../domain/rows/tier.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { checkMarketEnvelope } from "./checkEnvelope.ts";
import { openMarket } from "./openMarket.ts";
import { renewTerms } from "./renewTerms.ts";
import { takeBackstop } from "./takeBackstop.ts";
import { takeBreaker } from "./takeBreaker.ts";
import { takeCollateral } from "./takeCollateral.ts";
import { takeFeed } from "./takeFeed.ts";
import { takeFundTerms } from "./takeFundTerms.ts";
import { takePosture } from "./takePosture.ts";
import { takeRedemption } from "./takeRedemption.ts";
import { takeReporter } from "./takeReporter.ts";
import { wrapRefusal } from "./wrapRefusal.ts";
import { governBracket } from "./governBracket.ts";
import { governParameter } from "./governParameter.ts";

/** Carries out a command that `proposable` allows a tier; a refusal of the change itself is told as `change_refused`. */
export function governTier(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  switch (word(frame, CODE)) {
    case LIST_MARKET.code:
      return listProposed(venue, tier, frame);
    case ACCEPT_COLLATERAL.code:
      return acceptProposed(venue, tier, frame);
    case SET_MARGIN_BRACKET.code:
      return governBracket(venue, tier, frame);
    case SET_PARAMETER.code:
      return governParameter(venue, tier, frame);
    default:
      return wrapRefusal(venue, configure(venue, tier, frame));
  }
}

/** What has no order from loose to tight: it is announced, and bounded by its fields alone. */
function configure(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  switch (word(frame, CODE)) {
    case REGISTER_REPORTER.code:
      return takeReporter(venue, tier, frame);
    case CONFIGURE_FEED.code:
      return takeFeed(venue, tier, frame);
    case CONFIGURE_REDEMPTION.code:
      return takeRedemption(venue, tier, frame);
    case CONFIGURE_BREAKER.code:
      return takeBreaker(venue, tier, frame);
    case CONFIGURE_POSTURE.code:
      return takePosture(venue, tier, frame);
    case APPOINT_BACKSTOP.code:
      return takeBackstop(venue, tier, frame);
    default:
      return takeFundTerms(venue, tier, frame);
  }
}

/** A market that a sealed tier lists lies in the envelope and begins reduce-only: opening it is another proposal. */
function listProposed(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const outcome = openMarket(venue, tier, frame);
  if (outcome !== ACCEPTED) return wrapRefusal(venue, outcome);
  const market = tier.listedMarket(tier.marketCount);
  const breach = checkMarketEnvelope(venue, tier, market.id);
  if (breach !== ACCEPTED) return wrapRefusal(venue, breach);
  tier.arena.setInt(market.row, MARKET.status, STATUS.reduceOnly);
  renewTerms(tier, market, venue.now);
  return venue.accept(market.id);
}

function acceptProposed(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const asset = word(frame, ACCEPT_COLLATERAL.at.asset);
  if (tier.arena.int(tier.collateral(asset), COLLATERAL.accepted) === 1)
    return venue.refuse("collateral_listed", asset);
  return wrapRefusal(venue, takeCollateral(venue, tier, frame));
}

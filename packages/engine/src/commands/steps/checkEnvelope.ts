/** Whether all parameters of a subject lie in the ranges of sealed tiers. */
import { readParameter } from "../../domain/parameterCells.ts";
import { PARAMETERS, type ParameterName, STATUS, specOf } from "../../domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { COLLATERAL } from "../../domain/rows/tier.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";

export function checkTierEnvelope(venue: Venue, tier: TierShard): OutcomeCode {
  return checkLevel(venue, tier, "tier", 0);
}

/** A settled market is history: it may be as it is. */
export function checkMarketEnvelope(venue: Venue, tier: TierShard, market: number): OutcomeCode {
  if (tier.arena.int(tier.marketRow(market), MARKET.status) === STATUS.settled) return ACCEPTED;
  return checkLevel(venue, tier, "market", market);
}

export function checkCollateralEnvelope(venue: Venue, tier: TierShard, asset: number): OutcomeCode {
  if (tier.arena.int(tier.collateral(asset), COLLATERAL.accepted) === 0) return ACCEPTED;
  return checkLevel(venue, tier, "collateral", asset);
}

function checkLevel(venue: Venue, tier: TierShard, level: string, subject: number): OutcomeCode {
  for (const name of Object.keys(PARAMETERS) as ParameterName[]) {
    const { id, envelope, level: own } = specOf(name);
    if (own !== level) continue;
    const value = readParameter(tier, name, subject);
    if (value < envelope[0] || value > envelope[1])
      return venue.refuse("envelope_breached", subject, id, value);
  }
  return ACCEPTED;
}

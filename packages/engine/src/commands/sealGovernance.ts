/** End a shard's set-up for good: from now on its parameters change by proposal, by stewards and breakers within their limits. */
import { SEAL_GOVERNANCE } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { isSealed } from "../domain/governance.ts";
import { QUOTE_ASSET } from "../domain/limits.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { GOVERNANCE } from "../domain/rows/governance.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { isThreshold, signersOf } from "../governance/members.ts";
import { checkCollateralEnvelope, checkMarketEnvelope, checkTierEnvelope } from "./steps/checkEnvelope.ts";
import { enterShard } from "./steps/lookUp.ts";

const { at } = SEAL_GOVERNANCE;

export function sealGovernance(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const shard = enterShard(venue, tierId);
  if (shard === undefined) return venue.refuse("tier_unknown", tierId);
  if (isSealed(shard)) return venue.refuse("governance_sealed", tierId);
  const threshold = word(command, at.threshold);
  const signers = signersOf(shard);
  if (!isThreshold(threshold, signers)) return venue.refuse("threshold_bounds", threshold, signers);
  const tier = venue.tier(tierId);
  const breach = tierId === 0 || tier === undefined ? ACCEPTED : checkEnvelope(venue, tier);
  if (breach !== ACCEPTED) return breach;

  const { arena, governance } = shard;
  const timelock = word(command, at.timelock);
  arena.setNum(governance.row, GOVERNANCE.sealed, 1);
  arena.setNum(governance.row, GOVERNANCE.threshold, threshold);
  arena.setNum(governance.row, GOVERNANCE.timelock, timelock);
  venue.events.emit(EVENTS.governanceSet.code, tierId, threshold, timelock);
  return venue.accept(signers);
}

/** Everything in the tier must lie where governance could have put it. */
function checkEnvelope(venue: Venue, tier: TierShard): OutcomeCode {
  let breach = checkTierEnvelope(venue, tier);
  for (let market = 1; market <= tier.marketCount && breach === ACCEPTED; market++)
    breach = checkMarketEnvelope(venue, tier, market);
  for (let asset = QUOTE_ASSET + 1; asset <= venue.vault.assetCount && breach === ACCEPTED; asset++)
    breach = checkCollateralEnvelope(venue, tier, asset);
  return breach;
}

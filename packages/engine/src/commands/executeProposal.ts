/**
 * Execute a proposal: anyone may, once its timelock is over and enough approvals are valid. The command is carried out as it was proposed,
 * within the bounds that hold for every change of a sealed shard.
 */
import {
  APPOINT_MEMBER,
  CHANGE_THRESHOLD,
  EXECUTE_PROPOSAL,
  LIST_ASSET,
  LIST_TIER,
} from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { CODE, word } from "../domain/frame.ts";
import { type GovernedShard, proposalOf } from "../domain/governance.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { GOVERNANCE, PROPOSAL } from "../domain/rows/governance.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Venue } from "../domain/venue.ts";
import { appoint, isThreshold, signersOf } from "../governance/members.ts";
import { frameOf, neededApprovals, validApprovals } from "../governance/proposals.ts";
import { addAsset } from "./steps/addAsset.ts";
import { addTier } from "./steps/addTier.ts";
import { checkLapse, checkProposal } from "./steps/findProposal.ts";
import { governTier } from "./steps/governTier.ts";
import { enterShard } from "./steps/lookUp.ts";
import { takeFundTerms } from "./steps/takeFundTerms.ts";
import { wrapRefusal } from "./steps/wrapRefusal.ts";

const { at } = EXECUTE_PROPOSAL;

export function executeProposal(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tierId = word(command, at.tier);
  const shard = enterShard(venue, tierId);
  if (shard === undefined) return venue.refuse("tier_unknown", tierId);
  const proposal = word(command, at.proposal);
  const nonce = word(command, at.nonce);
  const refusal =
    checkProposal(venue, shard, tierId, proposal, nonce) ||
    checkLapse(venue, shard, proposal) ||
    checkTimelock(venue, shard, proposal) ||
    checkApprovals(venue, shard, proposal);
  if (refusal !== ACCEPTED) return refusal;

  const frame = frameOf(shard, tierId, proposal, venue.now);
  shard.arena.setInt(proposalOf(shard, proposal), PROPOSAL.open, 0);
  const outcome = carryOut(venue, shard, tierId, frame);
  if (outcome !== ACCEPTED) return outcome;
  const [result = 0] = venue.facts;
  const code = word(frame, CODE);
  venue.events.emit(EVENTS.proposalExecuted.code, tierId, proposal, nonce, code);
  return venue.accept(code, result);
}

function checkTimelock(venue: Venue, shard: GovernedShard, proposal: number): OutcomeCode {
  const eta = shard.arena.num(proposalOf(shard, proposal), PROPOSAL.eta);
  return venue.now >= eta ? ACCEPTED : venue.refuse("timelock_running", eta, venue.now);
}

function checkApprovals(venue: Venue, shard: GovernedShard, proposal: number): OutcomeCode {
  const row = proposalOf(shard, proposal);
  const approvals = validApprovals(shard, row);
  const needed = neededApprovals(shard, row);
  return approvals >= needed ? ACCEPTED : venue.refuse("approvals_missing", approvals, needed);
}

function carryOut(venue: Venue, shard: GovernedShard, tierId: number, frame: Float64Array): OutcomeCode {
  switch (word(frame, CODE)) {
    case APPOINT_MEMBER.code:
      return appointProposed(venue, shard, tierId, frame);
    case CHANGE_THRESHOLD.code:
      return changeProposed(venue, shard, tierId, frame);
    case LIST_ASSET.code:
      return wrapRefusal(venue, addAsset(venue, frame));
    case LIST_TIER.code:
      return wrapRefusal(venue, addTier(venue, frame));
    default:
      // The vault's governance decides on nothing else than the terms of the mutual fund.
      if (tierId === 0) return wrapRefusal(venue, takeFundTerms(venue, undefined, frame));
      return governTier(venue, venue.tier(tierId) as TierShard, frame);
  }
}

/** The threshold must remain more than half of the signers: neither lost ones nor new ones take it out of their hands. */
function appointProposed(
  venue: Venue,
  shard: GovernedShard,
  tierId: number,
  frame: Float64Array,
): OutcomeCode {
  const member = word(frame, APPOINT_MEMBER.at.member);
  const roles = word(frame, APPOINT_MEMBER.at.roles);
  const before = appoint(shard, member, roles);
  const refusal = checkThreshold(venue, shard);
  if (refusal !== ACCEPTED) return wrapRefusal(venue, refusal);
  venue.events.emit(EVENTS.memberAppointed.code, tierId, member, roles);
  return venue.accept(before);
}

function changeProposed(
  venue: Venue,
  shard: GovernedShard,
  tierId: number,
  frame: Float64Array,
): OutcomeCode {
  const { arena, governance } = shard;
  const before = arena.num(governance.row, GOVERNANCE.threshold);
  const threshold = word(frame, CHANGE_THRESHOLD.at.threshold);
  const timelock = word(frame, CHANGE_THRESHOLD.at.timelock);
  arena.setNum(governance.row, GOVERNANCE.threshold, threshold);
  arena.setNum(governance.row, GOVERNANCE.timelock, timelock);
  const refusal = checkThreshold(venue, shard);
  if (refusal !== ACCEPTED) return wrapRefusal(venue, refusal);
  venue.events.emit(EVENTS.governanceSet.code, tierId, threshold, timelock);
  return venue.accept(before);
}

function checkThreshold(venue: Venue, shard: GovernedShard): OutcomeCode {
  const threshold = shard.arena.num(shard.governance.row, GOVERNANCE.threshold);
  const signers = signersOf(shard);
  return isThreshold(threshold, signers) ? ACCEPTED : venue.refuse("threshold_bounds", threshold, signers);
}

/**
 * Approve a proposal. An approval is bound to the proposal's number and content and to the parameters it was signed under, and must arrive
 * within an hour: one signed for another day, another content or another state of the tier is worth nothing.
 */
import { plus } from "../kernel/checked.ts";
import { APPROVE } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { type GovernedShard, memberOf, proposalOf } from "../domain/governance.ts";
import { MAX_APPROVAL_LIFE, ROLE } from "../domain/governanceLimits.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { MEMBER, PROPOSAL } from "../domain/rows/governance.ts";
import type { Venue } from "../domain/venue.ts";
import { basisDigest } from "../governance/digests.ts";
import { hasRole, rolesOf } from "../governance/members.ts";
import { neededApprovals, recordApproval, validApprovals } from "../governance/proposals.ts";
import { checkLapse, checkProposal } from "./steps/findProposal.ts";
import { enterShard } from "./steps/lookUp.ts";

const { at } = APPROVE;

export function approve(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = word(command, at.tier);
  const shard = enterShard(venue, tier);
  if (shard === undefined) return venue.refuse("tier_unknown", tier);
  const proposal = word(command, at.proposal);
  const nonce = word(command, at.nonce);
  const member = word(command, at.member);
  const refusal =
    checkProposal(venue, shard, tier, proposal, nonce) ||
    checkLapse(venue, shard, proposal) ||
    checkVoter(venue, shard, member, nonce) ||
    checkBinding(venue, shard, proposal) ||
    checkTime(venue);
  if (refusal !== ACCEPTED) return refusal;

  const row = proposalOf(shard, proposal);
  recordApproval(shard, row, member, word(command, at.parameters));
  const approvals = validApprovals(shard, row);
  venue.events.emit(EVENTS.proposalApproved.code, tier, proposal, nonce, member, approvals);
  return venue.accept(approvals, neededApprovals(shard, row));
}

/** Votes are those of the day the proposal was made: who came later has none on it. */
function checkVoter(venue: Venue, shard: GovernedShard, member: number, nonce: number): OutcomeCode {
  if (!hasRole(shard, member, ROLE.signer))
    return venue.refuse("member_lacks_role", member, rolesOf(shard, member));
  const since = shard.arena.num(memberOf(shard, member), MEMBER.since);
  return since < nonce ? ACCEPTED : venue.refuse("member_too_new", since, nonce);
}

function checkBinding(venue: Venue, shard: GovernedShard, proposal: number): OutcomeCode {
  const { command } = venue;
  const { arena } = shard;
  const row = proposalOf(shard, proposal);
  const content = arena.num(row, PROPOSAL.content);
  if (word(command, at.content) !== content)
    return venue.refuse("content_differs", word(command, at.content), content);
  const basis = basisDigest(shard, arena.int(row, PROPOSAL.command));
  if (word(command, at.parameters) !== basis)
    return venue.refuse("parameters_differ", word(command, at.parameters), basis);
  return ACCEPTED;
}

function checkTime(venue: Venue): OutcomeCode {
  const expiry = word(venue.command, at.expiry);
  if (expiry < venue.now) return venue.refuse("approval_expired", expiry, venue.now);
  const latest = plus(venue.now, MAX_APPROVAL_LIFE);
  return expiry <= latest ? ACCEPTED : venue.refuse("approval_outlives", expiry, latest);
}

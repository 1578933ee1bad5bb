/**
 * Cancel a proposal: its proposer and every guardian can. One that takes a guardian's role away is not cancelled by guardians but contested:
 * then it needs every signer, so that neither a few signers get rid of a guardian nor a guardian stays against all of them.
 */
import { APPOINT_MEMBER, CANCEL_PROPOSAL } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { type GovernedShard, proposalOf } from "../domain/governance.ts";
import { ROLE } from "../domain/governanceLimits.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { PROPOSAL } from "../domain/rows/governance.ts";
import type { Venue } from "../domain/venue.ts";
import { hasRole, rolesOf } from "../governance/members.ts";
import { frameOf } from "../governance/proposals.ts";
import { checkProposal } from "./steps/findProposal.ts";
import { enterShard } from "./steps/lookUp.ts";

const { at } = CANCEL_PROPOSAL;

export function cancelProposal(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = word(command, at.tier);
  const shard = enterShard(venue, tier);
  if (shard === undefined) return venue.refuse("tier_unknown", tier);
  const proposal = word(command, at.proposal);
  const nonce = word(command, at.nonce);
  const refusal = checkProposal(venue, shard, tier, proposal, nonce);
  if (refusal !== ACCEPTED) return refusal;
  const member = word(command, at.member);
  const isProposer = member === proposal;
  if (!isProposer && !hasRole(shard, member, ROLE.guardian))
    return venue.refuse("not_cancellable", member, rolesOf(shard, member));

  const { arena } = shard;
  const row = proposalOf(shard, proposal);
  if (!isProposer && dismissesGuardian(venue, shard, tier, proposal)) {
    arena.setInt(row, PROPOSAL.contested, 1);
    venue.events.emit(EVENTS.proposalContested.code, tier, proposal, nonce, member);
    return venue.accept(1);
  }
  arena.setInt(row, PROPOSAL.open, 0);
  venue.events.emit(EVENTS.proposalCancelled.code, tier, proposal, nonce, member);
  return venue.accept(0);
}

function dismissesGuardian(venue: Venue, shard: GovernedShard, tier: number, proposal: number): boolean {
  if (shard.arena.int(proposalOf(shard, proposal), PROPOSAL.command) !== APPOINT_MEMBER.code) return false;
  const frame = frameOf(shard, tier, proposal, venue.now);
  const keeps = (word(frame, APPOINT_MEMBER.at.roles) & ROLE.guardian) !== 0;
  return hasRole(shard, word(frame, APPOINT_MEMBER.at.member), ROLE.guardian) && !keeps;
}

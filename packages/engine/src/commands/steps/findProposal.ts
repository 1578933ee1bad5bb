/** What the commands about a proposal ask first: is it there, and is it the one that is meant. */
import { type GovernedShard, isSealed, proposalOf } from "../../domain/governance.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import { PROPOSAL } from "../../domain/rows/governance.ts";
import type { Venue } from "../../domain/venue.ts";

export function checkProposal(
  venue: Venue,
  shard: GovernedShard,
  tier: number,
  proposal: number,
  nonce: number,
): OutcomeCode {
  if (!isSealed(shard)) return venue.refuse("governance_not_sealed", tier);
  const { arena } = shard;
  const row = proposalOf(shard, proposal);
  if (arena.int(row, PROPOSAL.open) === 0) return venue.refuse("proposal_unknown", proposal);
  const current = arena.num(row, PROPOSAL.nonce);
  return nonce === current ? ACCEPTED : venue.refuse("nonce_used", nonce, current);
}

/** A proposal can be approved and executed until it lapses. */
export function checkLapse(venue: Venue, shard: GovernedShard, proposal: number): OutcomeCode {
  const lapse = shard.arena.num(proposalOf(shard, proposal), PROPOSAL.lapse);
  return venue.now < lapse ? ACCEPTED : venue.refuse("proposal_lapsed", lapse, venue.now);
}

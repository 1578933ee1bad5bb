/**
 * Propose a command to a sealed shard: a new listing, a parameter, a bracket, a member, the threshold. It is kept in its fields, waits for
 * approvals and its timelock, and lapses if nobody executes it. A member has one proposal at a time.
 */
import { ACCEPT_COLLATERAL, LIST_MARKET, PROPOSE } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { type Layout, word } from "../domain/frame.ts";
import { isSealed, proposalOf } from "../domain/governance.ts";
import { FIRST_LOTS, ROLE } from "../domain/governanceLimits.ts";
import { ACCEPTED, type OutcomeCode } from "../domain/refusals.ts";
import { PROPOSAL } from "../domain/rows/governance.ts";
import type { Venue } from "../domain/venue.ts";
import { hasRole, rolesOf } from "../governance/members.ts";
import { faultyWord, fileProposal, proposable } from "../governance/proposals.ts";
import { enterShard } from "./steps/lookUp.ts";

const { at } = PROPOSE;

export function propose(venue: Venue): OutcomeCode {
  const { command, now } = venue;
  const tier = word(command, at.tier);
  const shard = enterShard(venue, tier);
  if (shard === undefined) return venue.refuse("tier_unknown", tier);
  if (!isSealed(shard)) return venue.refuse("governance_not_sealed", tier);
  const member = word(command, at.member);
  if (!hasRole(shard, member, ROLE.signer))
    return venue.refuse("member_lacks_role", member, rolesOf(shard, member));
  const code = word(command, at.command);
  const layout = proposable(tier, code);
  if (layout === undefined) return venue.refuse("command_not_proposable", code);
  const refusal = checkPayload(venue, layout);
  if (refusal !== ACCEPTED) return refusal;
  const { arena } = shard;
  const row = proposalOf(shard, member);
  if (arena.int(row, PROPOSAL.open) === 1) {
    const lapse = arena.num(row, PROPOSAL.lapse);
    const last = arena.num(row, PROPOSAL.nonce);
    if (now < lapse) return venue.refuse("proposal_pending", last, lapse);
    venue.events.emit(EVENTS.proposalLapsed.code, tier, member, last);
  }

  fileProposal(shard, tier, member, code, command, at.word1, now);
  const nonce = arena.num(row, PROPOSAL.nonce);
  const content = arena.num(row, PROPOSAL.content);
  const eta = arena.num(row, PROPOSAL.eta);
  const lapse = arena.num(row, PROPOSAL.lapse);
  venue.events.emit(EVENTS.proposalMade.code, tier, member, nonce, code, content, eta, lapse);
  return venue.accept(nonce, content, eta);
}

/** The fields must be those of the command; what is new begins with the smallest limit there is, and is raised step by step. */
function checkPayload(venue: Venue, layout: Layout): OutcomeCode {
  const { command } = venue;
  const faulty = faultyWord(layout, command, at.word1);
  if (faulty !== 0) return venue.refuse("payload_out_of_range", faulty, command[at.word1 + faulty - 1]);
  const cap = command[at.word1 + ACCEPT_COLLATERAL.at.cap - FIRST_FIELD] as number;
  if (layout.code === ACCEPT_COLLATERAL.code && cap !== 0) return venue.refuse("listing_too_open", cap, 0);
  const lots = command[at.word1 + LIST_MARKET.at.maxOpenInterestLots - FIRST_FIELD] as number;
  if (layout.code === LIST_MARKET.code && lots !== FIRST_LOTS)
    return venue.refuse("listing_too_open", lots, FIRST_LOTS);
  return ACCEPTED;
}

/** Where a tier's command has its first field behind the tier. */
const FIRST_FIELD = 3;

/** The governance tables that every shard has: its own row, members, and one proposal per member. */
import type { Arena, Ref, Regions } from "../kernel/arena.ts";
import { MAX_MEMBERS } from "./governanceLimits.ts";
import { GOVERNANCE, GOVERNANCE_WORDS, MEMBER_WORDS, PROPOSAL_WORDS } from "./rows/governance.ts";

/** Where a shard's governance is. */
export interface Governance {
  readonly row: Ref<"governance">;
  /** Addresses of member and proposal number 0, which nobody has. */
  readonly membersBase: number;
  readonly proposalsBase: number;
}

/** A shard that governs itself: the vault, or a tier. */
export interface GovernedShard {
  readonly arena: Arena;
  readonly governance: Governance;
}

export function reserveGovernance(regions: Regions): Governance {
  const row = regions.take(GOVERNANCE_WORDS) as Ref<"governance">;
  const membersBase = regions.take(MAX_MEMBERS * MEMBER_WORDS) - MEMBER_WORDS;
  const proposalsBase = regions.take(MAX_MEMBERS * PROPOSAL_WORDS) - PROPOSAL_WORDS;
  return { row, membersBase, proposalsBase };
}

/** True once parameters change by governance alone. */
export function isSealed({ arena, governance }: GovernedShard): boolean {
  return arena.num(governance.row, GOVERNANCE.sealed) !== 0;
}

export function memberOf({ governance }: GovernedShard, member: number): Ref<"member"> {
  return (governance.membersBase + member * MEMBER_WORDS) as Ref<"member">;
}

/** The proposal a member has made, or made last. */
export function proposalOf({ governance }: GovernedShard, member: number): Ref<"proposal"> {
  return (governance.proposalsBase + member * PROPOSAL_WORDS) as Ref<"proposal">;
}

/** Governance as stories need it: members, the command that proposes another, and what a member signs. */
import {
  type Command,
  LAYOUTS,
  type Layout,
  type ProposalView,
  governanceLimits,
  pendingProposals,
} from "@bulkhead/engine";
import type { Stage } from "./stage.ts";
import { DAY, HOUR, type Instruction } from "./terms.ts";

const { ROLE } = governanceLimits;

/** Members 1 to 5 sign, unless fewer do; 6 is guardian, 7 breaker. */
const GUARDIAN = 6;
export const BREAKER = 7;
const THRESHOLD = 3;

/** Appoints the members of a shard (tier 0: the vault) and seals it, with a day's timelock. */
export function seatCouncil(stage: Stage, tier: number, signers = 5): void {
  const appoint = (member: number, roles: number): unknown =>
    stage.must({ kind: "appointMember", tier, member, roles });
  for (let member = 1; member <= signers; member++) appoint(member, ROLE.signer);
  appoint(GUARDIAN, ROLE.guardian);
  appoint(BREAKER, ROLE.breaker);
  stage.must({ kind: "sealGovernance", tier, threshold: THRESHOLD, timelock: DAY });
}

/** The command by which a member proposes another. */
export function proposalOf(instruction: Instruction, tier: number, member = 1): Instruction {
  const layout = LAYOUTS.find(({ name }) => name === instruction.kind) as Layout;
  const values: Readonly<Record<string, unknown>> = { ...instruction };
  const words = Object.keys(layout.fields).filter((field) => field !== "tier");
  const fields = Array.from({ length: governanceLimits.PAYLOAD_WORDS }, (_, index) => [
    `word${index + 1}`,
    words[index] === undefined ? 0 : values[words[index]],
  ]);
  const proposal = { kind: "propose", tier, member, command: layout.code, ...Object.fromEntries(fields) };
  return proposal as Extract<Instruction, { kind: "propose" }>;
}

/** What is pending under a member's number; undefined if nothing is. */
export function pendingOf(stage: Stage, tier: number, proposal: number): ProposalView | undefined {
  return pendingProposals(stage.engine.venue, tier, stage.now).find((each) => each.proposal === proposal);
}

/** What a member signs who has looked at the proposal now; of nothing, if there is none. */
export function approvalOf(
  stage: Stage,
  tier: number,
  member: number,
  proposal: number,
): Omit<Extract<Command, { kind: "approve" }>, "time"> {
  const { nonce = 1, content = 0, parameters = 0 } = pendingOf(stage, tier, proposal) ?? {};
  const expiry = stage.now + HOUR;
  return { kind: "approve", tier, member, proposal, nonce, content, parameters, expiry };
}

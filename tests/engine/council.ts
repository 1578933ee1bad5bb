/**
 * A council to test governance with: members of every kind, a sealed shard, and proposals in one line.
 *
 *     const council = seatCouncil(desk);
 *     council.pass({ kind: "setParameter", tier: 1, market: 1, parameter: 2, value: 80_000 });
 */
import {
  type Command,
  type CommandName,
  LAYOUTS,
  type Layout,
  type ProposalView,
  type Receipt,
  governanceLimits,
  pendingProposals,
} from "@bulkhead/engine";
import type { Desk, Instruction } from "./venue.ts";

const { HOUR, ROLE } = governanceLimits;
export const DAY: number = HOUR(24);
export const WEEK: number = 7 * DAY;

/** Members 1 to 4 sign, 5 is steward, 6 guardian, 7 breaker. Three approvals decide. */
export const STEWARD = 5;
export const GUARDIAN = 6;
export const BREAKER = 7;
export const THRESHOLD = 3;
export const MEMBERS: readonly number[] = [
  ROLE.signer,
  ROLE.signer,
  ROLE.signer,
  ROLE.signer,
  ROLE.steward,
  ROLE.guardian,
  ROLE.breaker,
];

/** Appoints the members of a shard, without sealing it. */
export function appointCouncil(desk: Desk, tier = 1): void {
  for (const [index, roles] of MEMBERS.entries())
    desk.expectAccepted({ kind: "appointMember", tier, member: index + 1, roles });
}

export function seatCouncil(desk: Desk, tier = 1): Council {
  appointCouncil(desk, tier);
  desk.expectAccepted({ kind: "sealGovernance", tier, threshold: THRESHOLD, timelock: DAY });
  return new Council(desk, tier);
}

/** The command that proposes another. */
export function proposalOf(instruction: Instruction, tier: number, member = 1): Instruction {
  const layout = LAYOUTS.find(({ name }) => name === instruction.kind) as Layout;
  const values: Readonly<Record<string, unknown>> = { ...instruction };
  const words = Object.keys(layout.fields)
    .filter((field) => field !== "tier")
    .map((field) => values[field] as number);
  return rawProposal(tier, member, layout.code, words);
}

export function rawProposal(
  tier: number,
  member: number,
  command: number,
  words: readonly number[],
): Extract<Instruction, { kind: "propose" }> {
  const fields = Array.from({ length: 15 }, (_, index) => [`word${index + 1}`, words[index] ?? 0]);
  return { kind: "propose", tier, member, command, ...Object.fromEntries(fields) } as Extract<
    Instruction,
    { kind: "propose" }
  >;
}

export function codeOf(name: CommandName): number {
  return (LAYOUTS.find((layout) => layout.name === name) as Layout).code;
}

export class Council {
  readonly desk: Desk;
  readonly tier: number;

  constructor(desk: Desk, tier: number) {
    this.desk = desk;
    this.tier = tier;
  }

  propose(instruction: Instruction, member = 1): void {
    this.desk.expectAccepted(proposalOf(instruction, this.tier, member));
  }

  pending(proposal = 1): ProposalView {
    const view = pendingProposals(this.desk.engine.venue, this.tier, this.desk.now).find(
      (each) => each.proposal === proposal,
    );
    if (view === undefined) throw new Error(`no proposal ${proposal} is pending`);
    return view;
  }

  /** What a member signs now: bound to the proposal and to the parameters of this moment. */
  approvalBy(member: number, proposal = 1): Extract<Command, { kind: "approve" }> {
    const { nonce, content, parameters } = this.pending(proposal);
    const { now: time } = this.desk;
    const expiry = time + HOUR(1);
    return { kind: "approve", time, tier: this.tier, member, proposal, nonce, content, parameters, expiry };
  }

  approve(proposal = 1, members: readonly number[] = [1, 2, 3]): void {
    for (const member of members) this.desk.expectAccepted(this.approvalBy(member, proposal));
  }

  execution(proposal = 1): Extract<Instruction, { kind: "executeProposal" }> {
    const { nonce } = this.pending(proposal);
    return { kind: "executeProposal", tier: this.tier, proposal, nonce };
  }

  /** Proposes, waits for the timelock, approves and tries to execute. */
  attempt(instruction: Instruction, member = 1): Receipt {
    this.ripen(instruction, member);
    return this.desk.send(this.execution(member));
  }

  /** The same, and it must succeed. */
  pass(instruction: Instruction, member = 1): Receipt {
    this.ripen(instruction, member);
    return this.desk.expectAccepted(this.execution(member));
  }

  /** Brings a proposal to where it can be executed. */
  ripen(instruction: Instruction, member = 1): void {
    this.propose(instruction, member);
    this.desk.now = this.pending(member).eta;
    this.approve(member);
  }

  set(parameter: number, value: number, market = 1): Extract<Instruction, { kind: "setParameter" }> {
    return { kind: "setParameter", tier: this.tier, market, parameter, value };
  }

  steward(parameter: number, value: number, market = 1): Extract<Instruction, { kind: "stewardSet" }> {
    return { kind: "stewardSet", tier: this.tier, member: STEWARD, market, parameter, value };
  }

  breaker(
    parameter: number,
    value: number,
    duration: number = HOUR(1),
    market = 1,
  ): Extract<Instruction, { kind: "breakerSet" }> {
    return { kind: "breakerSet", tier: this.tier, member: BREAKER, market, parameter, value, duration };
  }
}

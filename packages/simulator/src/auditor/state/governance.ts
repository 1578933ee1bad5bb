/** The governance of a shard as plain data. */
import type { ParameterName } from "@bulkhead/engine";
import {
  baselineOf,
  basisOf,
  governanceOf,
  neededApprovals,
  validApprovals,
  valueOf,
} from "../governance.ts";
import { PARAMETERS } from "../parameters.ts";
import type { Tier, World } from "../venue.ts";

/** A proposal that waits. */
export interface ProposalState {
  readonly proposal: number;
  readonly nonce: number;
  readonly content: bigint;
  readonly parameters: bigint;
  readonly eta: number;
  readonly lapse: number;
  readonly approvals: number;
  readonly needed: number;
  readonly contested: boolean;
}

export interface GovernanceState {
  /** 0 = the vault. */
  readonly tier: number;
  readonly sealed: boolean;
  readonly threshold: number;
  readonly timelock: number;
  readonly nonce: number;
  readonly members: ReadonlyMap<number, { readonly roles: number; readonly since: number }>;
  /** In the order of their proposers. */
  readonly proposals: readonly ProposalState[];
}

export interface ParameterState {
  readonly name: ParameterName;
  readonly subject: number;
  readonly value: bigint;
  readonly baseline: bigint;
}

export interface HoldState {
  readonly parameter: ParameterName;
  readonly subject: number;
  readonly before: bigint;
  readonly value: bigint;
  readonly until: number;
}

export function governanceState(world: World, tier: number): GovernanceState {
  const governance = governanceOf(world, tier);
  const { isSealed: sealed, threshold, timelock, nonce, members } = governance;
  const open = [...governance.proposals].filter(([, { lapse }]) => lapse > world.venue.clock);
  open.sort(([a], [b]) => a - b);
  const proposals = open.map(([proposer, proposal]) => ({
    proposal: proposer,
    nonce: proposal.nonce,
    content: proposal.content,
    parameters: basisOf(world, tier, proposal.command),
    eta: proposal.eta,
    lapse: proposal.lapse,
    approvals: validApprovals(world, tier, proposal),
    needed: neededApprovals(governance, proposal),
    contested: proposal.contested,
  }));
  return { tier, sealed, threshold, timelock, nonce, members: new Map(members), proposals };
}

export function parameterStates(tier: Tier): ParameterState[] {
  const subjects = {
    tier: [0],
    market: tier.markets.map(({ id }) => id),
    collateral: [...tier.collateral.keys()],
  };
  return PARAMETERS.flatMap((parameter) =>
    subjects[parameter.level].map((subject) => ({
      name: parameter.name,
      subject,
      value: valueOf(tier, parameter, subject),
      baseline: baselineOf(tier, parameter, subject),
    })),
  );
}

export function holdStates({ holds }: Tier): HoldState[] {
  const slots = [...holds];
  slots.sort(([a], [b]) => a - b);
  return slots.map(([, hold]) => ({ ...hold, parameter: hold.parameter.name }));
}

/** Who governs a shard, what is proposed, and what is remembered of each parameter. */
import type { Parameter } from "./parameters.ts";

export interface Member {
  readonly roles: number;
  readonly since: number;
}

export interface Proposal {
  readonly nonce: number;
  readonly command: number;
  readonly words: readonly number[];
  readonly eta: number;
  readonly lapse: number;
  readonly content: bigint;
  readonly approvals: ReadonlySet<number>;
  /** Digest of the parameters the approvals were given under. */
  readonly basis: bigint;
  readonly contested: boolean;
}

export interface Governance {
  isSealed: boolean;
  threshold: number;
  timelock: number;
  nonce: number;
  readonly members: Map<number, Member>;
  /** By proposer. */
  readonly proposals: Map<number, Proposal>;
}

export interface Control {
  readonly baseline: bigint | undefined;
  readonly changedAt: number;
  readonly loosenedAt: number;
  readonly heldUntil: number;
}

export interface Hold {
  readonly parameter: Parameter;
  readonly subject: number;
  readonly before: bigint;
  readonly value: bigint;
  readonly until: number;
}

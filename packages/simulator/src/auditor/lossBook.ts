/** What the auditor remembers of purchased cover, and of who bore which default. */

export interface Cover {
  readonly account: number;
  readonly attachment: bigint;
  readonly limit: bigint;
  readonly escrow: bigint;
  readonly expiry: number;
}

/** A policy's part in a default. */
export interface CoverPart {
  readonly account: number;
  readonly paid: bigint;
  readonly owed: bigint;
}

/** Somebody who gave up profit: a bucket by its id, or the house, 0. */
export interface Shortfall {
  readonly bucket: number;
  readonly amount: bigint;
}

/** What everybody is short of by a default. */
export interface DefaultLoss {
  readonly id: number;
  /** By layer: 1, 2, 4 and 5. */
  readonly layers: Map<number, bigint>;
  /** By number of the policy. */
  readonly covers: Map<number, CoverPart>;
  /** As they gave it up. */
  shortfalls: readonly Shortfall[];
}

/** What the auditor remembers of purchased cover, and of who bore which default. */
import type { Bucket } from "./venue.ts";

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

/** Somebody who gave up profit; without a bucket, the house. */
export interface Shortfall {
  readonly bucket: Bucket | undefined;
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

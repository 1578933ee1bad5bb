/** What may leave the vault, and who waits. */
import type { VenueParameterName } from "@bulkhead/engine";

/** What `setParameter` can change of the throttle. */
export type ThrottleTerms = Record<ThrottleParameter, bigint>;
type ThrottleParameter = VenueParameterName;

/** What may leave the vault, and who waits. */
export interface Throttle {
  readonly terms: ThrottleTerms;
  posture: number;
  /** What tiers with half of the custody ask for. */
  askedPosture: number;
  postureAt: number;
  exitRatio: bigint;
  refilledAt: number;
  /** By name: "hour", "day", "lane", "hour of 2", "day of 2", "lane of 2". */
  readonly vessels: Map<string, Vessel>;
  /** By asset; the quote currency is not among them. */
  readonly prices: Map<number, bigint>;
  /** By what they were of: "asset 2 hour 472222", "account 7 asset 2 day 19675". */
  readonly deposits: Map<string, bigint>;
  /** By "account 7 day 19675". */
  readonly laneUses: Map<string, bigint>;
  /** Ids, by age of the request. */
  queue: readonly number[];
  round: Round;
}

/** A window's content. */
export interface Vessel {
  /** In 1/period of a unit. */
  readonly level: bigint;
  readonly cap: bigint;
}

/** A round of releases. */
export interface Round {
  /** Its number; 0 = none was opened yet. */
  readonly opened: number;
  readonly at: number;
  /** Ids whose turn is still to come. */
  toCome: readonly number[];
  /** By asset. */
  readonly grants: Map<number, { readonly queued: bigint; readonly grant: bigint; readonly left: bigint }>;
  /** By "account 7 asset 2". */
  readonly taken: Map<string, bigint>;
}

/** A market's circuit breaker: what it looks at, what it remembers, where it stands. */
import type { Command } from "@bulkhead/engine";

/** What `configureBreaker` sets, besides naming the market. */
export type BreakerConfig = Readonly<
  Record<
    Exclude<keyof Extract<Command, { kind: "configureBreaker" }>, "kind" | "time" | "tier" | "market">,
    bigint
  >
>;

/** What an update of a breaker left behind. */
export interface Update {
  readonly time: number;
  readonly mark: number;
  readonly interest: bigint;
}

/** Something that happened, and what it was worth. */
export interface Loss {
  readonly time: number;
  readonly value: bigint;
}

/** Scores by id of the signal; index 0 is nobody's. */
export interface Scores {
  readonly soft: readonly bigint[];
  readonly hard: readonly bigint[];
}

/** A call auction under way; all 0 while there is none. */
export interface Auction {
  /** 0 = it collects. */
  readonly price: number;
  readonly extensions: number;
  /** 0 = collection is over. */
  readonly endsAt: number;
  /** How long after that its end was drawn for last, and what. */
  readonly drawnAt: number;
  readonly draw: bigint;
}

/** A market's breaker: what it looks at, what it remembers and where it stands. */
export interface Breaker {
  config: BreakerConfig;
  on: boolean;
  level: number;
  since: number;
  /** The signal that was the reason. */
  signal: number;
  /** 0 = it is not. */
  calmSince: number;
  divergedSince: number;
  countedAt: number;
  /** Updates in a row beyond the trip level, by level. */
  streaks: ReadonlyMap<number, number>;
  /** Times of the last eight trips. */
  trips: readonly number[];
  updates: readonly Update[];
  liquidations: readonly Loss[];
  losses: readonly Loss[];
  bookSlot: number;
  /** Times 256. */
  spreadMean: bigint;
  depthMean: bigint;
  depth: bigint;
  pausedFrom: number;
  resumedAt: number;
  /** The band it leaves, 0 = as set. */
  band: bigint;
  /** The call auction of a halt: its price once it has one, how often it was extended, and when it may end. */
  auction: Auction;
  scores: Scores & { readonly softScore: bigint; readonly hardScore: bigint };
}

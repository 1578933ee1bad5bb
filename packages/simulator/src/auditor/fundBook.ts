/** What the auditor remembers of funds owned in shares, and of keepers' bids. */

export interface FundBook {
  shares: bigint;
  cooldown: number;
  window: number;
  minimum: bigint;
  target: bigint;
  feeShare: bigint;
  feesKept: bigint;
  /** By account. */
  readonly stakes: Map<number, Stake>;
}

export interface Stake {
  readonly shares: bigint;
  readonly leaving: bigint;
  readonly unlocksAt: number;
}

export function createFundBook(): FundBook {
  return {
    shares: 0n,
    cooldown: 604_800_000,
    window: 172_800_000,
    minimum: 0n,
    target: 0n,
    feeShare: 0n,
    feesKept: 0n,
    stakes: new Map(),
  };
}

/** A keeper's bid for lots of a position in liquidation. */
export interface Bid {
  readonly bidder: number;
  readonly target: number;
  readonly market: number;
  readonly lots: bigint;
  readonly endsAt: number;
}

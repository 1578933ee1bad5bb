/**
 * The words and bounds of the wire contract, restated by the auditor in its own hand.
 *
 * Nothing here is imported from the engine: a number that drifts on one side only must show up as a difference.
 */
import type { RefusalName } from "@bulkhead/engine";

export const BUY = 0;
export const FEED_KIND = { market: 0, collateral: 1 } as const;
export const QUALITY = { valid: 0, wide: 1, stale: 2, divergent: 3, dead: 4 } as const;
export const SOURCE_STATE = { counted: 0, held: 1, aged: 2, frozen: 3, outlier: 4, silent: 5 } as const;
export const MAX_REPORTERS = 16;
export const CONTRACT = { perpetual: 0, future: 1 } as const;
export const ORDER_TYPE = {
  limit: 0,
  market: 1,
  stopLimit: 2,
  stopMarket: 3,
  takeProfitLimit: 4,
  takeProfitMarket: 5,
} as const;
export const TIME_IN_FORCE = {
  goodTillCancelled: 0,
  goodTillDate: 1,
  immediateOrCancel: 2,
  fillOrKill: 3,
} as const;
export const FLAG = { postOnly: 1, reduceOnly: 2 } as const;
export const SELF_TRADE = { cancelNewest: 0, cancelOldest: 1, cancelBoth: 2, decrement: 3 } as const;
export const STATUS = { open: 0n, reduceOnly: 1n, halted: 2n, settled: 3n, quarantined: 4n } as const;
export const BREAKER = { normal: 0, caution: 1, reduceOnly: 2, halt: 3, auction: 4, reopen: 5 } as const;

/** Why an order left the book or shrank, and why nothing of a taker rests. 0 means: filled whole. */
export const REASON = {
  none: 0,
  cancelled: 1,
  amended: 2,
  selfTrade: 3,
  expired: 4,
  reduceOnly: 5,
  makerMargin: 6,
  massCancelled: 7,
  settled: 8,
  immediateOrCancel: 9,
  matchLimit: 10,
  openInterest: 11,
  refused: 12,
  liquidated: 13,
} as const;

/** How a position was liquidated, and how a liquidation ended. */
export const HOW = { book: 1, backstop: 2, tornUp: 3, auction: 4, callAuction: 5 } as const;
export const ENDED = { recovered: 0, closed: 1, defaulted: 2 } as const;

/** Who bears a default, in this order. */
export const LAYER = {
  firstTranche: 1,
  insurance: 2,
  cover: 3,
  secondTranche: 4,
  mutual: 5,
  winners: 6,
} as const;
/** Policies of cover a tier can hold, and defaults for which it is remembered who bore them. */
export const MAX_COVERS = 8;
export const MAX_LOSSES = 1_024;

/** Asset 1 counts micro-dollars. */
export const QUOTE = 1;
export const QUOTE_SCALE = 1_000_000n;

export const MILLION = 1_000_000n;
export const BILLION = 1_000_000_000n;
export const MAX_INTEGER = 2n ** 53n - 1n;
/** Lots that an order or a limit can name. */
export const MAX_LOTS = 2n ** 40n;
/** Units of one asset that the vault may hold, and the most that collateral counts for: a holding, and a bucket's sum. */
export const MAX_HELD = 2n ** 51n;
/** What a holding, and all of a bucket's collateral, counts for at most. */
export const MAX_COLLATERAL = 2n ** 50n;
/** What a layer of the waterfall counts for in margin at most. */
export const MAX_LAYER = 2n ** 49n;
export const MAX_POSITION_VALUE = 2n ** 50n;
export const MAX_BUCKET_VALUE = 2n ** 51n;

export const MAX_ASSETS = 32;
export const MAX_TIERS = 16;
export const MAX_MARKETS = 64;
/** Position slots of a bucket's first block. */
export const SMALLEST_BLOCK = 4;
export const MAX_MATCHES = 512;
/** Orders that a call auction collects, and buckets in distress that it looks at. */
export const MAX_COLLECTED = 1_024;
export const MAX_AUCTIONED = 256;
export const MAX_TRIGGERS = 32;
export const MAX_SWEEP = 512;
/** Buckets in distress served by one command, and events after which no more are. */
export const MAX_LIQUIDATIONS = 32;
export const MAX_LIQUIDATION_EVENTS = 512;
/** A day, ms. */
export const DAY = 86_400_000;
/** What one default, and all of a tier within a day, may take of the mutual fund, ppm. */
export const MUTUAL_DRAW = 400_000n;
/** Leverage that counts for no more in the weights of winners. */
export const MAX_LEVERAGE = 100n;
/** Events after which settlement of an expired market stops. */
export const MAX_SETTLEMENT_EVENTS = 512;

/** Codes that an `orderTriggered` event can carry: whatever a fired order may be refused for. */
export const TRIGGER_OUTCOME: Readonly<Partial<Record<RefusalName, number>>> = {
  margin_insufficient: 3_006,
  health_would_fall: 3_008,
  position_limit: 3_009,
  bucket_exposure_cap: 3_010,
  price_outside_band: 4_010,
  reduce_only_market: 4_015,
  price_forbids: 6_011,
  nothing_to_reduce: 4_016,
  post_only_would_cross: 4_022,
  fill_or_kill_unfilled: 4_023,
};

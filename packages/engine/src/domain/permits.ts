/**
 * What a price may not be used for, one bit each: a bad price forbids actions one by one, the riskiest first. `take`: nobody may trade at
 * once; what shrinks a position may rest.
 */
export const FORBID = { open: 1, reduce: 2, withdraw: 4, liquidate: 8, fund: 16, take: 32 } as const;

/** How far a feed's price may be trusted, best first. A price that nobody reports on is taken for what its operator says: valid. */
export const QUALITY = { valid: 0, wide: 1, stale: 2, divergent: 3, dead: 4 } as const;

/** What became of a reporter's latest price when its feed was last put together. */
export const SOURCE_STATE = { counted: 0, held: 1, aged: 2, frozen: 3, outlier: 4, silent: 5 } as const;

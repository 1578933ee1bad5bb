/** What a price may not be used for, one bit each: a bad price forbids actions one by one, the riskiest first. */
export const FORBID = { open: 1, reduce: 2, withdraw: 4, liquidate: 8, fund: 16 } as const;

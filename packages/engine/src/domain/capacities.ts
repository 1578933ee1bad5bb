/**
 * How much a venue can hold. Capacities are configuration, fixed when the shards are made: they decide the memory layout,
 * are part of every snapshot, and running out of one is a refusal.
 */
import { MAX_MARKETS, MAX_RANGE_BITS, MAX_TIERS } from "./limits.ts";

export interface TierCapacities {
  readonly markets: number;
  readonly buckets: number;
  /** Position slots; buckets take them in blocks of 4, 8, 16, 32 or 64. */
  readonly positions: number;
  readonly orders: number;
  readonly holdings: number;
  /** Ticks over all markets' price ranges; a market of 2^b ticks takes three ladders of them. */
  readonly ticks: number;
}

export interface Capacities {
  readonly accounts: number;
  readonly balances: number;
  readonly withdrawals: number;
  readonly tiers: readonly TierCapacities[];
}

export const DEFAULT_TIER_CAPACITIES: TierCapacities = {
  markets: 16,
  buckets: 20_000,
  positions: 100_000,
  orders: 100_000,
  holdings: 20_000,
  ticks: 4 * 2 ** 20,
};

/** A small venue of three tiers: some tens of megabytes in use. */
export const DEFAULT_CAPACITIES: Capacities = {
  accounts: 20_000,
  balances: 60_000,
  withdrawals: 20_000,
  tiers: [DEFAULT_TIER_CAPACITIES, DEFAULT_TIER_CAPACITIES, DEFAULT_TIER_CAPACITIES],
};

/** Row numbers that order and withdrawal ids have room for. */
export const MAX_ID_SLOTS = 2 ** 22 - 1;

const TABLE_LIMIT = 2 ** 26;

/** @throws {RangeError} naming the capacity that is not a whole number in its range */
export function assertCapacities(capacities: Capacities): void {
  within("accounts", capacities.accounts, 1, TABLE_LIMIT);
  within("balances", capacities.balances, 1, TABLE_LIMIT);
  within("withdrawals", capacities.withdrawals, 1, MAX_ID_SLOTS);
  within("tiers", capacities.tiers.length, 1, MAX_TIERS);
  capacities.tiers.forEach((tier, index) => {
    const path = `tiers[${index}]`;
    within(`${path}.markets`, tier.markets, 1, MAX_MARKETS);
    within(`${path}.buckets`, tier.buckets, 1, TABLE_LIMIT);
    within(`${path}.positions`, tier.positions, 4, TABLE_LIMIT);
    within(`${path}.orders`, tier.orders, 1, MAX_ID_SLOTS);
    within(`${path}.holdings`, tier.holdings, 1, TABLE_LIMIT);
    within(`${path}.ticks`, tier.ticks, 2 ** 15, 2 ** MAX_RANGE_BITS * MAX_MARKETS);
  });
}

function within(path: string, value: number, min: number, max: number): void {
  if (!(Number.isInteger(value) && value >= min && value <= max)) {
    throw new RangeError(`capacity ${path} is ${value}; it must be a whole number from ${min} to ${max}`);
  }
}

import { describe, expect, test } from "vitest";
import {
  type Capacities,
  DEFAULT_CAPACITIES,
  MAX_ID_SLOTS,
  type TierCapacities,
  assertCapacities,
} from "./capacities.ts";
import { TierShard } from "./tierShard.ts";
import { Venue } from "./venue.ts";

const TIER: TierCapacities = {
  markets: 1,
  buckets: 1,
  positions: 4,
  orders: 1,
  holdings: 1,
  ticks: 2 ** 15,
};
const SMALLEST: Capacities = { accounts: 1, balances: 1, withdrawals: 1, tiers: [TIER] };

const VENUE_RANGES = {
  accounts: [1, 2 ** 26],
  balances: [1, 2 ** 26],
  withdrawals: [1, MAX_ID_SLOTS],
} as const satisfies Partial<Record<keyof Capacities, readonly [number, number]>>;

const TIER_RANGES: Readonly<Record<keyof TierCapacities, readonly [min: number, max: number]>> = {
  markets: [1, 64],
  buckets: [1, 2 ** 26],
  positions: [4, 2 ** 26],
  orders: [1, MAX_ID_SLOTS],
  holdings: [1, 2 ** 26],
  ticks: [2 ** 15, 2 ** 28],
};

const misfits = ([min, max]: readonly [number, number]): number[] => [
  min - 1,
  max + 1,
  min + 0.5,
  -min,
  Number.NaN,
  Infinity,
  -Infinity,
];

const tiers = (count: number): TierCapacities[] => Array.from({ length: count }, () => TIER);
const check = (capacities: Capacities) => (): void => assertCapacities(capacities);

describe("capacities", () => {
  test("the default ones and the smallest ones are in range", () => {
    expect(check(DEFAULT_CAPACITIES)).not.toThrow();
    expect(check(SMALLEST)).not.toThrow();
  });

  test.each(Object.entries(VENUE_RANGES))(
    "a venue's %s keep to whole numbers of their range",
    (name, range) => {
      for (const bound of range) expect(check({ ...SMALLEST, [name]: bound })).not.toThrow();
      for (const misfit of misfits(range)) {
        expect(check({ ...SMALLEST, [name]: misfit })).toThrow(
          new RangeError(
            `capacity ${name} is ${misfit}; it must be a whole number from ${range[0]} to ${range[1]}`,
          ),
        );
      }
    },
  );

  test.each(Object.entries(TIER_RANGES))(
    "a tier's %s keep to whole numbers of their range",
    (name, range) => {
      for (const bound of range)
        expect(check({ ...SMALLEST, tiers: [{ ...TIER, [name]: bound }] })).not.toThrow();
      for (const misfit of misfits(range)) {
        expect(check({ ...SMALLEST, tiers: [TIER, { ...TIER, [name]: misfit }] })).toThrow(
          new RangeError(
            `capacity tiers[1].${name} is ${misfit}; it must be a whole number from ${range[0]} to ${range[1]}`,
          ),
        );
      }
    },
  );

  test("a venue has one to sixteen tiers", () => {
    expect(check({ ...SMALLEST, tiers: tiers(16) })).not.toThrow();
    expect(check({ ...SMALLEST, tiers: [] })).toThrow("capacity tiers is 0");
    expect(check({ ...SMALLEST, tiers: tiers(17) })).toThrow("capacity tiers is 17");
  });

  test("a venue is not made of capacities out of range", () => {
    expect(() => new Venue({ ...SMALLEST, accounts: 0 })).toThrow(RangeError);
  });

  test("a tier too large for its addresses is refused, not wrapped around", () => {
    expect(() => new TierShard(1, { ...TIER, ticks: 2 ** 29 })).toThrow(RangeError);
    expect(() => new TierShard(1, { ...TIER, buckets: 2 ** 26, positions: 2 ** 26 })).toThrow(RangeError);
  });
});

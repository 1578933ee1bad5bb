import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_TIER_CAPACITIES } from "../domain/capacities.ts";
import { FEED, REPORTER, SOURCE } from "../domain/rows/oracle.ts";
import { TierShard } from "../domain/tierShard.ts";
import { costOfMove } from "./manipulation.ts";

const capacities = {
  ...DEFAULT_TIER_CAPACITIES,
  markets: 1,
  orders: 1,
  buckets: 1,
  holdings: 1,
  positions: 4,
  ticks: 2 ** 15,
};

interface Venue {
  readonly weight: number;
  readonly depth: number;
  readonly flow: number;
}

function tierWith(venues: readonly Venue[]): TierShard {
  const tier = new TierShard(1, capacities);
  tier.arena.setInt(tier.feed(1), FEED.reporters, 2 ** venues.length - 1);
  for (const [index, { weight, depth, flow }] of venues.entries()) {
    tier.arena.setInt(tier.reporter(index + 1), REPORTER.weight, weight as never);
    tier.arena.setNum(tier.source(1, index + 1), SOURCE.depth, depth);
    tier.arena.setNum(tier.source(1, index + 1), SOURCE.flow, flow);
  }
  return tier;
}

/** The least cost over all sets with more than half of the weight, tried one by one. */
function cheapestOf(venues: readonly Venue[], percent: number): number {
  const total = venues.reduce((sum, { weight }) => sum + weight, 0);
  let least = Infinity;
  for (let set = 1; set < 2 ** venues.length; set++) {
    const members = venues.filter((_, each) => (set & (1 << each)) !== 0);
    if (2 * members.reduce((sum, { weight }) => sum + weight, 0) <= total) continue;
    const cost = members.reduce(
      (sum, { depth, flow }) => sum + depth * percent ** 2 + 208 * flow * percent,
      0,
    );
    least = Math.min(least, cost);
  }
  return least === Infinity ? 0 : least;
}

const venue = fc.record({
  weight: fc.integer({ min: 1, max: 1_000_000 }),
  depth: fc.integer({ min: 0, max: 1e11 }),
  flow: fc.integer({ min: 0, max: 1e9 }),
});

test("the cheapest majority is the least of all there are", () => {
  fc.assert(
    fc.property(
      fc.array(venue, { minLength: 1, maxLength: 10 }),
      fc.integer({ min: 1, max: 100 }),
      (venues, percent) => {
        expect(costOfMove(tierWith(venues), 1, percent)).toBe(cheapestOf(venues, percent));
      },
    ),
  );
});

test("moving a price by more never costs less per percent: the smallest move binds", () => {
  fc.assert(
    fc.property(
      fc.array(venue, { minLength: 1, maxLength: 10 }),
      fc.integer({ min: 1, max: 99 }),
      (venues, percent) => {
        const tier = tierWith(venues);
        const [less, more] = [costOfMove(tier, 1, percent), costOfMove(tier, 1, percent + 1)];
        expect(BigInt(more) * BigInt(percent)).toBeGreaterThanOrEqual(BigInt(less) * BigInt(percent + 1));
      },
    ),
  );
});

test("sixteen venues are searched in no time", () => {
  const venues = Array.from({ length: 16 }, (_, each) => ({
    weight: 1_000 + each,
    depth: 1e9 + each,
    flow: 0,
  }));
  expect(costOfMove(tierWith(venues), 1, 1)).toBe(cheapestOf(venues, 1));
});

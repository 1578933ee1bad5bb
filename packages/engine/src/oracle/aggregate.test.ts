import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { points } from "../kernel/points.ts";
import type { Ms, Ppb, Ppm } from "../kernel/units.ts";
import { DEFAULT_TIER_CAPACITIES } from "../domain/capacities.ts";
import { FeedFigures } from "../domain/feedFigures.ts";
import { FEED, REPORTER, SOURCE } from "../domain/rows/oracle.ts";
import { TierShard } from "../domain/tierShard.ts";
import { aggregate } from "./aggregate.ts";
import { gather } from "./gather.ts";

const capacities = {
  ...DEFAULT_TIER_CAPACITIES,
  markets: 1,
  orders: 1,
  buckets: 1,
  holdings: 1,
  positions: 4,
  ticks: 2 ** 15,
};
const NOW = 1_000_000;
const DEVIATION = 2_500;

interface Said {
  readonly operator: number;
  readonly weight: number;
  readonly price: number;
  readonly confidence: number;
  readonly age: number;
  readonly lies: boolean;
}

/** What a tier's reporters make of what they said. */
function made(said: readonly Said[]): { tier: TierShard; figures: FeedFigures } {
  const tier = new TierShard(1, capacities);
  const { arena } = tier;
  const feed = tier.feed(1);
  arena.setInt(feed, FEED.reporters, 2 ** said.length - 1);
  arena.setInt(feed, FEED.quorum, 1);
  arena.setInt(feed, FEED.sigma, 100_000 as Ppb);
  arena.setInt(feed, FEED.deadAfter, 30_000 as Ms);
  arena.setInt(feed, FEED.halfLife, 5_000 as Ms);
  arena.setInt(feed, FEED.deviation, DEVIATION as Ppm);
  for (const [index, { operator, weight, price, confidence, age }] of said.entries()) {
    arena.setInt(tier.reporter(index + 1), REPORTER.operator, operator);
    arena.setInt(tier.reporter(index + 1), REPORTER.weight, weight as Ppm);
    arena.setNum(tier.source(1, index + 1), SOURCE.price, points(price));
    arena.setNum(tier.source(1, index + 1), SOURCE.confidence, points(confidence));
    arena.setNum(tier.source(1, index + 1), SOURCE.publishedAt, (NOW - age) as Ms);
  }
  const figures = new FeedFigures();
  gather(tier, 1, NOW as Ms, figures);
  aggregate(tier, 1, figures);
  return { tier, figures };
}

const around = (price: number): fc.Arbitrary<number> =>
  fc.integer({ min: price - price / 500, max: price + price / 500 });
const PRICE = 1_000_000;

const reporter = fc.record({
  operator: fc.integer({ min: 1, max: 8 }),
  weight: fc.integer({ min: 1, max: 1_000_000 }),
  confidence: fc.integer({ min: 0, max: 5_000 }),
  age: fc.integer({ min: 0, max: 30_000 }),
});
const honest = fc
  .tuple(reporter, around(PRICE))
  .map(([each, price]): Said => ({ ...each, price, lies: false }));
const liar = fc
  .tuple(reporter, fc.oneof(around(PRICE), fc.integer({ min: 1, max: 1e15 })))
  .map(([each, price]): Said => ({ ...each, price, confidence: 0, lies: true }));
const crowd = fc
  .tuple(fc.array(honest, { minLength: 2, maxLength: 10 }), fc.array(liar, { maxLength: 6 }))
  .map(([truths, lies]) => [...lies, ...truths]);

function reversed(said: readonly Said[]): Said[] {
  const turned = [...said];
  turned.reverse();
  return turned;
}

describe("a price from many", () => {
  test("lies within what honest reporters vote, while liars have less than half of the weight that counts", () => {
    fc.assert(
      fc.property(crowd, (said) => {
        const { figures } = made(said);
        let lying = 0;
        let total = 0;
        let lowest = Infinity;
        let highest = 0;
        for (let each = 0; each < figures.count; each++) {
          const weight = figures.capped[each] ?? 0;
          total += weight;
          if (said[(figures.reporter[each] ?? 0) - 1]?.lies === true) lying += weight;
          else {
            lowest = Math.min(lowest, (figures.price[each] ?? 0) - (figures.spread[each] ?? 0));
            highest = Math.max(highest, (figures.price[each] ?? 0) + (figures.spread[each] ?? 0));
          }
        }
        fc.pre(total > 0 && 2 * lying < total);
        expect(figures.median).toBeGreaterThanOrEqual(lowest);
        expect(figures.median).toBeLessThanOrEqual(highest);
      }),
      { numRuns: 500 },
    );
  });

  test("one reporter alone, whatever it says, moves it to another's vote at most", () => {
    fc.assert(
      fc.property(fc.array(honest, { minLength: 4, maxLength: 8 }), liar, (truths, lie) => {
        const apart = truths.map((each, index) => ({ ...each, operator: index + 1 }));
        const { figures } = made([...apart, { ...lie, operator: 99 }]);
        const votes = apart.map(({ price }) => price);
        const slack = PRICE / 50;
        expect(figures.median).toBeGreaterThanOrEqual(Math.min(...votes) - slack);
        expect(figures.median).toBeLessThanOrEqual(Math.max(...votes) + slack);
      }),
    );
  });

  test("the order of reporters does not matter", () => {
    fc.assert(
      fc.property(crowd, (said) => {
        const [one, other] = [made(said).figures, made(reversed(said)).figures];
        expect([one.median, one.confidence, one.quorumAge]).toEqual([
          other.median,
          other.confidence,
          other.quorumAge,
        ]);
      }),
    );
  });
});

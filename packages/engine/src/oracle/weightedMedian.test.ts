import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FeedFigures } from "../domain/feedFigures.ts";
import { capWeights } from "./caps.ts";
import { castVote, clearVotes, quantile } from "./weightedMedian.ts";

interface Vector {
  readonly values: readonly number[];
  readonly weights: readonly number[];
  readonly quartiles: readonly number[];
}

const VECTORS = JSON.parse(
  readFileSync(new URL("../../../../tests/vectors/weightedMedians.json", import.meta.url), "utf8"),
) as readonly Vector[];

function quantileOf(votes: readonly (readonly [number, number])[], quarters: number): number {
  const figures = new FeedFigures();
  clearVotes(figures);
  for (const [value, weight] of votes) castVote(figures, value, weight);
  return quantile(figures, quarters);
}

/** The weights of reporters after the caps; each is [operator, weight]. */
function cappedOf(reporters: readonly (readonly [number, number])[]): number[] {
  const figures = new FeedFigures();
  figures.count = reporters.length;
  for (const [each, [operator, weight]] of reporters.entries()) {
    figures.operator[each] = operator;
    figures.weight[each] = weight;
  }
  capWeights(figures);
  return Array.from(figures.capped.subarray(0, reporters.length));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const vote = fc.tuple(fc.integer({ min: 1, max: 1e15 }), fc.integer({ min: 1, max: 1e9 }));

describe("a weighted quantile", () => {
  test.each(VECTORS.map((vector, number): [number, Vector] => [number + 1, vector]))(
    "is what the reference says, vector %i",
    (_, { values, weights, quartiles }) => {
      const votes = values.map((value, each): [number, number] => [value, weights[each] ?? 0]);
      expect([1, 2, 3].map((quarters) => quantileOf(votes, quarters))).toEqual(quartiles);
    },
  );

  test("of nothing is nothing", () => {
    expect(quantileOf([], 2)).toBe(0);
  });

  test("whoever has less than half of the weight cannot move the median beyond what the others vote", () => {
    const honest = fc.array(vote, { minLength: 1, maxLength: 24 });
    const liars = fc.array(vote, { maxLength: 24 });
    fc.assert(
      fc.property(honest, liars, (theirs, lies) => {
        const weight = sum(theirs.map(([, each]) => each));
        fc.pre(sum(lies.map(([, each]) => each)) < weight);
        const prices = theirs.map(([price]) => price);
        const median = quantileOf([...lies, ...theirs], 2);
        expect(median).toBeGreaterThanOrEqual(Math.min(...prices));
        expect(median).toBeLessThanOrEqual(Math.max(...prices));
      }),
    );
  });
});

describe("the caps", () => {
  const reporters = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5e9 })), {
    minLength: 3,
    maxLength: 16,
  });

  test("no reporter has more than a third and no operator more than 45 %, if three operators share", () => {
    fc.assert(
      fc.property(reporters, (given) => {
        const operators = new Set(given.map(([operator]) => operator));
        fc.pre(operators.size >= 3);
        const capped = cappedOf(given);
        const total = sum(capped);
        const slack = 2 * given.length;
        for (const weight of capped) expect(3 * weight).toBeLessThanOrEqual(total + 3 * slack);
        for (const operator of operators) {
          const own = sum(capped.filter((_, each) => given[each]?.[0] === operator));
          expect(20 * own).toBeLessThanOrEqual(9 * total + 20 * slack);
        }
      }),
    );
  });

  test("they add nothing to anybody and leave everybody something", () => {
    fc.assert(
      fc.property(reporters, (given) => {
        for (const [each, weight] of cappedOf(given).entries()) {
          expect(weight).toBeGreaterThanOrEqual(1);
          expect(weight).toBeLessThanOrEqual(given[each]?.[1] ?? 0);
        }
      }),
    );
  });

  test("weights that are within them stay as they are", () => {
    expect(
      cappedOf([
        [1, 30],
        [2, 30],
        [3, 20],
        [4, 20],
      ]),
    ).toEqual([30, 30, 20, 20]);
  });

  test("the heaviest of four is cut to what the others leave it", () => {
    expect(
      cappedOf([
        [1, 900],
        [2, 100],
        [3, 100],
        [4, 100],
      ]),
    ).toEqual([150, 100, 100, 100]);
  });

  test("two reporters of one operator share its 45 %", () => {
    const capped = cappedOf([
      [1, 1_000],
      [1, 1_000],
      [2, 600],
      [3, 600],
      [4, 600],
    ]);
    const total = sum(capped);
    expect((capped[0] ?? 0) + (capped[1] ?? 0)).toBeLessThanOrEqual(Math.ceil(0.45 * total));
    expect(capped[0]).toBe(capped[1]);
  });

  test("two reporters cannot be kept to a third each, and stay as they are", () => {
    expect(
      cappedOf([
        [1, 7],
        [2, 90],
      ]),
    ).toEqual([7, 90]);
  });
});

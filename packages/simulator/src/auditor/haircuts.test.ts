import { describe, expect, test } from "vitest";
import { PLAIN_MARKET } from "./desk.ts";
import { type Sharer, hedgeOf, leverageOf, shareOut, weightOf } from "./haircuts.ts";
import { proRata } from "./tearUp.ts";
import type { Bucket, Position } from "./venue.ts";
import { createMarket, createTier, createWorld, positionOf } from "./world.ts";

function sharers(...pairs: [weight: bigint, limit: bigint][]): Sharer[] {
  return pairs.map(([weight, limit]) => ({ weight, limit }));
}

describe("a loss is shared", () => {
  test.each([
    ["by weight", 100n, sharers([1n, 90n], [3n, 90n]), [25n, 75n]],
    [
      "up to limits, the rest by the others",
      100n,
      sharers([1n, 10n], [1n, 100n], [2n, 100n]),
      [10n, 30n, 60n],
    ],
    // 40 each at first; without the first, 50 each, which is too much for the second.
    ["again and again", 120n, sharers([1n, 20n], [1n, 45n], [1n, 90n]), [20n, 45n, 55n]],
    ["with what rounding leaves to the first ones", 11n, sharers([1n, 9n], [1n, 9n], [1n, 9n]), [4n, 4n, 3n]],
    ["but not to those at their limits", 10n, sharers([1n, 3n], [1n, 9n], [1n, 9n]), [3n, 4n, 3n]],
    ["whole, if it is all there is", 30n, sharers([1n, 10n], [9n, 20n]), [10n, 20n]],
    ["no further than all there is", 31n, sharers([1n, 10n], [9n, 20n]), [10n, 20n]],
    ["not by those without weight", 10n, sharers([0n, 50n], [1n, 50n]), [0n, 10n]],
    ["by nobody, if nobody has weight", 10n, sharers([0n, 50n]), [0n]],
  ] as const)("%s", (_, amount, among, shares) => {
    expect(shareOut(amount, among)).toEqual(shares);
  });
});

describe("lots are torn up", () => {
  test.each([
    ["pro rata", 5n, [2n, 8n], [1n, 4n]],
    ["the largest remainder first", 7n, [3n, 7n], [2n, 5n]],
    ["the lowest bucket first among equals", 10n, [7n, 7n, 7n], [4n, 3n, 3n]],
    // 0.5, 1, 1.5 and 2: one lot is missing.
    ["one lot each where one is missing", 5n, [1n, 2n, 3n, 4n], [1n, 1n, 1n, 2n]],
    ["all there is", 9n, [4n, 5n], [4n, 5n]],
  ] as const)("%s", (_, lots, sizes, shares) => {
    expect(proRata(lots, sizes)).toEqual(shares);
  });
});

/** A bucket with so many lots and so much profit in each market, at a mark of 100. */
function winner(
  cash: bigint,
  ...held: [lots: bigint, profit: bigint, underlying: bigint][]
): [Position, Bucket] {
  const world = createWorld({});
  const tier = createTier(world, 1, 0n);
  const bucket = { tier, cash, holdings: new Map(), positions: new Map() } as unknown as Bucket;
  for (const [index, [lots, profit, underlying]] of held.entries()) {
    const listing = { kind: "listMarket", time: 0, ...PLAIN_MARKET } as const;
    const market = createMarket(world, tier, listing, { underlying } as never);
    Object.assign(market, { id: index + 1, mark: 100 });
    Object.assign(positionOf(world, bucket, market), { lots, cost: lots * 100n - profit });
  }
  return [bucket.positions.get(1) as Position, bucket];
}

describe("a winner's weight", () => {
  const world = createWorld({});

  test("is its profit times its leverage", () => {
    // 10 000 held with 600 + 400: ten times.
    const [position, bucket] = winner(600n, [100n, 400n, 0n]);
    expect(leverageOf(world, bucket)).toBe(10n);
    expect(weightOf(world, position)).toBe(40n);
  });

  test.each([
    [10_000n, 1n, "of one at least"],
    [9_599n, 2n, "in whole times, rounded up"],
    [-300n, 100n, "of a hundred at most"],
    [-400n, 100n, "of a hundred without equity"],
  ])("with cash of %d has a leverage of %d: %s", (cash, times) => {
    const [, bucket] = winner(cash, [100n, 400n, 0n]);
    expect(leverageOf(world, bucket)).toBe(times);
  });

  test.each([
    ["the other side of its underlying", [-40n, 0n, 7n], 400_000n],
    ["no more than the whole", [-400n, 0n, 7n], 1_000_000n],
    ["nothing on the same side", [40n, 0n, 7n], 0n],
    ["nothing of another underlying", [-40n, 0n, 8n], 0n],
  ] as const)("counts as hedged by %s", (_, other, hedge) => {
    const [position] = winner(0n, [100n, 400n, 7n], [...other]);
    expect(hedgeOf(position)).toBe(hedge);
  });

  test("leaves out what is hedged", () => {
    // ⌊401 · 0.6⌋ = 240, leverage ⌈14 000 / 1 001⌉ = 14: 33.6.
    const [position] = winner(600n, [100n, 401n, 7n], [-40n, 0n, 7n]);
    expect(weightOf(world, position)).toBe(33n);
  });

  test("markets without an underlying hedge nothing", () => {
    const [position] = winner(0n, [100n, 400n, 0n], [-40n, 0n, 0n]);
    expect(hedgeOf(position)).toBe(0n);
  });
});

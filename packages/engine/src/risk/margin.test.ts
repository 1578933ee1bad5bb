import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Lots, MicroUsd, MicroUsdPerTickLot, Ppm } from "../kernel/units.ts";
import { MARKET } from "../domain/rows/market.ts";
import { type Market, TierShard } from "../domain/tierShard.ts";
import { flatNotional, initialMargin, maintenanceMargin } from "./margin.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const MAX_NOTIONAL = 2 ** 50;
const USD = 1_000_000;

interface Bracket {
  readonly lower: number;
  readonly rate: number;
}

/** A market's margin schedule, as listing and governance would leave it. */
interface Schedule {
  readonly initialMargin: number;
  readonly maintenanceRatio: number;
  readonly scaleBase: number;
  readonly brackets: readonly Bracket[];
  readonly oiLower: number;
  readonly oiUpper: number;
  /** Open interest at the mark, micro-dollars. */
  readonly openInterest: number;
}

const FLAT: Schedule = {
  initialMargin: 10_000,
  maintenanceRatio: 500_000,
  scaleBase: 0,
  brackets: [],
  oiLower: 0,
  oiUpper: 0,
  openInterest: 0,
};

const tier = new TierShard(1, {
  markets: 1,
  buckets: 1,
  positions: 4,
  orders: 1,
  holdings: 1,
  ticks: 2 ** 15,
});
const { arena } = tier;
const market: Market = tier.listedMarket(1);

/** Writes a schedule into the market's row. One lot is worth a micro-dollar. */
function adopt(schedule: Schedule): void {
  const { row } = market;
  arena.setNum(row, MARKET.notional, 1 as MicroUsdPerTickLot);
  arena.setNum(row, MARKET.lotValue, 1 as MicroUsd);
  arena.setInt(row, MARKET.initialMargin, schedule.initialMargin as Ppm);
  arena.setInt(row, MARKET.maintenanceRatio, schedule.maintenanceRatio as Ppm);
  arena.setNum(row, MARKET.scaleBase, schedule.scaleBase as MicroUsd);
  arena.setNum(row, MARKET.oiLower, schedule.oiLower as MicroUsd);
  arena.setNum(row, MARKET.oiUpper, schedule.oiUpper as MicroUsd);
  arena.setNum(row, MARKET.openInterest, schedule.openInterest as Lots);
  arena.setInt(row, MARKET.brackets, schedule.brackets.length);
  schedule.brackets.forEach(({ lower, rate }, index) => {
    arena.setNum(row, (MARKET.bracketLower + index) as typeof MARKET.bracketLower, lower as MicroUsd);
    arena.setInt(row, (MARKET.bracketRate + index) as typeof MARKET.bracketRate, rate as Ppm);
  });
  arena.setNum(row, MARKET.flatNotional, flatNotional(arena, market));
  arena.commit();
}

const im = (notional: number): number => initialMargin(arena, market, notional as MicroUsd);
const mm = (notional: number): number => maintenanceMargin(arena, market, notional as MicroUsd);

// ------------------------------------------------------------ the formulas of docs/spec/risk.md, in integers of any size

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The smallest s with s² ≥ x. */
function rootCeil(x: bigint): bigint {
  let [low, high] = [0n, 2n ** 40n];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (middle * middle >= x) high = middle;
    else low = middle + 1n;
  }
  return low;
}

function sizeRateOf(schedule: Schedule, notional: bigint): bigint {
  const [base, scale] = [BigInt(schedule.initialMargin), BigInt(schedule.scaleBase)];
  if (scale === 0n || notional <= scale) return base * 1000n;
  if (notional / 9007n >= scale) return 1_000_000_000n;
  const root = rootCeil(ceilDiv(notional * 10n ** 12n, scale));
  return smaller(1_000_000_000n, ceilDiv(base * 1000n * root, 1_000_000n));
}

function openInterestRateOf(schedule: Schedule): bigint {
  const [base, lower, upper] = [schedule.initialMargin, schedule.oiLower, schedule.oiUpper].map(BigInt) as [
    bigint,
    bigint,
    bigint,
  ];
  const open = BigInt(schedule.openInterest);
  if (upper === 0n || open <= lower) return base * 1000n;
  return (base + ceilDiv((smaller(open, upper) - lower) * (1_000_000n - base), upper - lower)) * 1000n;
}

function bracketOf(schedule: Schedule, notional: bigint): bigint {
  const reached = schedule.brackets.filter(({ lower }) => BigInt(lower) < notional);
  let rate = BigInt(schedule.initialMargin);
  let deduction = 0n;
  for (const bracket of reached) {
    deduction += (BigInt(bracket.lower) * (BigInt(bracket.rate) - rate)) / 1_000_000n;
    rate = BigInt(bracket.rate);
  }
  return reached.length === 0 ? 0n : ceilDiv(notional * rate, 1_000_000n) - deduction;
}

function expectedInitial(schedule: Schedule, notional: bigint): bigint {
  const rate = larger(sizeRateOf(schedule, notional), openInterestRateOf(schedule));
  return larger(ceilDiv(notional * rate, 1_000_000_000n), bracketOf(schedule, notional));
}

function expectedMaintenance(schedule: Schedule, notional: bigint): bigint {
  const bySize = ceilDiv(notional * sizeRateOf(schedule, notional), 1_000_000_000n);
  const margin = larger(bySize, bracketOf(schedule, notional));
  return ceilDiv(margin * BigInt(schedule.maintenanceRatio), 1_000_000n);
}

// -------------------------------------------------------------------------------------------------------------- schedules

const amounts = fc.oneof(
  fc.integer({ min: 1, max: 1000 }),
  fc.integer({ min: 1, max: 1e9 }),
  fc.integer({ min: 1, max: MAX_NOTIONAL }),
);
const rates = fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 1_000_000 }));
const orZero = (amount: fc.Arbitrary<number>): fc.Arbitrary<number> => fc.oneof(fc.constant(0), amount);

function ascending(numbers: readonly number[]): number[] {
  const sorted = [...numbers];
  sorted.sort((a, b) => a - b);
  return sorted;
}

const schedules: fc.Arbitrary<Schedule> = fc
  .record({
    initialMargin: rates,
    maintenanceRatio: fc.integer({ min: 1, max: 1_000_000 }),
    scaleBase: orZero(amounts),
    lowers: fc.uniqueArray(amounts, { maxLength: 4 }),
    rises: fc.uniqueArray(rates, { minLength: 4, maxLength: 4 }),
    oi: fc.uniqueArray(orZero(amounts), { minLength: 2, maxLength: 2 }),
    hasOi: fc.boolean(),
    openInterest: fc.integer({ min: 0, max: MAX_NOTIONAL }),
  })
  .map(({ lowers, rises, oi, hasOi, ...rest }) => {
    const sorted = ascending(rises).filter((rate) => rate > rest.initialMargin);
    const brackets = ascending(lowers)
      .slice(0, sorted.length)
      .map((lower, index) => ({ lower, rate: sorted.at(index) as number }));
    const [oiLower, oiUpper] = (hasOi ? ascending(oi) : [0, 0]) as [number, number];
    return { ...rest, brackets, oiLower, oiUpper };
  });

/** Notionals, most of them close to where a schedule bends. */
function notionalsOf(schedule: Schedule): fc.Arbitrary<number> {
  const { scaleBase, brackets } = schedule;
  const bends = [1, scaleBase, scaleBase * 4, scaleBase * 9007, ...brackets.map(({ lower }) => lower)];
  const near = fc
    .tuple(fc.constantFrom(...bends), fc.integer({ min: -2, max: 2 }))
    .map(([bend, by]) => Math.min(MAX_NOTIONAL, Math.max(0, bend + by)));
  return fc.oneof(near, amounts);
}

const charged = schedules.chain((schedule) =>
  fc.record({
    schedule: fc.constant(schedule),
    notional: notionalsOf(schedule),
    other: notionalsOf(schedule),
  }),
);

describe("margin of a notional", () => {
  test("it is what the formulas say, in integers of any size", () => {
    fc.assert(
      fc.property(charged, ({ schedule, notional }) => {
        adopt(schedule);
        expect(BigInt(im(notional))).toBe(expectedInitial(schedule, BigInt(notional)));
        expect(BigInt(mm(notional))).toBe(expectedMaintenance(schedule, BigInt(notional)));
      }),
      { numRuns: RUNS * 10 },
    );
  });

  test("a larger notional never needs less", () => {
    fc.assert(
      fc.property(charged, ({ schedule, notional, other }) => {
        adopt(schedule);
        const [less, more] = [Math.min(notional, other), Math.max(notional, other)];
        expect(im(less)).toBeLessThanOrEqual(im(more));
        expect(mm(less)).toBeLessThanOrEqual(mm(more));
      }),
      { numRuns: RUNS * 5 },
    );
  });

  test("maintenance is no more than initial margin, and that no more than the notional", () => {
    fc.assert(
      fc.property(charged, ({ schedule, notional }) => {
        adopt(schedule);
        expect(mm(notional)).toBeGreaterThanOrEqual(Math.min(notional, 1));
        expect(mm(notional)).toBeLessThanOrEqual(im(notional));
        expect(im(notional)).toBeLessThanOrEqual(notional);
      }),
      { numRuns: RUNS * 5 },
    );
  });

  test("splitting a position never lowers what it needs, but for a unit of rounding", () => {
    fc.assert(
      fc.property(charged, ({ schedule, notional, other }) => {
        fc.pre(notional + other <= MAX_NOTIONAL);
        adopt(schedule);
        expect(im(notional) + im(other)).toBeLessThanOrEqual(im(notional + other) + 2);
        expect(mm(notional) + mm(other)).toBeLessThanOrEqual(mm(notional + other) + 3);
      }),
      { numRuns: RUNS * 5 },
    );
  });

  test("it has no steps: one more unit of notional needs as much more as the resolution of the rate allows", () => {
    fc.assert(
      fc.property(charged, ({ schedule, notional }) => {
        fc.pre(notional < MAX_NOTIONAL);
        fc.pre(schedule.scaleBase === 0 || Math.floor((notional + 1) / 9007) < schedule.scaleBase);
        adopt(schedule);
        const resolution = (schedule.initialMargin / 1e6) * 1e-6 + 1e-9;
        const allowed = 3 + 2 * notional * (schedule.scaleBase === 0 ? 0 : resolution);
        expect(im(notional + 1) - im(notional)).toBeLessThanOrEqual(allowed);
        expect(mm(notional + 1) - mm(notional)).toBeLessThanOrEqual(allowed);
      }),
      { numRuns: RUNS * 5 },
    );
  });
});

describe("size scaling", () => {
  test.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    "%d² times the scale base needs that many times the base rate",
    (times) => {
      adopt({ ...FLAT, scaleBase: 1_000 * USD });
      const notional = times * times * 1_000 * USD;
      expect(im(notional)).toBe((notional / 100) * times);
      expect(mm(notional)).toBe((notional / 200) * times);
    },
  );

  test("up to the scale base the rate is flat", () => {
    adopt({ ...FLAT, scaleBase: 1_000 * USD });
    expect([im(1), im(100), im(101), im(1_000 * USD)]).toEqual([1, 1, 2, 10 * USD]);
  });

  test("the rate stops at one: a tenth, a hundred times the scale base", () => {
    adopt({ ...FLAT, initialMargin: 100_000, scaleBase: 1_000 });
    expect([im(99_999), im(100_000), im(100_001), im(9_000_000)]).toEqual([
      99_999, 100_000, 100_001, 9_000_000,
    ]);
    expect(im(90_000)).toBeLessThan(90_000);
  });

  test("beyond 9007 times the scale base a notional is charged whole", () => {
    adopt({ ...FLAT, scaleBase: 1_000 });
    expect(im(9_006_999)).toBe(8_548_112);
    expect(im(9_007_000)).toBe(9_007_000);
  });
});

describe("brackets", () => {
  const EXAMPLE: Schedule = {
    ...FLAT,
    initialMargin: 5_000,
    brackets: [
      { lower: 2_000_000 * USD, rate: 5_600 },
      { lower: 2_600_000 * USD, rate: 6_200 },
      { lower: 5_000_000 * USD, rate: 45_000 },
    ],
  };

  test.each([
    { usd: 1_000_000, margin: 5_000, why: "0.5 %" },
    { usd: 2_000_000, margin: 10_000, why: "0.5 %, the last of the first bracket" },
    { usd: 2_300_000, margin: 11_680, why: "0.56 % less 1,200" },
    { usd: 2_600_000, margin: 13_360, why: "0.56 % less 1,200, the last of its bracket" },
    { usd: 5_000_000, margin: 28_240, why: "0.62 % less 2,760" },
    { usd: 10_000_000, margin: 253_240, why: "4.5 % less 196,760" },
  ])("$usd USD need $margin USD: $why", ({ usd, margin }) => {
    adopt(EXAMPLE);
    expect(im(usd * USD)).toBe(margin * USD);
    expect(mm(usd * USD)).toBe((margin * USD) / 2);
  });

  test("at every knot they meet, within a unit", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        adopt({ ...schedule, scaleBase: 0, oiLower: 0, oiUpper: 0 });
        for (const { lower } of schedule.brackets) {
          expect(im(lower + 1) - im(lower)).toBeLessThanOrEqual(2);
          expect(im(lower) - im(lower - 1)).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("they are convex: no notional needs more than the chord over it, but for rounding", () => {
    fc.assert(
      fc.property(charged, amounts, ({ schedule, notional, other }, third) => {
        adopt({ ...schedule, scaleBase: 0, oiLower: 0, oiUpper: 0 });
        const [a, b, c] = ascending([notional, other, third]) as [number, number, number];
        fc.pre(a < b && b < c);
        const left = BigInt(im(b) - 3) * BigInt(c - a);
        const chord = BigInt(im(a)) * BigInt(c - b) + BigInt(im(c)) * BigInt(b - a);
        expect(left <= chord).toBe(true);
      }),
      { numRuns: RUNS * 5 },
    );
  });
});

describe("open-interest scaling", () => {
  const SCALED: Schedule = { ...FLAT, oiLower: 1_000 * USD, oiUpper: 3_000 * USD };

  test.each([
    { openInterest: 0, ppm: 10_000, why: "none" },
    { openInterest: 1_000, ppm: 10_000, why: "at the lower bound" },
    { openInterest: 1_500, ppm: 257_500, why: "a quarter of the way" },
    { openInterest: 2_000, ppm: 505_000, why: "half way" },
    { openInterest: 3_000, ppm: 1_000_000, why: "at the upper bound: everything" },
    { openInterest: 9_000, ppm: 1_000_000, why: "beyond it" },
  ])("initial margin is $ppm ppm with $openInterest USD open: $why", ({ openInterest, ppm }) => {
    adopt({ ...SCALED, openInterest: openInterest * USD });
    expect(im(USD)).toBe(ppm);
    expect(im(1_000 * USD)).toBe(1_000 * ppm);
  });

  test("more open interest never needs less, and reaches the whole notional", () => {
    fc.assert(
      fc.property(charged, fc.nat(MAX_NOTIONAL), ({ schedule, notional }, more) => {
        adopt(schedule);
        const before = im(notional);
        adopt({ ...schedule, openInterest: Math.min(schedule.openInterest + more, MAX_NOTIONAL) });
        expect(im(notional)).toBeGreaterThanOrEqual(before);
        fc.pre(schedule.oiUpper > 0);
        adopt({ ...schedule, openInterest: schedule.oiUpper });
        expect(im(notional)).toBe(notional);
      }),
      { numRuns: RUNS },
    );
  });

  test("what strangers trade with each other leaves maintenance margin alone", () => {
    fc.assert(
      fc.property(charged, fc.nat(MAX_NOTIONAL), ({ schedule, notional }, openInterest) => {
        adopt(schedule);
        const before = mm(notional);
        adopt({ ...schedule, openInterest });
        expect(mm(notional)).toBe(before);
      }),
      { numRuns: RUNS },
    );
  });
});

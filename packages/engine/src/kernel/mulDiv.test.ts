import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_EXACT } from "./checked.ts";
import { InvariantViolation } from "./invariant.ts";
import {
  compareProducts,
  mulDivCeil,
  mulDivFloor,
  mulDivRest,
  mulDivTruncate,
  shareCeil,
  shareFloor,
  squareRootCeil,
} from "./mulDiv.ts";
import type { MicroUsd, Ppm } from "./units.ts";

const TRIPLES = 1_500_000;
const SHARES = 500_000;
const QUADRUPLES = 500_000;
const SEED = 0x5eed;

const usd = (amount: number): MicroUsd => amount as MicroUsd;
const ppm = (rate: number): Ppm => rate as Ppm;

/** Magnitudes a, b ≥ 0 and a divisor ≥ 1. */
type Triple = readonly [a: number, b: number, divisor: number];

describe("a·b/divisor", () => {
  test.each([
    { why: "no fraction", of: [6, 4, 3], floor: 8, ceil: 8, truncate: 8 },
    { why: "a positive fraction", of: [7, 1, 2], floor: 3, ceil: 4, truncate: 3 },
    { why: "a negative fraction", of: [-7, 1, 2], floor: -4, ceil: -3, truncate: -3 },
    { why: "two negatives", of: [-7, -1, 2], floor: 3, ceil: 4, truncate: 3 },
    { why: "more than −1", of: [1, -1, 2], floor: -1, ceil: 0, truncate: 0 },
    { why: "negative zero", of: [-0, 5, 7], floor: 0, ceil: 0, truncate: 0 },
    { why: "zero of a negative", of: [0, -5, 7], floor: 0, ceil: 0, truncate: 0 },
    {
      why: "a wide product",
      of: [MAX_EXACT, MAX_EXACT, MAX_EXACT],
      floor: MAX_EXACT,
      ceil: MAX_EXACT,
      truncate: MAX_EXACT,
    },
    {
      why: "a wide negative product with a fraction",
      of: [-MAX_EXACT, MAX_EXACT - 2, MAX_EXACT - 1],
      floor: -MAX_EXACT + 1,
      ceil: -MAX_EXACT + 2,
      truncate: -MAX_EXACT + 2,
    },
  ] as const)("$why: $of", ({ of: [a, b, divisor], floor, ceil, truncate }) => {
    expect([mulDivFloor(a, b, divisor), mulDivCeil(a, b, divisor), mulDivTruncate(a, b, divisor)]).toEqual([
      floor,
      ceil,
      truncate,
    ]);
  });

  test("each direction is refused where it leaves the range, and only there", () => {
    // (2^27 − 1)(2^27 + 1)/2 = 2^53 − ½.
    const [a, b] = [134_217_727, 134_217_729];
    expect(mulDivFloor(a, b, 2)).toBe(MAX_EXACT);
    expect(mulDivTruncate(a, b, 2)).toBe(MAX_EXACT);
    expect(() => mulDivCeil(a, b, 2)).toThrow(InvariantViolation);
    expect(mulDivCeil(a, -b, 2)).toBe(-MAX_EXACT);
    expect(mulDivTruncate(-a, b, 2)).toBe(-MAX_EXACT);
    expect(() => mulDivFloor(-a, b, 2)).toThrow(InvariantViolation);
  });

  test.each([0, -1, -MAX_EXACT, MAX_EXACT + 1, Infinity, Number.NaN, 0.5])("refuses a divisor of %d", (d) => {
    for (const divide of [mulDivFloor, mulDivCeil, mulDivTruncate]) {
      expect(() => divide(3, 5, d)).toThrow("a divisor is positive and exact");
      expect(() => divide(MAX_EXACT, -5, d)).toThrow("a divisor is positive and exact");
    }
  });

  test.each([Number.NaN, Infinity, -Infinity, MAX_EXACT + 1])("refuses a factor of %d", (factor) => {
    for (const divide of [mulDivFloor, mulDivCeil, mulDivTruncate]) {
      expect(() => divide(factor, 3, 3)).toThrow(InvariantViolation);
      expect(() => divide(3, factor, 3)).toThrow(InvariantViolation);
    }
  });

  test(`agrees with BigInt in ${millions(TRIPLES * 12)} cases: ${TRIPLES} triples, every sign, every direction`, () => {
    const { mismatches, corrections, refused } = fuzzTriples(TRIPLES, SEED);
    expect(mismatches).toEqual([]);
    expect(corrections).toEqual(new Set([-2, -1, 0, 1]));
    expect(refused).toBeGreaterThan(10_000);
  });

  test("ceiling mirrors floor, truncation takes the one nearer to zero", () => {
    const factor = fc.maxSafeInteger();
    const large = fc.integer({ min: 2 ** 52, max: MAX_EXACT });
    fc.assert(
      fc.property(factor, factor, large, (a, b, divisor) => {
        fc.pre(Math.abs(a / divisor) * Math.abs(b) < MAX_EXACT / 2);
        const floor = mulDivFloor(a, b, divisor);
        const ceil = mulDivCeil(a, b, divisor);
        expect(mulDivFloor(b, a, divisor)).toBe(floor);
        expect(mulDivCeil(-a, b, divisor)).toBe(0 - floor);
        expect(mulDivTruncate(a, b, divisor)).toBe(floor < 0 ? ceil : floor);
        expect(ceil - floor).toBe(compareProducts(a, b, floor, divisor));
      }),
    );
  });

  test("what the floor leaves is exact", () => {
    const factor = fc.maxSafeInteger();
    const divisors = fc.oneof(fc.integer({ min: 1, max: MAX_EXACT }), fc.integer({ min: 1, max: 100 }));
    fc.assert(
      fc.property(factor, factor, divisors, (a, b, divisor) => {
        fc.pre(Math.abs(a / divisor) * Math.abs(b) < MAX_EXACT / 2);
        const product = BigInt(a) * BigInt(b);
        const rest = product % BigInt(divisor);
        expect(BigInt(mulDivRest(a, b, divisor))).toBe(rest < 0n ? rest + BigInt(divisor) : rest);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe("shares", () => {
  test.each([
    { why: "5 % of a dollar", amount: 1_000_000, rate: 50_000, floor: 50_000, ceil: 50_000 },
    { why: "a part of the smallest unit", amount: 1, rate: 1, floor: 0, ceil: 1 },
    { why: "a rebate", amount: 999, rate: -100, floor: -1, ceil: 0 },
    { why: "all of the largest amount", amount: MAX_EXACT, rate: 1e6, floor: MAX_EXACT, ceil: MAX_EXACT },
    { why: "nothing", amount: 0, rate: -1, floor: 0, ceil: 0 },
  ])("$why", ({ amount, rate, floor, ceil }) => {
    expect([shareFloor(usd(amount), ppm(rate)), shareCeil(usd(amount), ppm(rate))]).toEqual([floor, ceil]);
  });

  test("a share out of range is refused", () => {
    expect(() => shareFloor(usd(MAX_EXACT), ppm(1_000_001))).toThrow(InvariantViolation);
    expect(() => shareCeil(usd(-MAX_EXACT), ppm(1_000_001))).toThrow(InvariantViolation);
    expect(() => shareFloor(usd(Number.NaN), ppm(1))).toThrow(InvariantViolation);
    expect(() => shareCeil(usd(1), ppm(Number.NaN))).toThrow(InvariantViolation);
  });

  test(`agree with BigInt in ${millions(SHARES * 8)} cases: ${SHARES} pairs, every sign, both directions`, () => {
    const random = source(SEED + 1);
    const mismatches: string[] = [];
    for (let i = 0; i < SHARES; i++) {
      const amount = magnitude(random);
      const limit = Math.min(2 ** 31 - 1, Math.floor((MAX_EXACT / Math.max(amount, 1)) * 1e6));
      const rate = [1e6, limit, magnitude(random) % (limit + 1)].at(random(3)) ?? 0;
      const expected = quotientOf([amount, rate, 1e6]);
      for (const sign of [1, -1]) {
        for (const rateSign of [1, -1]) {
          const terms = [usd(amount * sign), ppm(rate * rateSign)] as const;
          const isNegative = sign * rateSign < 0;
          if (!matches(() => shareFloor(...terms), expected.floor(isNegative)))
            mismatches.push(`floor ${terms.join(" ")}`);
          if (!matches(() => shareCeil(...terms), expected.ceil(isNegative)))
            mismatches.push(`ceil ${terms.join(" ")}`);
        }
      }
    }
    expect(mismatches).toEqual([]);
  });

  test("splitting an amount never lowers what is rounded up, nor raises what is rounded down", () => {
    const amounts = fc.integer({ min: 0, max: 2 ** 52 }).map(usd);
    fc.assert(
      fc.property(amounts, amounts, fc.integer({ min: 0, max: 1_000_000 }).map(ppm), (a, b, rate) => {
        const whole = usd(a + b);
        expect(shareCeil(a, rate) + shareCeil(b, rate)).toBeGreaterThanOrEqual(shareCeil(whole, rate));
        expect(shareFloor(a, rate) + shareFloor(b, rate)).toBeLessThanOrEqual(shareFloor(whole, rate));
      }),
    );
  });
});

describe("comparing products", () => {
  test.each([
    { why: "equal, wide", of: [MAX_EXACT, 6, MAX_EXACT * -2 + MAX_EXACT, -6], sign: 0 },
    {
      why: "they round alike and differ by one",
      of: [MAX_EXACT, MAX_EXACT - 2, MAX_EXACT - 1, MAX_EXACT - 1],
      sign: -1,
    },
    { why: "zeros of either sign", of: [0, -1, 0, 1], sign: 0 },
    { why: "opposite signs", of: [MAX_EXACT, -MAX_EXACT, 1, 1], sign: -1 },
  ] as const)("$why", ({ of: [a, b, c, d], sign }) => expect(compareProducts(a, b, c, d)).toBe(sign));

  test("what is not a number is refused", () => {
    expect(() => compareProducts(Number.NaN, 1, 1, 1)).toThrow(InvariantViolation);
    expect(() => compareProducts(1, 1, Number.NaN, 1)).toThrow(InvariantViolation);
    expect(() => compareProducts(Infinity, 1, Infinity, 1)).toThrow(InvariantViolation);
  });

  test(`agrees with BigInt in ${millions(QUADRUPLES * 4)} cases: ${QUADRUPLES} quadruples, four signs`, () => {
    const random = source(SEED + 2);
    const seen = new Map([-1, 0, 1].map((sign) => [sign, 0]));
    const mismatches: string[] = [];
    for (let i = 0; i < QUADRUPLES; i++) {
      const [a, b, c, d] = closeProducts(random);
      const difference = BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d);
      const expected = difference > 0n ? 1 : difference < 0n ? -1 : 0;
      seen.set(expected, (seen.get(expected) as number) + 1);
      const mixed = a * b === 0 && c * d === 0 ? 0 : 1;
      const agree =
        compareProducts(a, b, c, d) === expected &&
        compareProducts(-a, -b, c, d) === expected &&
        compareProducts(a, -b, -c, d) === 0 - expected &&
        compareProducts(a, b, c, -d) === mixed;
      if (!agree) mismatches.push([a, b, c, d].join(" "));
    }
    expect(mismatches).toEqual([]);
    for (const count of seen.values()) expect(count).toBeGreaterThan(QUADRUPLES / 10);
  });
});

describe("square roots", () => {
  test.each([
    [0, 0],
    [-0, 0],
    [1, 1],
    [2, 2],
    [4, 2],
    [5, 3],
    [MAX_EXACT, 94_906_266],
  ])("of %d, up: %d", (x, root) => expect(squareRootCeil(x)).toBe(root));

  test.each([-1, MAX_EXACT + 1, Number.NaN])("of %d are refused", (x) => {
    expect(() => squareRootCeil(x)).toThrow(InvariantViolation);
  });

  test("of every square's neighbourhood: all small roots, and 300,000 up to the largest", () => {
    const random = source(SEED + 3);
    const wrong: number[] = [];
    for (let root = 1; root < 50_000; root++) if (!isRootOfSquare(root)) wrong.push(root);
    for (let i = 0; i < 300_000; i++) {
      const root = i < 50_000 ? 94_906_265 - i : 1 + random(94_906_265);
      if (!isRootOfSquare(root)) wrong.push(root);
    }
    expect(wrong).toEqual([]);
  });
});

/** True when `root` is the root of its square and of what lies below, and not of what lies above. */
function isRootOfSquare(root: number): boolean {
  const square = root * root;
  return (
    squareRootCeil(square) === root &&
    squareRootCeil(square + 1) === root + 1 &&
    squareRootCeil(square - 1) === (root === 1 ? 0 : root)
  );
}

/** Runs the three divisions on every sign of random triples. `corrections` says how far the plain estimate was off. */
function fuzzTriples(
  triples: number,
  seed: number,
): { mismatches: readonly string[]; corrections: ReadonlySet<number>; refused: number } {
  const random = source(seed);
  const mismatches: string[] = [];
  const corrections = new Set<number>();
  let refused = 0;
  for (let tested = 0; tested < triples;) {
    const triple = adversarial(random);
    const [a, b, divisor] = triple;
    const expected = quotientOf(triple);
    // A throw costs a thousand times an answer: of what is far out of range a sample must do.
    const floor = expected.floor(false);
    if (floor > MAX_EXACT) {
      if (floor > 2 * MAX_EXACT && random(16) > 0) continue;
      refused++;
    } else corrections.add(floor - Math.floor((a * b) / divisor));
    tested++;
    for (let signs = 0; signs < 4; signs++) {
      const x = signs & 1 ? -a : a;
      const y = signs & 2 ? -b : b;
      const isNegative = signs === 1 || signs === 2;
      const agree =
        matches(() => mulDivFloor(x, y, divisor), expected.floor(isNegative)) &&
        matches(() => mulDivCeil(x, y, divisor), expected.ceil(isNegative)) &&
        matches(() => mulDivTruncate(x, y, divisor), expected.truncate(isNegative));
      if (!agree) mismatches.push(`${x} ${y} ${divisor}`);
    }
  }
  return { mismatches, corrections, refused };
}

/** What BigInt says of a·b/divisor and its negative. Beyond ±(2^53 − 1) only the side of the bound is meant. */
function quotientOf([a, b, divisor]: Triple) {
  const product = BigInt(a) * BigInt(b);
  const quotient = product / BigInt(divisor);
  const below = Number(quotient);
  const above = below + (quotient * BigInt(divisor) === product ? 0 : 1);
  return {
    floor: (isNegative: boolean) => (isNegative ? 0 - above : below),
    ceil: (isNegative: boolean) => (isNegative ? 0 - below : above),
    truncate: (isNegative: boolean) => (isNegative ? 0 - below : below),
  };
}

/** True if `actual` answers `expected`, +0 for 0, or throws as it must when that is out of range. */
function matches(actual: () => number, expected: number): boolean {
  if (Math.abs(expected) <= MAX_EXACT) return Object.is(actual(), expected);
  try {
    actual();
    return false;
  } catch (error) {
    return error instanceof InvariantViolation;
  }
}

type Random = (bound: number) => number;

/** Integers from 0 to bound − 1 ≤ 2^53 − 1, from two rounds of a 32-bit counter hash. */
function source(seed: number): Random {
  let counter = seed | 0;
  const word = (): number => {
    counter = (counter + 0x9e3779b9) | 0;
    let x = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return (x ^ (x >>> 15)) >>> 0;
  };
  return (bound) => {
    const wide = (word() & 0x1fffff) * 4_294_967_296 + word();
    return bound > MAX_EXACT ? wide : wide % bound;
  };
}

/** A number of any length: plain, next to a power of two, next to the largest, tiny, or with few bits set. */
function magnitude(random: Random): number {
  const power = 2 ** random(54);
  switch (random(6)) {
    case 0:
      return Math.min(MAX_EXACT, Math.abs(power + random(7) - 3));
    case 1:
      return MAX_EXACT - random(5);
    case 2:
      return random(4);
    case 3:
      return Math.min(MAX_EXACT, power + 2 ** random(53));
    case 4:
      return Math.max(0, Math.min(MAX_EXACT, power - 1) - 2 ** random(53));
    default:
      return Math.floor(power / 2) + random(Math.max(1, power / 2));
  }
}

/** Triples where an estimate, a split or a bound is most likely to be off by one. */
function adversarial(random: Random): Triple {
  const a = magnitude(random);
  const b = magnitude(random);
  const divisor = Math.max(1, magnitude(random));
  switch (random(10)) {
    case 0: // Any quotient.
      return [a, b, divisor];
    case 1: // Quotients on either side of the bound.
      return [a, b, withinRange((a / MAX_EXACT) * b + random(5) - 2)];
    case 2: // Quotients of full length, within the bound.
      return [a, b, withinRange((a / MAX_EXACT) * b * (1 + random(1e6) / 1e6) + 1)];
    case 3: // Any in range, long operands.
      return [a, MAX_EXACT - random(2 ** 52), Math.max(a, 1)];
    case 4: // Equal operands.
      return random(2) === 0 ? [a, a, Math.max(1, a)] : [a, b, Math.max(1, b)];
    case 5: // The extreme divisors.
      return [a, b, random(2) === 0 ? 1 : MAX_EXACT];
    case 6: // m² and m² ± 1 over m and m ± 1.
      return [withinRange(a + random(3) - 1), withinRange(a + random(3) - 1), withinRange(a + random(3) - 1)];
    case 7: {
      // Multiples of the divisor, by a common factor.
      const factor = 1 + random(2 ** 26);
      const other = 1 + random(2 ** 26);
      return [factor * other, b, factor];
    }
    default: {
      // Remainders of 1 and of divisor − 1.
      const remainder = random(2) === 0 ? 1 : divisor - 1;
      const inverse = inverseOf(a % divisor, divisor);
      return [a % divisor, remainder === 1 ? inverse : divisor - inverse, divisor];
    }
  }
}

function withinRange(x: number): number {
  return Math.max(1, Math.min(MAX_EXACT, Math.floor(x)));
}

/** The x below `modulus` with a·x ≡ gcd(a, modulus), by Euclid; every product in it is smaller than the modulus. */
function inverseOf(a: number, modulus: number): number {
  let [r, next] = [modulus, a];
  let [x, nextX] = [0, 1];
  while (next !== 0) {
    const quotient = Math.floor(r / next);
    [r, next] = [next, r - quotient * next];
    [x, nextX] = [nextX, x - quotient * nextX];
  }
  return x < 0 ? x + modulus : x;
}

/** Two pairs of factors whose products are equal, differ by little, or are unrelated. */
function closeProducts(random: Random): readonly [number, number, number, number] {
  const a = magnitude(random);
  const b = magnitude(random);
  const part = (): number => random(2 ** 26);
  switch (random(4)) {
    case 0:
      return [a, b, magnitude(random), magnitude(random)];
    case 1: {
      const [w, x, y, z] = [part(), part(), part(), part()];
      return [w * x, y * z, w * y, x * z];
    }
    case 2: {
      const m = Math.min(MAX_EXACT - 1, Math.max(1, a));
      return random(2) === 0 ? [m, m, m - 1, m + 1] : [m - 1, m + 1, m, m];
    }
    default: {
      const c = withinRange(MAX_EXACT - random(2 ** 52));
      return [a, b, c, withinRange((a / c) * b + random(3) - 1)];
    }
  }
}

function millions(count: number): string {
  return `${count / 1e6} million`;
}

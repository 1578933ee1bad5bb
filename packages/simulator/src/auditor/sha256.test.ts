import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { digestOf } from "./sha256.ts";

/** Lengths on both sides of a block, negative numbers, and numbers beyond 2^32. */
const RUNS: readonly (readonly (number | bigint)[])[] = [
  [],
  [0],
  [1, 2, 3, 4, 5, 6],
  [1, 2, 3, 4, 5, 6, 7],
  [-1, 2 ** 53 - 1, 2n ** 40n],
  Array.from({ length: 200 }, (_, index) => index * 7_919),
];

test.each(RUNS.map((values): [number, readonly (number | bigint)[]] => [values.length, values]))(
  "the digest of %d doubles is that of the platform",
  (_, values) => {
    const bytes = new Uint8Array(Float64Array.from(values, Number).buffer);
    const hash = createHash("sha256").update(bytes).digest();
    expect(digestOf(values)).toBe(hash.readBigUInt64BE() >> 12n);
  },
);

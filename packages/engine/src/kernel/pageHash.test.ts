import { describe, expect, test } from "vitest";
import { digestPage } from "./pageHash.ts";

const WORDS = 1024;
const SMALL_CHANGES = 1_000_000;

describe("a page digest", () => {
  test("is a function of the page's words, wherever they lie", () => {
    const page = randomPage(1);
    const elsewhere = new Int32Array(3 * WORDS).fill(-1);
    elsewhere.set(page, 20);
    const out = new Int32Array(8).fill(5);
    digestPage(elsewhere, 20, WORDS, out, 2);
    expect([...out]).toEqual([5, 5, ...digestOf(page), 5, 5]);
  });

  test("differs between a page and a longer one, also of zeroes", () => {
    const zeroes = [4, 8, 1020, 1024].map((length) => digestOf(new Int32Array(length)).join());
    expect(new Set(zeroes).size).toBe(zeroes.length);
  });

  test("changes with every single bit, by half its own bits on average", () => {
    for (const page of [randomPage(2), new Int32Array(WORDS)]) {
      const before = digestOf(page);
      const flips = new Float64Array(128);
      const unseen: number[] = [];
      for (let bit = 0; bit < WORDS * 32; bit++) {
        flip(page, bit);
        const difference = digestOf(page).map((word, at) => word ^ (before.at(at) ?? 0));
        flip(page, bit);
        if (difference.every((word) => word === 0)) unseen.push(bit);
        for (let at = 0; at < 128; at++) {
          flips[at] = (flips.at(at) ?? 0) + (((difference.at(at >> 5) ?? 0) >>> (at & 31)) & 1);
        }
      }
      expect(unseen).toEqual([]);
      // 32,768 trials: nine standard deviations are 2.5 %.
      for (const count of flips) expect(Math.abs(count / (WORDS * 32) - 0.5)).toBeLessThan(0.025);
    }
  });

  test("changes when two different words change places", () => {
    const page = randomPage(3);
    const before = digestOf(page).join();
    const random = source(4);
    const swaps = [
      ...Array.from({ length: WORDS - 1 }, (_, at) => [at, at + 1] as const),
      ...Array.from({ length: WORDS - 4 }, (_, at) => [at, at + 4] as const),
      ...Array.from({ length: 20_000 }, () => [random() % WORDS, random() % WORDS] as const),
    ];
    for (const [one, other] of swaps) {
      if (page[one] === page[other]) continue;
      swap(page, one, other);
      expect(digestOf(page).join()).not.toBe(before);
      swap(page, one, other);
    }
  });

  test(`tells ${SMALL_CHANGES / 1e6} million slightly different pages of zeroes apart`, () => {
    const page = new Int32Array(64);
    const out = new Int32Array(4);
    const random = source(5);
    const seen = new Set<string>();
    const contents = new Set<string>();
    while (contents.size < SMALL_CHANGES) {
      const places = [random() % 64, random() % 64, random() % 64] as const;
      const values = [1 << (random() % 32), random() % 1000, 1 << (random() % 32)] as const;
      page.fill(0);
      places.forEach((place, at) => (page[place] = values.at(at) ?? 0));
      contents.add(String.fromCharCode(...new Uint16Array(page.buffer)));
      digestPage(page, 0, page.length, out, 0);
      seen.add(String.fromCharCode(...new Uint16Array(out.buffer)));
    }
    expect(seen.size).toBe(contents.size);
  });
});

function digestOf(page: Int32Array): Int32Array {
  const out = new Int32Array(4);
  digestPage(page, 0, page.length, out, 0);
  return out;
}

function flip(page: Int32Array, bit: number): void {
  page[bit >> 5] = (page.at(bit >> 5) ?? 0) ^ (1 << (bit & 31));
}

function swap(page: Int32Array, one: number, other: number): void {
  const word = page.at(one) ?? 0;
  page[one] = page.at(other) ?? 0;
  page[other] = word;
}

function randomPage(seed: number): Int32Array {
  const random = source(seed);
  return Int32Array.from({ length: WORDS }, () => random());
}

/** Words from a 32-bit counter hash. */
function source(seed: number): () => number {
  let counter = Math.imul(seed, 0x2545f491);
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let x = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return (x ^ (x >>> 15)) >>> 0;
  };
}

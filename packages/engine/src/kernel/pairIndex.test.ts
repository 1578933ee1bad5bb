import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Arena, NIL, type Ref, Regions } from "./arena.ts";
import { MAX_EXACT } from "./checked.ts";
import { type PairIndex, find, insert, remove, reservePairIndex } from "./pairIndex.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const CAPACITY = 8;
const SLOTS = 16;
const ENTRY_WORDS = 8;

type Pair = readonly [first: number, second: number];

function indexOf(capacity: number): { readonly arena: Arena; readonly index: PairIndex } {
  const regions = new Regions();
  const index = reservePairIndex(regions, capacity);
  return { arena: new Arena(regions.words), index };
}

/** Slots in use, read from the memory itself. */
function occupied(arena: Arena, index: PairIndex): number[] {
  return Array.from({ length: index.mask + 1 }, (_, slot) => slot).filter(
    (slot) => arena.i32[index.base + slot * ENTRY_WORDS] !== NIL,
  );
}

/** The slot where a pair stands when it is alone. */
function homeOf([first, second]: Pair): number {
  const { arena, index } = indexOf(CAPACITY);
  insert(arena, index, first, second, 1 as Ref);
  return occupied(arena, index).at(0) as number;
}

/** Pairs by the slot where they belong, `depth` each. */
function pairsByHome(depth: number): readonly (readonly Pair[])[] {
  const homes: Pair[][] = Array.from({ length: SLOTS }, () => []);
  for (let first = 1; homes.some((pairs) => pairs.length < depth); first++) {
    for (const second of [0, first, MAX_EXACT - first, first * 2 ** 32]) {
      const pairs = homes.at(homeOf([first, second])) as Pair[];
      if (pairs.length < depth) pairs.push([first, second]);
    }
  }
  return homes;
}

const HOMES = pairsByHome(CAPACITY);
const homedAt = (home: number): readonly Pair[] => HOMES.at(home) as readonly Pair[];
const LAST = SLOTS - 1;

const isEmpty = (arena: Arena): boolean => arena.i32.every((word) => word === 0);

/** Runs insertions and removals against a map; every pair of the universe is looked up after each. */
function followsMap(universe: readonly Pair[], picks: readonly number[]): void {
  const { arena, index } = indexOf(CAPACITY);
  const model = new Map<Pair, number>();
  picks.forEach((pick, turn) => {
    const pair = universe.at(pick % universe.length) as Pair;
    const [first, second] = pair;
    if (model.has(pair)) {
      remove(arena, index, first, second);
      model.delete(pair);
    } else if (model.size < CAPACITY) {
      insert(arena, index, first, second, (turn + 1) as Ref);
      model.set(pair, turn + 1);
    } else remove(arena, index, first, second);
    for (const known of universe) expect(find(arena, index, ...known)).toBe(model.get(known) ?? NIL);
    expect(occupied(arena, index).length).toBe(model.size);
  });
  for (const [first, second] of model.keys()) remove(arena, index, first, second);
  expect(isEmpty(arena)).toBe(true);
}

const picks = fc.array(fc.nat(1000), { maxLength: 80 });

describe("pair index", () => {
  test("the table is a power of two and at most half full", () => {
    expect([1, 8, 9, 100, 1024].map((capacity) => indexOf(capacity).index.mask + 1)).toEqual([
      16, 16, 32, 256, 2048,
    ]);
  });

  test("it answers as a map would, for pairs from anywhere", () => {
    const number = fc.oneof(fc.nat(3), fc.maxSafeNat());
    const universes = fc.uniqueArray(fc.tuple(number, number), {
      minLength: 1,
      maxLength: 24,
      selector: (pair) => pair.join(" "),
    });
    fc.assert(fc.property(universes, picks, followsMap), { numRuns: RUNS });
  });

  test("it answers as a map would when all pairs belong to one slot", () => {
    fc.assert(
      fc.property(fc.nat(LAST), picks, (home, turns) => followsMap(homedAt(home), turns)),
      { numRuns: RUNS },
    );
  });

  test("it answers as a map would when clusters run over the end of the table", () => {
    const universe = [LAST - 1, LAST, 0, 1].flatMap((home) => homedAt(home).slice(0, 4));
    fc.assert(
      fc.property(picks, (turns) => followsMap(universe, turns)),
      { numRuns: RUNS },
    );
  });

  test("eight pairs of the last slot wrap to the start of the table", () => {
    const { arena, index } = indexOf(CAPACITY);
    homedAt(LAST).forEach(([first, second], row) => insert(arena, index, first, second, (row + 1) as Ref));
    expect(occupied(arena, index)).toEqual([0, 1, 2, 3, 4, 5, 6, LAST]);
    expect(homedAt(LAST).map((pair) => find(arena, index, ...pair))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("removing closes the gap across the end, and leaves alone whoever is at home", () => {
    const { arena, index } = indexOf(CAPACITY);
    const [a, b, c] = homedAt(LAST).slice(0, 3) as [Pair, Pair, Pair];
    const [atHome] = homedAt(1) as [Pair];
    insert(arena, index, ...a, 1 as Ref);
    insert(arena, index, ...b, 2 as Ref);
    insert(arena, index, ...atHome, 3 as Ref);
    insert(arena, index, ...c, 4 as Ref);
    expect(occupied(arena, index)).toEqual([0, 1, 2, LAST]);
    remove(arena, index, ...a);
    expect(occupied(arena, index)).toEqual([0, 1, LAST]);
    expect(find(arena, index, ...a)).toBe(NIL);
    expect([b, c, atHome].map((pair) => find(arena, index, ...pair))).toEqual([2, 4, 3]);
  });

  test("removing a pair that is not there changes nothing", () => {
    const { arena, index } = indexOf(CAPACITY);
    const [a, b] = homedAt(5) as [Pair, Pair];
    insert(arena, index, ...a, 1 as Ref);
    arena.commit();
    remove(arena, index, ...b);
    expect(arena.untouched).toBe(true);
  });

  test("pairs that differ in one number, or in its upper half only, are different", () => {
    const { arena, index } = indexOf(64);
    const pairs: Pair[] = [
      [1, 2],
      [2, 1],
      [1, 2 + 2 ** 32],
      [1 + 2 ** 32, 2],
      [1, 0],
      [MAX_EXACT, MAX_EXACT],
      [MAX_EXACT, MAX_EXACT - 1],
    ];
    pairs.forEach((pair, row) => insert(arena, index, ...pair, (row + 1) as Ref));
    expect(pairs.map((pair) => find(arena, index, ...pair))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(find(arena, index, 2, 2)).toBe(NIL);
  });

  test("ids that count up, or are multiples of 2^22, do not pile up", () => {
    const { index } = indexOf(1024);
    const families: readonly ((id: number) => Pair)[] = [
      (id) => [7, id],
      (id) => [7, id * 2 ** 22],
      (id) => [7, id * 2 ** 32],
      (id) => [id * 2 ** 32, 7],
      (id) => [id, 0],
    ];
    for (const pairOf of families) {
      const arena = new Arena(index.base + (index.mask + 1) * ENTRY_WORDS);
      for (let id = 1; id <= 1024; id++) insert(arena, index, ...pairOf(id), id as Ref);
      const used = new Set(occupied(arena, index));
      let longest = 0;
      let run = 0;
      for (let slot = 0; slot <= index.mask; slot++) {
        run = used.has(slot) ? run + 1 : 0;
        longest = Math.max(longest, run);
      }
      expect(longest).toBeLessThan(40);
    }
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Arena,
  type IntColumn,
  NIL,
  type NumColumn,
  PAGE_MARK,
  PAGE_WORDS,
  type Ref,
  Regions,
} from "./arena.ts";
import { MAX_EXACT } from "./checked.ts";
import { InvariantViolation } from "./invariant.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);

/** Rows of this test: 16 integers, then 8 doubles. */
const ROW_WORDS = 32;
const ROWS = (3 * PAGE_WORDS) / ROW_WORDS;
const INT_CELLS = 16;
const NUM_CELLS = 8;
const FIRST_RECORDS = 1 << 15;

const rowAt = (index: number): Ref<"cell"> => (index * ROW_WORDS) as Ref<"cell">;
const intAt = (index: number): IntColumn<"cell"> => index as IntColumn<"cell">;
const numAt = (index: number): NumColumn<"cell"> => (INT_CELLS / 2 + index) as NumColumn<"cell">;
const FIRST = rowAt(1);
const INT = intAt(0);
const NUM = numAt(0);

const fresh = (): Arena => new Arena(ROWS * ROW_WORDS);
const bytesOf = (arena: Arena): Buffer => Buffer.from(arena.buffer.slice(0));

type Step =
  | { readonly kind: "int" | "num"; readonly row: number; readonly cell: number; readonly value: number }
  | { readonly kind: "savepoint" | "commit" | "rollback" }
  | { readonly kind: "rollbackTo"; readonly depth: number };

const rows = fc.nat(ROWS - 1);
const int32 = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer());
const exact = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.maxSafeInteger());
const write: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("int" as const),
    row: rows,
    cell: fc.nat(INT_CELLS - 1),
    value: int32,
  }),
  fc.record({
    kind: fc.constant("num" as const),
    row: rows,
    cell: fc.nat(NUM_CELLS - 1),
    value: exact,
  }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: write },
  { weight: 3, arbitrary: fc.constant<Step>({ kind: "savepoint" }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("rollbackTo" as const), depth: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "commit" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "rollback" }) },
);

describe("the journal", () => {
  test("every rollback restores the bytes of its moment, whatever was written and however savepoints nest", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const arena = fresh();
        let committed = bytesOf(arena);
        let nested: { readonly savepoint: ReturnType<Arena["savepoint"]>; readonly bytes: Buffer }[] = [];
        for (const taken of steps) {
          switch (taken.kind) {
            case "int":
              arena.setInt(rowAt(taken.row), intAt(taken.cell), taken.value);
              break;
            case "num":
              arena.setNum(rowAt(taken.row), numAt(taken.cell), taken.value);
              break;
            case "savepoint":
              nested.push({ savepoint: arena.savepoint(), bytes: bytesOf(arena) });
              break;
            case "rollbackTo": {
              const depth = Math.min(taken.depth, nested.length - 1);
              const moment = nested[depth];
              if (moment === undefined) break;
              arena.rollbackTo(moment.savepoint);
              expect(bytesOf(arena).equals(moment.bytes)).toBe(true);
              nested = nested.slice(0, depth + 1);
              break;
            }
            case "commit":
              arena.commit();
              committed = bytesOf(arena);
              nested = [];
              expect(arena.untouched).toBe(true);
              break;
            case "rollback":
              arena.rollback();
              expect(bytesOf(arena).equals(committed)).toBe(true);
              nested = [];
          }
        }
        arena.rollback();
        expect(bytesOf(arena).equals(committed)).toBe(true);
        expect(arena.untouched).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  test("what is committed stays through a rollback", () => {
    const arena = fresh();
    arena.setInt(FIRST, INT, 7);
    arena.setNum(FIRST, NUM, 1e15);
    arena.commit();
    arena.setInt(FIRST, INT, 8);
    arena.setNum(FIRST, NUM, -1);
    arena.rollback();
    expect([arena.int(FIRST, INT), arena.num(FIRST, NUM)]).toEqual([7, 1e15]);
  });

  test("a command may write more than the first journal holds", () => {
    const arena = fresh();
    const before = bytesOf(arena);
    const middle = Math.floor(FIRST_RECORDS * 1.5);
    let savepoint = arena.savepoint();
    let half = before;
    for (let value = 1; value <= FIRST_RECORDS * 3; value++) {
      if (value === middle) [savepoint, half] = [arena.savepoint(), bytesOf(arena)];
      arena.setInt(rowAt(value % ROWS), intAt(value % INT_CELLS), value);
      arena.setNum(rowAt(value % ROWS), numAt(value % NUM_CELLS), -value);
    }
    expect(arena.numCount).toBe(FIRST_RECORDS * 3);
    arena.rollbackTo(savepoint);
    expect(bytesOf(arena).equals(half)).toBe(true);
    arena.rollback();
    expect(bytesOf(arena).equals(before)).toBe(true);
  });

  test("writing what is there already is a write like any other", () => {
    const arena = fresh();
    arena.setInt(FIRST, INT, 0);
    arena.setNum(FIRST, NUM, 0);
    arena.setNum(FIRST, NUM, -0);
    expect(arena.untouched).toBe(false);
    expect(arena.numCount).toBe(2);
    expect([...arena.marks]).toEqual([255, 0, 0]);
    expect(bytesOf(arena).equals(bytesOf(fresh()))).toBe(true);
  });

  test("records of doubles tell cell, value before and value after, in order", () => {
    const arena = fresh();
    arena.setNum(FIRST, NUM, 5);
    arena.setNum(FIRST, NUM, 3);
    const cell = FIRST / 2 + NUM;
    expect(arena.numCount).toBe(2);
    expect([...arena.numAt.subarray(0, 2)]).toEqual([cell, cell]);
    expect([...arena.numOld.subarray(0, 2)]).toEqual([0, 5]);
    expect([...arena.numNew.subarray(0, 2)]).toEqual([5, 3]);
  });

  test("without journaling writes are final, and asking for them back is a broken claim", () => {
    const arena = fresh();
    arena.journaling = false;
    arena.setInt(FIRST, INT, 7);
    arena.setNum(FIRST, NUM, 8);
    expect(arena.untouched).toBe(true);
    expect(() => arena.rollback()).toThrow("only a journaled arena can be rolled back");
    arena.journaling = true;
    arena.rollback();
    expect([arena.int(FIRST, INT), arena.num(FIRST, NUM)]).toEqual([7, 8]);
    expect(arena.marks[0]).not.toBe(0);
  });
});

describe("cells", () => {
  test.each([0, 1, -1, 2 ** 31 - 1, -(2 ** 31)])("an integer cell keeps %d", (value) => {
    const arena = fresh();
    arena.setInt(FIRST, INT, value);
    expect(arena.int(FIRST, INT)).toBe(value);
  });

  test.each([0.5, 2 ** 31, -(2 ** 31) - 1, MAX_EXACT, Number.NaN, Infinity, -Infinity])(
    "an integer cell refuses %d",
    (value) => {
      const arena = fresh();
      expect(() => arena.setInt(FIRST, INT, value)).toThrow("an integer cell holds a 32-bit integer");
      expect(arena.untouched).toBe(true);
    },
  );

  test.each([0, 1, -1, 2 ** 31, MAX_EXACT, -MAX_EXACT])("a number cell keeps %d", (value) => {
    const arena = fresh();
    arena.setNum(FIRST, NUM, value);
    expect(arena.num(FIRST, NUM)).toBe(value);
  });

  test.each([MAX_EXACT + 1, -MAX_EXACT - 1, Number.MAX_VALUE, Number.NaN, Infinity, -Infinity])(
    "a number cell refuses %d",
    (value) => {
      const arena = fresh();
      expect(() => arena.setNum(FIRST, NUM, value)).toThrow(InvariantViolation);
      expect(arena.untouched).toBe(true);
      expect(arena.num(FIRST, NUM)).toBe(0);
    },
  );

  test("a number cell asks for the range only: whole numbers are its writers' duty", () => {
    const arena = fresh();
    arena.setNum(FIRST, NUM, 0.5);
    expect(arena.num(FIRST, NUM)).toBe(0.5);
  });

  test("negative zero is stored as zero, also over another number", () => {
    const arena = fresh();
    arena.setNum(FIRST, NUM, 5);
    arena.setNum(FIRST, NUM, -0);
    arena.setInt(FIRST, INT, 5);
    arena.setInt(FIRST, INT, -0);
    expect(Object.is(arena.num(FIRST, NUM), 0)).toBe(true);
    expect(Object.is(arena.int(FIRST, INT), 0)).toBe(true);
    expect(bytesOf(arena).equals(bytesOf(fresh()))).toBe(true);
  });

  test("cells of neighbouring rows and columns do not touch each other", () => {
    const arena = fresh();
    const expected = new Map<string, number>();
    for (let row = 0; row < ROWS; row++) {
      for (let cell = 0; cell < INT_CELLS; cell++) {
        arena.setInt(rowAt(row), intAt(cell), row * 100 + cell);
        expected.set(`int ${row} ${cell}`, row * 100 + cell);
      }
      for (let cell = 0; cell < NUM_CELLS; cell++) {
        arena.setNum(rowAt(row), numAt(cell), -row * 1e12 - cell - 1);
        expected.set(`num ${row} ${cell}`, -row * 1e12 - cell - 1);
      }
    }
    const found = new Map<string, number>();
    for (let row = 0; row < ROWS; row++) {
      for (let cell = 0; cell < INT_CELLS; cell++) {
        found.set(`int ${row} ${cell}`, arena.int(rowAt(row), intAt(cell)));
      }
      for (let cell = 0; cell < NUM_CELLS; cell++) {
        found.set(`num ${row} ${cell}`, arena.num(rowAt(row), numAt(cell)));
      }
    }
    expect(found).toEqual(expected);
  });
});

describe("page marks", () => {
  test("each reader owns a bit of its own", () => {
    const bits = Object.values(PAGE_MARK);
    expect(bits.every((bit) => bit > 0 && (bit & (bit - 1)) === 0)).toBe(true);
    expect(new Set(bits).size).toBe(bits.length);
  });

  test.each([
    { why: "the first word of a page", word: PAGE_WORDS, page: 1 },
    { why: "the last word of a page", word: 2 * PAGE_WORDS - 1, page: 1 },
    { why: "the first word of all", word: 0, page: 0 },
    { why: "the last word of all", word: 3 * PAGE_WORDS - 1, page: 2 },
  ])("an integer at $why marks its page for every reader, and no other", ({ word, page }) => {
    const arena = fresh();
    arena.setInt(word as Ref<"cell">, INT, 1);
    expect([...arena.marks]).toEqual([0, 1, 2].map((index) => (index === page ? 255 : 0)));
  });

  test.each([
    { why: "the first double of a page", word: PAGE_WORDS, page: 1 },
    { why: "the last double of a page", word: 2 * PAGE_WORDS - 2, page: 1 },
  ])("a number at $why marks its page for every reader, and no other", ({ word, page }) => {
    const arena = fresh();
    arena.setNum(word as Ref<"cell">, 0 as NumColumn<"cell">, 1);
    expect([...arena.marks]).toEqual([0, 1, 2].map((index) => (index === page ? 255 : 0)));
  });

  test("a page that was rolled back stays marked, so that its readers look again", () => {
    const arena = fresh();
    arena.setInt(FIRST, INT, 1);
    arena.rollback();
    expect([...arena.marks]).toEqual([255, 0, 0]);
  });
});

describe("memory", () => {
  test("a fresh arena is whole pages of zeroes", () => {
    const arena = new Arena(PAGE_WORDS + 1);
    expect(arena.buffer.byteLength).toBe(2 * PAGE_WORDS * 4);
    expect(arena.i32.every((word) => word === 0)).toBe(true);
  });

  test("an arena whose addresses would not fit an integer cell is refused", () => {
    expect(() => new Arena(2 ** 31 + 1)).toThrow(RangeError);
  });

  test("regions start on cache lines, follow each other, and leave the empty link free", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }), (sizes) => {
        const regions = new Regions();
        const bases = sizes.map((size) => regions.take(size));
        expect(bases[0]).toBeGreaterThan(NIL);
        const ends = [...bases.slice(1), regions.words];
        sizes.forEach((size, index) => {
          const base = bases.at(index) as number;
          const room = (ends.at(index) as number) - base;
          expect(base % 16).toBe(0);
          expect(room).toBeGreaterThanOrEqual(size);
          expect(room).toBeLessThan(size + 16);
        });
      }),
      { numRuns: RUNS },
    );
  });
});

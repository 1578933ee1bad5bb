import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Arena, NIL, type NumColumn, type Ref, Regions } from "./arena.ts";
import { type Pool, freeRow, isExhausted, numberOf, reservePool, rowOf, takeRow, usedRows } from "./pool.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const STRIDE = 8;
const PAYLOAD = 1 as NumColumn<"row">;

function poolOf(capacity: number): { readonly arena: Arena; readonly pool: Pool<"row"> } {
  const regions = new Regions();
  regions.take(1);
  const pool = reservePool<"row">(regions, capacity, STRIDE);
  return { arena: new Arena(regions.words), pool };
}

/** Takes `count` rows and returns their numbers. */
function take(arena: Arena, pool: Pool<"row">, count: number): number[] {
  return Array.from({ length: count }, () => numberOf(pool, takeRow(arena, pool)));
}

describe("pool", () => {
  test("a new pool hands out its rows in order, and says when it has none left", () => {
    const { arena, pool } = poolOf(3);
    expect(take(arena, pool, 3)).toEqual([1, 2, 3]);
    expect(isExhausted(arena, pool)).toBe(true);
    expect(takeRow(arena, pool)).toBe(NIL);
    expect(usedRows(arena, pool)).toBe(3);
  });

  test("rows of any even size have the numbers they were taken under", () => {
    for (const stride of [2, 6, 8, 80, 112]) {
      const regions = new Regions();
      const pool = reservePool<"row">(regions, 1_000, stride);
      const arena = new Arena(regions.words);
      for (let number = 1; number <= 1_000; number++) {
        const row = takeRow(arena, pool);
        expect(row).toBe(pool.base + number * stride);
        expect([numberOf(pool, row), rowOf(arena, pool, number)]).toEqual([number, row]);
      }
    }
  });

  test("the row given back last is taken first", () => {
    const { arena, pool } = poolOf(4);
    take(arena, pool, 3);
    for (const number of [1, 3, 2]) freeRow(arena, pool, rowOf(arena, pool, number));
    expect(take(arena, pool, 4)).toEqual([2, 3, 1, 4]);
  });

  test("a reused row holds what its last owner left in it, but for its link", () => {
    const { arena, pool } = poolOf(2);
    const [first, second] = [takeRow(arena, pool), takeRow(arena, pool)];
    arena.setNum(first, PAYLOAD, 42);
    freeRow(arena, pool, second);
    freeRow(arena, pool, first);
    expect(arena.i32[first]).toBe(second);
    expect(takeRow(arena, pool)).toBe(first);
    expect(arena.i32[first]).toBe(NIL);
    expect(arena.num(first, PAYLOAD)).toBe(42);
  });

  test("a number that was never taken has no row", () => {
    const { arena, pool } = poolOf(3);
    take(arena, pool, 2);
    expect(rowOf(arena, pool, 2)).not.toBe(NIL);
    expect(rowOf(arena, pool, 3)).toBe(NIL);
    expect(rowOf(arena, pool, 4)).toBe(NIL);
  });

  test("a command that is rolled back gives back what it took", () => {
    const { arena, pool } = poolOf(4);
    take(arena, pool, 3);
    freeRow(arena, pool, rowOf(arena, pool, 2));
    arena.commit();
    expect(take(arena, pool, 2)).toEqual([2, 4]);
    arena.rollback();
    expect(take(arena, pool, 2)).toEqual([2, 4]);
  });

  test("whatever is taken and given back, rows are distinct, in bounds and counted", () => {
    const steps = fc.array(fc.oneof(fc.constant("take" as const), fc.nat(50)), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), steps, (capacity, taken) => {
        const { arena, pool } = poolOf(capacity);
        const live: Ref<"row">[] = [];
        const free: Ref<"row">[] = [];
        let used = 0;
        for (const step of taken) {
          if (step === "take") {
            const row = takeRow(arena, pool);
            if (live.length === capacity) expect(row).toBe(NIL);
            else {
              const expected = free.pop() ?? rowOf(arena, pool, ++used);
              expect(row).toBe(expected);
              live.push(row);
            }
          } else if (live.length > 0) {
            const [row] = live.splice(step % live.length, 1) as [Ref<"row">];
            freeRow(arena, pool, row);
            free.push(row);
          }
          expect(new Set(live).size).toBe(live.length);
          expect(usedRows(arena, pool)).toBe(used);
          expect(isExhausted(arena, pool)).toBe(live.length === capacity);
        }
        for (const row of live) {
          expect(rowOf(arena, pool, numberOf(pool, row))).toBe(row);
          expect(row + STRIDE).toBeLessThanOrEqual(arena.i32.length);
          expect(numberOf(pool, row)).toBeLessThanOrEqual(capacity);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Arena, NIL, PAGE_WORDS, type Ref } from "./arena.ts";
import {
  LEVEL,
  type Ladder,
  append,
  clearLinks,
  detach,
  ladderAt,
  ladderWords,
  levelAt,
  nextAbove,
  nextBelow,
} from "./ladder.ts";
import type { Ticks } from "./units.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const ALL_BITS = [15, 20, 22] as const;
/** Rows stand on the pages before the ladder. */
const ROW_WORDS = 16;
const BASE = PAGE_WORDS;

type Row = Ref<"order">;

interface Scene {
  readonly arena: Arena;
  readonly ladder: Ladder;
  readonly top: number;
}

const scenes = new Map<number, Scene>(
  ALL_BITS.map((bits) => {
    const scene = {
      arena: new Arena(BASE + ladderWords(bits)),
      ladder: ladderAt(BASE, bits),
      top: 2 ** bits - 1,
    };
    return [bits, scene];
  }),
);
const sceneOf = (bits: number): Scene => scenes.get(bits) as Scene;
const rowAt = (number: number): Row => (16 + number * ROW_WORDS) as Row;
const ticks = (tick: number): Ticks => tick as Ticks;

/** Ticks where words and storeys of the bitmap meet, and the ends of the range. */
function landmarks(bits: number): readonly number[] {
  const top = 2 ** bits - 1;
  const seams = [2 ** 5, 2 ** 10, 2 ** 15, 2 ** 20, 2 ** (bits - 1)].flatMap((size) =>
    [size, 3 * size, Math.floor(top / size) * size].flatMap((seam) => [seam - 1, seam, seam + 1]),
  );
  const ends = [1, 2, 31, 32, 33, top - 1, top];
  return [...new Set([...seams, ...ends])].filter((tick) => tick >= 1 && tick <= top);
}

type Step =
  | { readonly kind: "append"; readonly tick: number }
  | { readonly kind: "detach"; readonly pick: number };

function steps(bits: number): fc.Arbitrary<{ readonly steps: Step[]; readonly probes: number[] }> {
  const tick = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...landmarks(bits)) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 ** bits - 1 }) },
  );
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("append" as const), tick }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("detach" as const), pick: fc.nat() }) },
  );
  return fc.record({
    steps: fc.array(step, { maxLength: 60 }),
    probes: fc.array(tick, { minLength: 4, maxLength: 12 }),
  });
}

/** A sorted map of queues, to compare with. */
class Model {
  readonly queues = new Map<number, Row[]>();

  at(tick: number): Row[] {
    return this.queues.get(tick) ?? [];
  }

  all(): { readonly tick: number; readonly row: Row }[] {
    return [...this.queues].flatMap(([tick, queue]) => queue.map((row) => ({ tick, row })));
  }

  above(tick: number): number {
    return Math.min(...[...this.queues.keys()].filter((other) => other > tick), Infinity);
  }

  below(tick: number): number {
    return Math.max(...[...this.queues.keys()].filter((other) => other < tick), 0);
  }
}

/** Rows of a queue, read from its head and from its tail. */
function readLevel({ arena, ladder }: Scene, tick: number): { readonly forth: Row[]; readonly back: Row[] } {
  const level = levelAt(ladder, ticks(tick));
  const forth: Row[] = [];
  const back: Row[] = [];
  for (let row = arena.int(level, LEVEL.head); row !== NIL; row = arena.i32[row] as Row) forth.push(row);
  for (let row = arena.int(level, LEVEL.tail); row !== NIL; row = arena.i32[row + 1] as Row) back.push(row);
  back.reverse();
  return { forth, back };
}

function expectLevel(scene: Scene, model: Model, tick: number): void {
  const queue = model.at(tick);
  expect(readLevel(scene, tick)).toEqual({ forth: queue, back: queue });
}

function detachFrom(scene: Scene, model: Model, tick: number, row: Row): void {
  const { arena, ladder } = scene;
  const queue = model.at(tick).filter((other) => other !== row);
  expect(detach(arena, ladder, ticks(tick), row)).toBe(queue.length === 0);
  clearLinks(arena, row);
  if (queue.length === 0) model.queues.delete(tick);
  else model.queues.set(tick, queue);
}

/** True when no word of the ladder is set; only pages ever written are read. */
function isBlank({ arena }: Scene): boolean {
  return arena.marks.every((mark, page) => {
    if (mark === 0 || page * PAGE_WORDS < BASE) return true;
    return arena.i32.subarray(page * PAGE_WORDS, (page + 1) * PAGE_WORDS).every((word) => word === 0);
  });
}

describe.each(ALL_BITS)("a ladder of 2^%d ticks", (bits) => {
  test("it keeps queues and finds neighbours as a sorted map of queues does", () => {
    fc.assert(
      fc.property(steps(bits), (played) => {
        const scene = sceneOf(bits);
        const { arena, ladder } = scene;
        const model = new Model();
        let rows = 0;
        for (const step of played.steps) {
          if (step.kind === "append") {
            const row = rowAt(rows++);
            append(arena, ladder, ticks(step.tick), row);
            model.queues.set(step.tick, [...model.at(step.tick), row]);
            expectLevel(scene, model, step.tick);
            continue;
          }
          const all = model.all();
          const picked = all[step.pick % all.length];
          if (picked === undefined) continue;
          detachFrom(scene, model, picked.tick, picked.row);
          expectLevel(scene, model, picked.tick);
        }
        for (const tick of [0, ...played.probes, ...model.queues.keys(), scene.top]) {
          const above = model.above(tick);
          expect(nextAbove(arena, ladder, ticks(tick))).toBe(above === Infinity ? 0 : above);
          expect(nextBelow(arena, ladder, ticks(tick))).toBe(model.below(tick));
        }
        for (const { tick, row } of model.all()) detachFrom(scene, model, tick, row);
        expect(isBlank(scene)).toBe(true);
        arena.commit();
      }),
      { numRuns: RUNS },
    );
  });

  test("every landmark is found from every other, from above and below", () => {
    const scene = sceneOf(bits);
    const { arena, ladder, top } = scene;
    const marks = landmarks(bits);
    for (const tick of marks) {
      append(arena, ladder, ticks(tick), rowAt(0));
      for (const from of [0, ...marks, top]) {
        expect(nextAbove(arena, ladder, ticks(from))).toBe(from < tick ? tick : 0);
        expect(nextBelow(arena, ladder, ticks(from))).toBe(from > tick ? tick : 0);
      }
      detach(arena, ladder, ticks(tick), rowAt(0));
      expect(isBlank(scene)).toBe(true);
    }
    arena.commit();
  });

  test("a full word, and a word with only its highest bit, are read as unsigned", () => {
    const scene = sceneOf(bits);
    const { arena, ladder } = scene;
    for (let tick = 32; tick < 64; tick++) append(arena, ladder, ticks(tick), rowAt(tick - 32));
    for (let tick = 32; tick < 64; tick++) {
      expect(nextAbove(arena, ladder, ticks(tick))).toBe(tick === 63 ? 0 : tick + 1);
      expect(nextBelow(arena, ladder, ticks(tick))).toBe(tick === 32 ? 0 : tick - 1);
    }
    for (let tick = 32; tick < 63; tick++) detach(arena, ladder, ticks(tick), rowAt(tick - 32));
    expect(nextAbove(arena, ladder, ticks(0))).toBe(63);
    expect(nextBelow(arena, ladder, ticks(64))).toBe(63);
    detach(arena, ladder, ticks(63), rowAt(31));
    expect(isBlank(scene)).toBe(true);
    arena.commit();
  });

  test("its regions follow each other and end where it said they would", () => {
    const { ladder } = sceneOf(bits);
    expect(ladder.storeys.map(({ words }) => words)).toEqual(
      [1, 2, 3, 4].map((storey) => Math.max(1, 2 ** (bits - 5 * storey))),
    );
    const starts = [ladder.base, ...ladder.storeys.map(({ base }) => base), BASE + ladderWords(bits)];
    const sizes = [4 * 2 ** bits, ...ladder.storeys.map(({ words }) => words)];
    sizes.forEach((size, index) => {
      const start = starts.at(index) as number;
      const room = (starts.at(index + 1) as number) - start;
      expect(start % 16).toBe(0);
      expect(room).toBeGreaterThanOrEqual(size);
    });
  });
});

describe("ladders side by side", () => {
  test("two ladders in one arena do not see each other", () => {
    const second = BASE + ladderWords(15);
    const arena = new Arena(second + ladderWords(15));
    const [left, right] = [ladderAt(BASE, 15), ladderAt(second, 15)];
    const top = ticks(2 ** 15 - 1);
    append(arena, left, top, rowAt(0));
    append(arena, right, ticks(1), rowAt(1));
    expect([nextAbove(arena, left, ticks(0)), nextAbove(arena, right, ticks(0))]).toEqual([top, 1]);
    expect(nextAbove(arena, right, ticks(1))).toBe(0);
    expect(nextBelow(arena, left, top)).toBe(0);
  });
});

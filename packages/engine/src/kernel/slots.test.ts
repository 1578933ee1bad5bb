import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Arena, type IntColumn, NIL, type NumColumn, type Ref, Regions } from "./arena.ts";
import { type Pool, numberOf, reservePool } from "./pool.ts";
import { Slots } from "./slots.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const WORDS = 8;
const CAPACITY = 6;

/** A row of this test: four integers, then two doubles. */
const ROW = {
  link: 0 as IntColumn<"row">,
  generation: 1 as IntColumn<"row">,
  owner: 2 as IntColumn<"row", Ref>,
  count: 3 as IntColumn<"row">,
  amount: 2 as NumColumn<"row">,
} as const;
const OWNER = 16 as Ref;

interface Scene {
  readonly arena: Arena;
  readonly pool: Pool<"row">;
  readonly slots: Slots<"row">;
}

function sceneOf(): Scene {
  const regions = new Regions();
  const pool = reservePool<"row">(regions, CAPACITY, WORDS);
  const arena = new Arena(regions.words);
  const slots = new Slots(arena, pool, ROW.generation, ROW.owner, 4);
  arena.slots = slots;
  return { arena, pool, slots };
}

/** Takes a slot and fills it, as an order does. */
function open({ arena, slots }: Scene, value: number): Ref<"row"> {
  const slot = slots.take();
  if (slot === NIL) return slot;
  arena.putInt(slot, ROW.owner, OWNER);
  arena.putInt(slot, ROW.count, value);
  arena.putNum(slot, ROW.amount, value * 1e12);
  return slot;
}

const idOf = ({ arena, pool }: Scene, slot: Ref<"row">): string =>
  `${numberOf(pool, slot)}.${arena.int(slot, ROW.generation)}`;
const bytesOf = (arena: Arena): Buffer => Buffer.from(arena.buffer.slice(0));

/** What a slot table is to its users: numbers in a stack, each with its generation. */
interface Model {
  readonly free: readonly number[];
  readonly generations: readonly number[];
  readonly open: readonly Ref<"row">[];
}

type Step =
  | { readonly kind: "open" | "commit" | "rollback" | "savepoint" | "rollbackTo" }
  | { readonly kind: "close" | "write"; readonly pick: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ kind: "open" }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom("close" as const, "write" as const), pick: fc.nat() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "commit" as const,
        "rollback" as const,
        "savepoint" as const,
        "rollbackTo" as const,
      ),
    }),
  },
);

describe("slots", () => {
  test("whatever is taken, given back and undone: the last freed is taken first, ids never repeat, bytes come back", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const scene = sceneOf();
        const { arena, slots, pool } = scene;
        let now: Model = { free: [], generations: [], open: [] };
        let committed = { model: now, bytes: bytesOf(arena) };
        let saved: { model: Model; bytes: Buffer; at: ReturnType<Arena["savepoint"]> } | undefined;
        const returnTo = (moment: { model: Model; bytes: Buffer }): void => {
          now = moment.model;
          expect(bytesOf(arena).equals(moment.bytes)).toBe(true);
        };
        for (const [index, taken] of steps.entries()) {
          if (taken.kind === "open") {
            const full = now.free.length === 0 && now.generations.length === CAPACITY;
            expect(slots.isExhausted).toBe(full);
            const slot = open(scene, index + 1);
            expect(slot === NIL).toBe(full);
            if (full) continue;
            const number = now.free.at(-1) ?? now.generations.length + 1;
            const generations = [...now.generations];
            generations[number - 1] ??= 1;
            expect(idOf(scene, slot)).toBe(`${number}.${generations[number - 1]}`);
            now = { free: now.free.slice(0, -1), generations, open: [...now.open, slot] };
          } else if (taken.kind === "close" || taken.kind === "write") {
            const slot = now.open[taken.pick % now.open.length];
            if (slot === undefined) continue;
            if (taken.kind === "write") {
              arena.setInt(slot, ROW.count, -index);
              arena.addNum(slot, ROW.amount, 1);
              continue;
            }
            slots.giveBack(slot);
            expect(arena.int(slot, ROW.owner)).toBe(NIL);
            const number = numberOf(pool, slot);
            const generations = now.generations.map((count, at) => (at === number - 1 ? count + 1 : count));
            now = { free: [...now.free, number], generations, open: now.open.filter((one) => one !== slot) };
          } else if (taken.kind === "commit") {
            arena.commit();
            committed = { model: now, bytes: bytesOf(arena) };
            saved = undefined;
          } else if (taken.kind === "rollback") {
            arena.rollback();
            returnTo(committed);
            saved = undefined;
          } else if (taken.kind === "savepoint") {
            saved = { model: now, bytes: bytesOf(arena), at: arena.savepoint() };
          } else if (saved !== undefined) {
            arena.rollbackTo(saved.at);
            returnTo(saved);
          }
        }
      }),
      { numRuns: RUNS * 5 },
    );
  });

  test("a slot is clean when it is taken, whether another command gave it back or this one", () => {
    const scene = sceneOf();
    const { arena, slots } = scene;
    const contents = (slot: Ref<"row">): number[] => [
      arena.int(slot, ROW.link),
      arena.int(slot, ROW.owner),
      arena.int(slot, ROW.count),
      arena.num(slot, ROW.amount),
    ];
    for (const between of [() => arena.commit(), () => undefined]) {
      const slot = open(scene, 7);
      slots.giveBack(slot);
      between();
      const again = slots.take();
      expect(again).toBe(slot);
      expect(contents(again)).toEqual([0, 0, 0, 0]);
      slots.giveBack(again);
    }
  });

  test("every page a command writes is marked, the pool's own included", () => {
    const scene = sceneOf();
    const { arena } = scene;
    arena.marks.fill(0);
    scene.slots.giveBack(open(scene, 1));
    expect(arena.marks[0]).not.toBe(0);
    arena.marks.fill(0);
    arena.commit();
    expect(arena.marks[0]).not.toBe(0);
  });

  test("a slot that has used up its generations is never taken again", () => {
    const scene = sceneOf();
    const { arena, slots } = scene;
    const slot = open(scene, 1);
    arena.setInt(slot, ROW.generation, 2 ** 31 - 1);
    slots.giveBack(slot);
    arena.commit();
    expect(slots.take()).not.toBe(slot);
  });

  test("without journaling a slot is wiped and freed all the same", () => {
    const scene = sceneOf();
    const { arena, slots } = scene;
    arena.journaling = false;
    const slot = open(scene, 1);
    arena.commit();
    slots.giveBack(slot);
    arena.commit();
    expect(idOf(scene, slots.take())).toBe("1.2");
  });
});

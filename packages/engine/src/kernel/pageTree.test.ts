import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Arena, type IntColumn, PAGE_WORDS, type Ref } from "./arena.ts";
import { PageTree } from "./pageTree.ts";
import { sha256 } from "./sha256.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
/** A page more than a group, and a half. */
const PAGES = 97;
const CELL = 0 as IntColumn<"cell">;

const fresh = (): Arena => new Arena(PAGES * PAGE_WORDS);
const wordAt = (page: number, word: number): Ref<"cell"> => (page * PAGE_WORDS + word) as Ref<"cell">;

const rootOf = (tree: PageTree): string => Buffer.from(tree.root()).toString("hex");

/** What somebody would find who knows nothing but the bytes. */
function hashOfBytes(arena: Arena): string {
  const copy = fresh();
  copy.i32.set(arena.i32);
  const tree = new PageTree(copy, sha256);
  tree.invalidate();
  return rootOf(tree);
}

const write = fc.record({ page: fc.nat(PAGES - 1), word: fc.nat(PAGE_WORDS - 1), value: fc.integer() });

describe("page tree", () => {
  test("hashing after every few writes gives what hashing everything gives", () => {
    fc.assert(
      fc.property(fc.array(fc.array(write, { maxLength: 6 }), { maxLength: 6 }), (rounds) => {
        const arena = fresh();
        const tree = new PageTree(arena, sha256);
        for (const writes of rounds) {
          for (const { page, word, value } of writes) arena.setInt(wordAt(page, word), CELL, value);
          expect(rootOf(tree)).toBe(hashOfBytes(arena));
        }
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  test("only pages written since the last time are read", () => {
    const arena = fresh();
    const tree = new PageTree(arena, sha256);
    arena.setInt(wordAt(3, 0), CELL, 1);
    const before = rootOf(tree);
    arena.i32[wordAt(70, 0)] = 1;
    arena.i32[wordAt(3, 0)] = 2;
    expect(rootOf(tree)).toBe(before);
    arena.setInt(wordAt(3, 0), CELL, 1);
    expect(rootOf(tree)).toBe(before);
    arena.setInt(wordAt(70, 1), CELL, 1);
    expect(rootOf(tree)).toBe(hashOfBytes(arena));
  });

  test("reading the hash leaves the marks of other readers", () => {
    const arena = fresh();
    const tree = new PageTree(arena, sha256);
    arena.setInt(wordAt(3, 0), CELL, 1);
    tree.root();
    expect(arena.marks[3]).toBe(254);
  });

  test("a page that was written and rolled back counts as never written", () => {
    const blank = rootOf(new PageTree(fresh(), sha256));
    const arena = fresh();
    const tree = new PageTree(arena, sha256);
    arena.setInt(wordAt(5, 7), CELL, 42);
    arena.rollback();
    expect(rootOf(tree)).toBe(blank);
  });

  test("every byte counts, on the first page, at the end of a group, at the start of the next and on the last", () => {
    const arena = fresh();
    const tree = new PageTree(arena, sha256);
    for (const page of [0, 63, 64, PAGES - 1]) arena.setInt(wordAt(page, 100), CELL, 0x1234_5678);
    const view = new DataView(arena.buffer);
    const flip = (byte: number, bit: number): void => view.setUint8(byte, view.getUint8(byte) ^ bit);
    const seen = new Set([rootOf(tree)]);
    let flips = 0;
    for (const page of [0, 63, 64, PAGES - 1]) {
      for (let byte = page * PAGE_WORDS * 4; byte < (page + 1) * PAGE_WORDS * 4; byte++) {
        const bit = 1 << (byte % 8);
        flip(byte, bit);
        arena.marks[page] = 255;
        seen.add(rootOf(tree));
        flip(byte, bit);
        arena.marks[page] = 255;
        flips++;
      }
    }
    expect(seen.size).toBe(flips + 1);
  });

  test("the same pages in another place hash differently", () => {
    const seen = [0, 1, 63, 64, PAGES - 1].map((page) => {
      const arena = fresh();
      const tree = new PageTree(arena, sha256);
      arena.setInt(wordAt(page, 0), CELL, 1);
      return rootOf(tree);
    });
    expect(new Set(seen).size).toBe(5);
  });

  test("arenas of another size are other states, even when both are blank", () => {
    const roots = [1, 2, 64, 65].map((pages) => rootOf(new PageTree(new Arena(pages * PAGE_WORDS), sha256)));
    expect(new Set(roots).size).toBe(4);
  });

  test("bytes replaced behind the arena's back are seen once the tree is told to forget", () => {
    const arena = fresh();
    const tree = new PageTree(arena, sha256);
    const before = rootOf(tree);
    arena.i32[70 * PAGE_WORDS] = 1;
    expect(rootOf(tree)).toBe(before);
    tree.invalidate();
    expect(rootOf(tree)).toBe(hashOfBytes(arena));
  });
});

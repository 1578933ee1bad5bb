import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Arena, type IntColumn, PAGE_MARK, PAGE_WORDS, type Ref } from "./kernel/arena.ts";
import { DIGEST_WORDS } from "./kernel/pageTree.ts";
import { sha256 } from "./kernel/sha256.ts";
import { PAGE_BYTES, type StateDigests, StatePages } from "./statePages.ts";

const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 200) / 2);
/** Shards whose pages are no multiple of four, and one that begins in the middle of a group. */
const SHARDS = [7, 66, 1] as const;
const PAGES = 74;
const CELL = 0 as IntColumn<"cell">;

const arenas = (): Arena[] => SHARDS.map((pages) => new Arena(pages * PAGE_WORDS));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function write(all: readonly Arena[], page: number, word: number, value: number): void {
  const shard = page < 7 ? 0 : page < 73 ? 1 : 2;
  const first = [0, 7, 73][shard]!;
  all[shard]!.setInt(((page - first) * PAGE_WORDS + word) as Ref<"cell">, CELL, value);
}

const writes = fc.array(
  fc.record({ page: fc.nat(PAGES - 1), word: fc.nat(PAGE_WORDS - 1), value: fc.integer() }),
  { maxLength: 40 },
);

/** Copies what is unsaved into another state, so many pages at a time. */
function carry(from: StatePages, to: StatePages, digests: StateDigests, slice: number): number[] {
  const carried: number[] = [];
  const numbers = new Int32Array(slice);
  const bytes = new Uint8Array(slice * PAGE_BYTES);
  const words = new Int32Array(bytes.buffer);
  for (let page = 0; page < from.count;) {
    const { copied, next } = from.copy(page, numbers, bytes);
    for (let index = 0; index < copied; index++) {
      const number = numbers[index]!;
      const [seen, found] = [new Int32Array(DIGEST_WORDS), new Int32Array(DIGEST_WORDS)];
      digests.put(number, words, index * PAGE_WORDS, seen, 0);
      to.room(number, 1).set(bytes.subarray(index * PAGE_BYTES, (index + 1) * PAGE_BYTES));
      to.filled(number, 1, found, 0);
      expect(found.join()).toBe(seen.join());
      carried.push(number);
    }
    expect(copied === slice || next === from.count).toBe(true);
    page = next;
  }
  return carried;
}

describe("the pages of a state", () => {
  test("carried over whenever they were written are the state, and hash to it at once", () => {
    fc.assert(
      fc.property(fc.array(writes, { maxLength: 6 }), fc.integer({ min: 1, max: 9 }), (rounds, slice) => {
        const [here, there] = [arenas(), arenas()];
        const [from, to] = [new StatePages(here, sha256), new StatePages(there, sha256)];
        const digests = from.digests("blank");
        for (const round of rounds) {
          for (const { page, word, value } of round) write(here, page, word, value);
          const touched = [...new Set(round.map(({ page }) => page))].toSorted((a, b) => a - b);
          expect(from.unsaved()).toBe(touched.length);
          expect(carry(from, to, digests, slice)).toEqual(touched);
          expect(from.unsaved()).toBe(0);
          const hash = hex(from.hash());
          expect(hex(digests.hash())).toBe(hash);
          expect(hex(to.hash())).toBe(hash);
          expect(hex(to.digests("hashed").hash())).toBe(hash);
        }
        here.forEach(({ buffer }, index) =>
          expect(Buffer.compare(Buffer.from(there[index]!.buffer), Buffer.from(buffer))).toBe(0),
        );
      }),
      { numRuns: RUNS },
    );
  });

  test("are all carried over again once they count as unsaved, but for those never written", () => {
    const here = arenas();
    const from = new StatePages(here, sha256);
    for (const page of [0, 6, 7, 40, 73]) write(here, page, 5, page + 1);
    carry(from, new StatePages(arenas(), sha256), from.digests("blank"), 3);
    from.unsaveAll();
    expect(from.unsaved()).toBe(5);
    const to = new StatePages(arenas(), sha256);
    expect(carry(from, to, from.digests("blank"), 2)).toEqual([0, 6, 7, 40, 73]);
    expect(hex(to.hash())).toBe(hex(from.hash()));
    expect(to.unsaved()).toBe(0);
    to.unsaveAll();
    expect(to.unsaved()).toBe(5);
  });

  test("leave the marks of other readers, and digests apart are apart", () => {
    const here = arenas();
    const pages = new StatePages(here, sha256);
    write(here, 3, 0, 1);
    const apart = pages.digests("hashed");
    const before = hex(apart.hash());
    carry(pages, new StatePages(arenas(), sha256), pages.digests("blank"), 8);
    expect(here[0]!.marks[3]).toBe(255 & ~PAGE_MARK.unsaved);
    expect(hex(pages.hash())).not.toBe(before);
    expect(hex(apart.hash())).toBe(before);
  });

  test("lie shard by shard, and nowhere else", () => {
    const pages = new StatePages(arenas(), sha256);
    expect(pages.count).toBe(PAGES);
    expect(pages.room(5, 10).length).toBe(2 * PAGE_BYTES);
    expect(pages.room(7, 1_000).length).toBe(66 * PAGE_BYTES);
    for (const page of [-1, PAGES]) expect(() => pages.room(page, 1)).toThrow(RangeError);
  });
});

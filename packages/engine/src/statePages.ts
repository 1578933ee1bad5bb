/**
 * The state as pages of 4 KB, those of the vault first, then tier by tier, numbered through: what an incremental snapshot copies, and what a
 * recovery fills in.
 */
import { type Arena, PAGE_MARK, PAGE_WORDS } from "./kernel/arena.ts";
import { DIGEST_WORDS, PageDigests, PageTree } from "./kernel/pageTree.ts";
import { type Hash, SHA256_BYTES } from "./kernel/sha256.ts";

export const PAGE_BYTES: number = PAGE_WORDS * 4;

/** The same mark on four pages, as they lie side by side. */
const FOUR = 0x01_01_01_01;
const UNSAVED_FOUR = PAGE_MARK.unsaved * FOUR;

interface Shard {
  readonly arena: Arena;
  readonly tree: PageTree;
  /** Number of its first page. */
  readonly first: number;
  /** Its marks, four at a time; a rest of up to three pages is not in it. */
  readonly fours: Uint32Array;
}

export class StatePages {
  /** How many there are, used or not. */
  readonly count: number;
  private readonly shards: readonly Shard[];
  private readonly hashBytes: Hash;

  constructor(arenas: readonly Arena[], hash: Hash) {
    this.hashBytes = hash;
    let first = 0;
    this.shards = arenas.map((arena) => {
      const { marks } = arena;
      const fours = new Uint32Array(marks.buffer, marks.byteOffset, marks.length >> 2);
      const shard = { arena, tree: new PageTree(arena, hash), first, fours };
      first += marks.length;
      return shard;
    });
    this.count = first;
  }

  /** Hash of all pages; reads only those written since the last call. */
  hash(): Uint8Array {
    return hashOfRoots(
      this.shards.map(({ tree }) => tree.root()),
      this.hashBytes,
    );
  }

  /** How many pages were written since they were last copied. */
  unsaved(): number {
    let count = 0;
    for (const { arena, fours } of this.shards) {
      for (let four = 0; four < fours.length; four++) {
        const marks = (fours[four] as number) & UNSAVED_FOUR;
        if (marks !== 0) count += (Math.imul(marks >>> 1, FOUR) >>> 24) & 7;
      }
      for (let page = fours.length * 4; page < arena.marks.length; page++)
        if (((arena.marks[page] as number) & PAGE_MARK.unsaved) !== 0) count++;
    }
    return count;
  }

  /** Lets every page that is in use count as written since it was last copied. */
  unsaveAll(): void {
    for (const { arena } of this.shards) {
      const { marks } = arena;
      for (let page = 0; page < marks.length; page++)
        if (((marks[page] as number) & PAGE_MARK.used) !== 0)
          marks[page] = (marks[page] as number) | PAGE_MARK.unsaved;
    }
  }

  /**
   * Copies pages that were written since they were last copied, in ascending order.
   * @param from - page to begin at
   * @param numbers - takes their numbers; as many as it has room for are copied at most
   * @param bytes - takes what they hold, `PAGE_BYTES` each
   * @returns how many were copied, and the page to go on from; `count` at the end
   */
  copy(from: number, numbers: Int32Array, bytes: Uint8Array): { copied: number; next: number } {
    let copied = 0;
    for (const { arena, first, fours } of this.shards) {
      const { marks } = arena;
      const source = new Uint8Array(arena.buffer);
      let page = Math.max(0, from - first);
      while (page < marks.length) {
        const isBlankFour = (page & 3) === 0 && ((fours[page >> 2] ?? UNSAVED_FOUR) & UNSAVED_FOUR) === 0;
        if (isBlankFour) {
          page += 4;
          continue;
        }
        const mark = marks[page] as number;
        if ((mark & PAGE_MARK.unsaved) !== 0) {
          if (copied === numbers.length) return { copied, next: first + page };
          marks[page] = mark & ~PAGE_MARK.unsaved;
          bytes.set(source.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES), copied * PAGE_BYTES);
          numbers[copied++] = first + page;
        }
        page++;
      }
    }
    return { copied, next: this.count };
  }

  /**
   * Where pages lie, to be filled in: those from `first` on that are in one shard, `count` at most.
   * @throws {RangeError} if there is no such page
   */
  room(first: number, count: number): Uint8Array {
    const shard = this.shardOf(first);
    const page = first - shard.first;
    const end = Math.min(page + count, shard.arena.marks.length);
    return new Uint8Array(shard.arena.buffer, page * PAGE_BYTES, (end - page) * PAGE_BYTES);
  }

  /** Takes note of pages that were filled in, and writes their digests, `DIGEST_WORDS` words each. @param count - pages of one shard */
  filled(first: number, count: number, digests: Int32Array, at: number): void {
    const shard = this.shardOf(first);
    const { arena, tree } = shard;
    const page = first - shard.first;
    for (let index = 0; index < count; index++) {
      tree.digests.put(page + index, arena.i32, (page + index) * PAGE_WORDS);
      digests.set(tree.digests.of(page + index), at + index * DIGEST_WORDS);
    }
    // As whole as a page that was hashed and copied.
    arena.marks.fill(PAGE_MARK.used, page, page + count);
  }

  /** Digests of pages apart from the state, all of them blank, or those of the pages as they were last hashed. */
  digests(of: "blank" | "hashed"): StateDigests {
    const shards = this.shards.map(({ tree, arena, first }) => ({
      first,
      digests: of === "hashed" ? tree.digests.copy() : new PageDigests(arena.marks.length, this.hashBytes),
    }));
    return new StateDigests(shards, this.hashBytes);
  }

  private shardOf(page: number): Shard {
    if (!(page >= 0 && page < this.count)) throw new RangeError(`page ${page} of a state of ${this.count}`);
    return shardOf(this.shards, page);
  }
}

/** What a state hashes to that is made of copied pages. */
export class StateDigests {
  private readonly shards: readonly { readonly first: number; readonly digests: PageDigests }[];
  private readonly hashBytes: Hash;

  constructor(shards: StateDigests["shards"], hash: Hash) {
    this.shards = shards;
    this.hashBytes = hash;
  }

  /** Takes in what a page holds: the words from `start` on. Writes its digest, `DIGEST_WORDS` words. */
  put(page: number, words: Int32Array, start: number, digests: Int32Array, at: number): void {
    const shard = shardOf(this.shards, page);
    shard.digests.put(page - shard.first, words, start);
    digests.set(shard.digests.of(page - shard.first), at);
  }

  /** Does ahead of time what the next `hash` would have to do with what was put. */
  settle(): void {
    for (const { digests } of this.shards) digests.settle();
  }

  /** The state hash of these pages. */
  hash(): Uint8Array {
    return hashOfRoots(
      this.shards.map(({ digests }) => digests.root()),
      this.hashBytes,
    );
  }
}

function shardOf<Each extends { readonly first: number }>(shards: readonly Each[], page: number): Each {
  let index = shards.length - 1;
  while ((shards[index] as Each).first > page) index--;
  return shards[index] as Each;
}

function hashOfRoots(roots: readonly Uint8Array[], hash: Hash): Uint8Array {
  const bytes = new Uint8Array(roots.length * SHA256_BYTES);
  roots.forEach((root, index) => bytes.set(root, index * SHA256_BYTES));
  return hash(bytes);
}

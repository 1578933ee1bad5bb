/**
 * The hash of an arena, kept page by page: only pages written since the last time are read again.
 *
 * 64 page digests make a group (SHA-256); the group hashes make the root. A page of zeroes counts the same whether it was ever
 * written or not, so the root depends on content alone.
 */
import { type Arena, PAGE_MARK, PAGE_WORDS } from "./arena.ts";
import { digestPage } from "./pageHash.ts";
import { type Hash, SHA256_BYTES } from "./sha256.ts";

/** Words of a page's digest. */
export const DIGEST_WORDS = 4;
const GROUP_PAGES = 64;

/** Digests of pages wherever they lie, and the hash over all of them; at first every page is blank. */
export class PageDigests {
  private readonly pages: number;
  private readonly digests: Int32Array;
  private readonly digestBytes: Uint8Array;
  private readonly groups: Uint8Array;
  private readonly staleGroups: Uint8Array;
  private readonly hash: Hash;

  constructor(pages: number, hash: Hash) {
    this.pages = pages;
    this.hash = hash;
    const groups = Math.ceil(pages / GROUP_PAGES);
    this.digests = new Int32Array(groups * GROUP_PAGES * DIGEST_WORDS);
    this.digestBytes = new Uint8Array(this.digests.buffer);
    this.groups = new Uint8Array(groups * SHA256_BYTES);
    this.staleGroups = new Uint8Array(groups).fill(1);
    const words = pages * DIGEST_WORDS;
    if (words > 0) digestPage(new Int32Array(PAGE_WORDS), 0, PAGE_WORDS, this.digests, 0);
    for (let done = DIGEST_WORDS; done < words; done *= 2)
      this.digests.copyWithin(done, 0, Math.min(done, words - done));
    // Groups of blank pages are alike: only one is hashed, and the last if it is not full.
    const full = Math.floor(pages / GROUP_PAGES);
    if (full === 0) return;
    this.refreshGroup(0);
    for (let done = 1; done < full; done *= 2)
      this.groups.copyWithin(done * SHA256_BYTES, 0, Math.min(done, full - done) * SHA256_BYTES);
    this.staleGroups.fill(0, 0, full);
  }

  /** Digests what a page holds now: the words from `start` on. */
  put(page: number, words: Int32Array, start: number): void {
    digestPage(words, start, PAGE_WORDS, this.digests, page * DIGEST_WORDS);
    this.staleGroups[Math.floor(page / GROUP_PAGES)] = 1;
  }

  /** The digest of a page, `DIGEST_WORDS` words; a view. */
  of(page: number): Int32Array {
    return this.digests.subarray(page * DIGEST_WORDS, (page + 1) * DIGEST_WORDS);
  }

  /** Does ahead of time what the next `root` would have to do with what was put. */
  settle(): void {
    const { staleGroups } = this;
    for (let group = 0; group < staleGroups.length; group++)
      if (staleGroups[group] === 1) this.refreshGroup(group);
  }

  /** The hash of all pages as they were when they were last put. */
  root(): Uint8Array {
    this.settle();
    return this.hash(this.groups);
  }

  /** The same digests, to go on from apart. */
  copy(): PageDigests {
    const copy = new PageDigests(this.pages, this.hash);
    copy.digests.set(this.digests);
    copy.groups.set(this.groups);
    copy.staleGroups.set(this.staleGroups);
    return copy;
  }

  private refreshGroup(group: number): void {
    const bytes = GROUP_PAGES * DIGEST_WORDS * 4;
    const digest = this.hash(this.digestBytes.subarray(group * bytes, (group + 1) * bytes));
    this.groups.set(digest, group * SHA256_BYTES);
    this.staleGroups[group] = 0;
  }
}

export class PageTree {
  readonly digests: PageDigests;
  private readonly arena: Arena;

  constructor(arena: Arena, hash: Hash) {
    this.arena = arena;
    this.digests = new PageDigests(arena.marks.length, hash);
  }

  /** The hash of the arena as it is now. */
  root(): Uint8Array {
    this.refreshPages(this.arena);
    return this.digests.root();
  }

  /** Forgets everything known, as after the arena's bytes were replaced. */
  invalidate(): void {
    const { marks } = this.arena;
    for (let page = 0; page < marks.length; page++)
      marks[page] = (marks[page] as number) | PAGE_MARK.unhashed;
  }

  private refreshPages(arena: Arena): void {
    const { marks, i32 } = arena;
    for (let page = 0; page < marks.length; page++) {
      const mark = marks[page] as number;
      if ((mark & PAGE_MARK.unhashed) === 0) continue;
      marks[page] = mark & ~PAGE_MARK.unhashed;
      this.digests.put(page, i32, page * PAGE_WORDS);
    }
  }
}

/**
 * The hash of an arena, kept page by page: only pages written since the last time are read again.
 *
 * 64 page digests make a group (SHA-256); the group hashes make the root. A page of zeroes counts the same whether it was ever
 * written or not, so the root depends on content alone.
 */
import { type Arena, PAGE_MARK, PAGE_WORDS } from "./arena.ts";
import { digestPage } from "./pageHash.ts";
import { type Hash, SHA256_BYTES } from "./sha256.ts";

const DIGEST_WORDS = 4;
const GROUP_PAGES = 64;

export class PageTree {
  private readonly arena: Arena;
  private readonly digests: Int32Array;
  private readonly digestBytes: Uint8Array;
  private readonly groups: Uint8Array;
  private readonly staleGroups: Uint8Array;
  private readonly hash: Hash;

  constructor(arena: Arena, hash: Hash) {
    this.hash = hash;
    this.arena = arena;
    const pages = arena.marks.length;
    const groups = Math.ceil(pages / GROUP_PAGES);
    this.digests = new Int32Array(groups * GROUP_PAGES * DIGEST_WORDS);
    this.digestBytes = new Uint8Array(this.digests.buffer);
    this.groups = new Uint8Array(groups * SHA256_BYTES);
    this.staleGroups = new Uint8Array(groups).fill(1);
    const blank = new Int32Array(DIGEST_WORDS);
    digestPage(new Int32Array(PAGE_WORDS), 0, PAGE_WORDS, blank, 0);
    for (let page = 0; page < pages; page++) this.digests.set(blank, page * DIGEST_WORDS);
  }

  /** The hash of the arena as it is now. */
  root(): Uint8Array {
    const { staleGroups } = this;
    this.refreshPages(this.arena);
    for (let group = 0; group < staleGroups.length; group++)
      if (staleGroups[group] === 1) this.refreshGroup(group);
    return this.hash(this.groups);
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
      digestPage(i32, page * PAGE_WORDS, PAGE_WORDS, this.digests, page * DIGEST_WORDS);
      this.staleGroups[Math.floor(page / GROUP_PAGES)] = 1;
    }
  }

  private refreshGroup(group: number): void {
    const bytes = GROUP_PAGES * DIGEST_WORDS * 4;
    const digest = this.hash(this.digestBytes.subarray(group * bytes, (group + 1) * bytes));
    this.groups.set(digest, group * SHA256_BYTES);
    this.staleGroups[group] = 0;
  }
}

/**
 * A venue as bytes, and back. Only pages that were ever written are kept, so a snapshot is as large as the state, not as the
 * capacities.
 *
 * Layout, little-endian doubles and bytes: magic, version, sequence, number of capacity words, the capacities; receipt head and
 * state hash (32 bytes each), and the SHA-256 of all that; then per shard the number of pages kept, their numbers, and their
 * bytes. The header's hash is for what the state hash does not cover: capacities decide where a row lies, not what is in it.
 */
import { type Arena, PAGE_MARK, PAGE_WORDS } from "./kernel/arena.ts";
import { SHA256_BYTES, sha256 } from "./kernel/sha256.ts";
import { type Capacities, type TierCapacities, assertCapacities } from "./domain/capacities.ts";

const MAGIC = 0x42_4b_48_44;
const VERSION = 1;
const HEADER_DOUBLES = 4;
const PAGE_BYTES = PAGE_WORDS * 4;

/** Bytes that are not a snapshot of this version, or were damaged. */
export class SnapshotError extends Error {
  constructor(problem: string) {
    super(`not a usable snapshot: ${problem}`);
    this.name = "SnapshotError";
  }
}

export interface SnapshotHeader {
  readonly sequence: number;
  readonly capacities: Capacities;
  readonly head: Uint8Array;
  readonly stateHash: Uint8Array;
  /** Where the shards begin. */
  readonly bodyAt: number;
}

/** Writes a snapshot of the arenas, vault first. */
export function writeSnapshot(
  arenas: readonly Arena[],
  capacities: Capacities,
  sequence: number,
  head: Uint8Array,
  stateHash: Uint8Array,
): Uint8Array {
  const words = capacityWords(capacities);
  const headerDoubles = HEADER_DOUBLES + words.length;
  const kept = arenas.map(usedPages);
  const body = kept.reduce(
    (bytes, pages) => bytes + 8 + padded(pages.length * 4) + pages.length * PAGE_BYTES,
    0,
  );
  const out = new Uint8Array(headerDoubles * 8 + 3 * SHA256_BYTES + body);
  new Float64Array(out.buffer, 0, headerDoubles).set([MAGIC, VERSION, sequence, words.length, ...words]);
  let at = headerDoubles * 8;
  out.set(head, at);
  out.set(stateHash, at + SHA256_BYTES);
  at += 2 * SHA256_BYTES;
  out.set(sha256(out.subarray(0, at)), at);
  at += SHA256_BYTES;
  arenas.forEach((arena, index) => {
    at = writeArena(arena, kept[index] as Int32Array, out, at);
  });
  return out;
}

/** Reads what stands before the shards. @throws {SnapshotError} */
export function readHeader(bytes: Uint8Array): SnapshotHeader {
  const fixed = doublesAt(bytes, 0, HEADER_DOUBLES);
  if (fixed[0] !== MAGIC) throw new SnapshotError("it does not begin like one");
  if (fixed[1] !== VERSION) throw new SnapshotError(`version ${fixed[1]}, this engine reads ${VERSION}`);
  const count = fixed[3] as number;
  const words = doublesAt(bytes, HEADER_DOUBLES * 8, count);
  const at = (HEADER_DOUBLES + count) * 8;
  const hashAt = at + 2 * SHA256_BYTES;
  const hash = sha256(bytes.subarray(0, hashAt));
  if (hash.some((byte, index) => byte !== bytes[hashAt + index]))
    throw new SnapshotError("its header is damaged");
  return {
    sequence: fixed[2] as number,
    capacities: capacitiesFrom(words),
    head: copyOf(bytes, at, SHA256_BYTES),
    stateHash: copyOf(bytes, at + SHA256_BYTES, SHA256_BYTES),
    bodyAt: hashAt + SHA256_BYTES,
  };
}

/** Fills fresh arenas from a snapshot's body. @throws {SnapshotError} */
export function readBody(bytes: Uint8Array, bodyAt: number, arenas: readonly Arena[]): void {
  let at = bodyAt;
  for (const arena of arenas) at = readArena(bytes, at, arena);
  if (at !== bytes.length) throw new SnapshotError(`${bytes.length - at} bytes too many`);
}

function writeArena(arena: Arena, pages: Int32Array, out: Uint8Array, start: number): number {
  const source = new Uint8Array(arena.buffer);
  new Float64Array(out.buffer, start, 1)[0] = pages.length;
  new Int32Array(out.buffer, start + 8, pages.length).set(pages);
  let at = start + 8 + padded(pages.length * 4);
  for (let first = 0; first < pages.length;) {
    const run = runLength(pages, first);
    const from = (pages[first] as number) * PAGE_BYTES;
    out.set(source.subarray(from, from + run * PAGE_BYTES), at);
    at += run * PAGE_BYTES;
    first += run;
  }
  return at;
}

function readArena(bytes: Uint8Array, start: number, arena: Arena): number {
  const count = doublesAt(bytes, start, 1)[0] as number;
  const limit = arena.marks.length;
  if (!(Number.isInteger(count) && count >= 0 && count <= limit))
    throw new SnapshotError(`${count} pages in a shard of ${limit}`);
  const bodyAt = start + 8 + padded(count * 4);
  const end = bodyAt + count * PAGE_BYTES;
  if (end > bytes.length) throw new SnapshotError("it ends in the middle of a shard");
  const pages = new Int32Array(copyOf(bytes, start + 8, count * 4).buffer);
  const target = new Uint8Array(arena.buffer);
  for (let first = 0; first < count;) {
    const page = pages[first] as number;
    const run = runLength(pages, first);
    if (page < 0 || page + run > limit) throw new SnapshotError(`page ${page} of a shard of ${limit}`);
    target.set(
      bytes.subarray(bodyAt + first * PAGE_BYTES, bodyAt + (first + run) * PAGE_BYTES),
      page * PAGE_BYTES,
    );
    arena.marks.fill(255, page, page + run);
    first += run;
  }
  return end;
}

/** Numbers of consecutive pages from `first` on. */
function runLength(pages: Int32Array, first: number): number {
  let next = first + 1;
  while (next < pages.length && pages[next] === (pages[next - 1] as number) + 1) next++;
  return next - first;
}

function usedPages(arena: Arena): Int32Array {
  const { marks } = arena;
  let count = 0;
  for (let page = 0; page < marks.length; page++)
    if (((marks[page] as number) & PAGE_MARK.used) !== 0) count++;
  const pages = new Int32Array(count);
  let at = 0;
  for (let page = 0; page < marks.length; page++)
    if (((marks[page] as number) & PAGE_MARK.used) !== 0) pages[at++] = page;
  return pages;
}

function doublesAt(bytes: Uint8Array, at: number, count: number): Float64Array {
  const fits = Number.isInteger(count) && count >= 0 && at + count * 8 <= bytes.length;
  if (!fits) throw new SnapshotError("it ends in the middle of its header");
  return new Float64Array(copyOf(bytes, at, count * 8).buffer);
}

/** Bytes in a buffer of their own, whatever kind of array they come from: a Node `Buffer`'s `slice` is not one. */
function copyOf(bytes: Uint8Array, at: number, length: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(at, at + length));
  return copy;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

const TIER_FIELDS = ["markets", "buckets", "positions", "orders", "holdings", "ticks"] as const;

function capacityWords(capacities: Capacities): number[] {
  const tiers = capacities.tiers.flatMap((tier) => TIER_FIELDS.map((field) => tier[field]));
  return [capacities.accounts, capacities.balances, capacities.withdrawals, ...tiers];
}

/** A small integer as such, not as a double that happens to be whole: capacities go into addresses. */
function asSmall(value: number): number {
  const small = value | 0;
  return small === value ? small : value;
}

function capacitiesFrom(words: Float64Array): Capacities {
  const [accounts = 0, balances = 0, withdrawals = 0, ...rest] = Array.from(words, asSmall);
  const tiers: TierCapacities[] = [];
  for (let at = 0; at < rest.length; at += TIER_FIELDS.length) {
    const values = TIER_FIELDS.map((field, index) => [field, rest[at + index] ?? 0]);
    tiers.push(Object.fromEntries(values));
  }
  const capacities = { accounts, balances, withdrawals, tiers };
  try {
    assertCapacities(capacities);
  } catch (cause) {
    throw new SnapshotError(cause instanceof Error ? cause.message : "its capacities are not");
  }
  return capacities;
}

/**
 * A file of a snapshot: pages of the state, and what they are of. A *base* holds every page in use, a *delta* those written since the snapshot
 * before it. The first block is written last:
 *
 *     0 magic · 4 version · 8 sequence (f64) · 16 sequence of the snapshot before, −1 = none (f64) · 24 pages (f64) · 32 genesis ·
 *     64 head of the receipts · 96 state hash · 128 seal of the snapshot before · 160 SHA-256 of the table · 192 seal: SHA-256 of all this
 *
 * Then the pages, a block each; then the table: number (i32) and digest (16 bytes) of each. A page that was written again while the others
 * were copied is there twice, and the later one counts.
 */
import { createHash } from "node:crypto";
import { DIGEST_WORDS, PAGE_BYTES, SnapshotError, type StateSeal } from "@bulkhead/engine";
import { equal } from "@bulkhead/protocol/log";
import type { Storage, StoredFile } from "../log/storage.ts";

const MAGIC = 0x70_6b_68_62;
const VERSION = 2;
const HASH_BYTES = 32;
const AT = {
  magic: 0,
  version: 4,
  sequence: 8,
  before: 16,
  pages: 24,
  genesis: 32,
  head: 64,
  stateHash: 96,
  link: 128,
  table: 160,
  seal: 192,
} as const;
const NONE = -1;
const UNFINISHED = "unfinished";
const DIGITS = 16;
/** Words of an entry of the table. */
export const ENTRY_WORDS: number = 1 + DIGEST_WORDS;
export interface SnapshotHeader extends StateSeal {
  /** The snapshot this one goes on from; undefined for a base. */
  readonly before: { readonly sequence: number; readonly seal: Uint8Array } | undefined;
  readonly genesis: Uint8Array;
}

/** A header as it was found. */
export interface FoundHeader extends SnapshotHeader {
  readonly pages: number;
  readonly table: Uint8Array;
  readonly seal: Uint8Array;
}

/** What a snapshot's file is called. */
export interface SnapshotName {
  readonly sequence: number;
  readonly kind: "base" | "delta";
}

export function nameOf({ sequence, kind }: SnapshotName): string {
  return `${String(sequence).padStart(DIGITS, "0")}.${kind}`;
}

/** Snapshots in a storage, the oldest first; what has another name is none. */
export async function snapshotsIn(storage: Storage): Promise<SnapshotName[]> {
  return (await storage.list())
    .filter((name) => /^\d{16}\.(base|delta)$/.test(name))
    .map((name) => ({
      sequence: Number(name.slice(0, DIGITS)),
      kind: name.slice(DIGITS + 1) as SnapshotName["kind"],
    }));
}

/** A snapshot being written. */
export class SnapshotFile {
  private readonly storage: Storage;
  private readonly file: StoredFile;
  private readonly tables: Int32Array[] = [];
  private readonly tableHash = createHash("sha256");
  private count = 0;

  private constructor(storage: Storage, file: StoredFile) {
    this.storage = storage;
    this.file = file;
  }

  static async create(storage: Storage): Promise<SnapshotFile> {
    return new SnapshotFile(storage, await storage.create(UNFINISHED, 0));
  }

  /** Pages in it so far. */
  get pages(): number {
    return this.count;
  }

  /** Adds pages. @param digests - `DIGEST_WORDS` words each */
  async add(numbers: Int32Array, bytes: Uint8Array, digests: Int32Array): Promise<void> {
    const table = new Int32Array(numbers.length * ENTRY_WORDS);
    numbers.forEach((number, index) => {
      table[index * ENTRY_WORDS] = number;
      const digest = digests.subarray(index * DIGEST_WORDS, (index + 1) * DIGEST_WORDS);
      table.set(digest, index * ENTRY_WORDS + 1);
    });
    this.tables.push(table);
    this.tableHash.update(table);
    await this.file.write(bytes.subarray(0, numbers.length * PAGE_BYTES), byteOfPage(this.count));
    this.count += numbers.length;
  }

  /** Makes it durable, and only then a snapshot. @returns its seal */
  async finish(header: SnapshotHeader): Promise<Uint8Array> {
    const table = new Uint8Array(this.count * ENTRY_WORDS * 4);
    let at = 0;
    for (const { buffer, byteLength } of this.tables) {
      table.set(new Uint8Array(buffer), at);
      at += byteLength;
    }
    await this.file.write(table, byteOfPage(this.count));
    const block = encodeHeader(header, this.count, this.tableHash.digest());
    await this.file.write(block, 0);
    await this.file.sync();
    const kind = header.before === undefined ? "base" : "delta";
    await this.storage.rename(UNFINISHED, nameOf({ sequence: header.sequence, kind }));
    return block.slice(AT.seal, AT.seal + HASH_BYTES);
  }

  close(): Promise<void> {
    return this.file.close();
  }

  /** Takes away what was written of one that will not be finished: it serves nobody, and a full disk needs the room. */
  async discard(): Promise<void> {
    await this.storage.remove(UNFINISHED).catch(() => undefined);
  }
}

/** Reads what a file says it is. @throws {SnapshotError} if it is damaged */
export async function readSnapshotHeader(storage: Storage, name: SnapshotName): Promise<FoundHeader> {
  return withFile(storage, nameOf(name), async (file) => {
    const block = new Uint8Array(PAGE_BYTES);
    const read = await file.read(block, 0);
    const view = new DataView(block.buffer);
    const bytesAt = (at: number) => block.slice(at, at + HASH_BYTES);
    if (read < PAGE_BYTES || view.getUint32(AT.magic, true) !== MAGIC)
      throw new SnapshotError("it does not begin like one");
    if (!equal(sha256(block.subarray(0, AT.seal)), bytesAt(AT.seal)))
      throw new SnapshotError("its header is damaged");
    const version = view.getUint32(AT.version, true);
    if (version !== VERSION)
      throw new SnapshotError(`written in format ${version}, this node reads ${VERSION}`);
    const sequence = view.getFloat64(AT.sequence, true);
    const before = view.getFloat64(AT.before, true);
    if (sequence !== name.sequence || (before === NONE) !== (name.kind === "base"))
      throw new SnapshotError(`it is that of command ${sequence}, after ${before}`);
    return {
      sequence,
      before: before === NONE ? undefined : { sequence: before, seal: bytesAt(AT.link) },
      pages: view.getFloat64(AT.pages, true),
      genesis: bytesAt(AT.genesis),
      head: bytesAt(AT.head),
      stateHash: bytesAt(AT.stateHash),
      table: bytesAt(AT.table),
      seal: bytesAt(AT.seal),
    };
  });
}

/** Reads the numbers and digests of a file's pages, `ENTRY_WORDS` words each. @throws {SnapshotError} if they are damaged */
export async function readTable(file: StoredFile, { pages, table: hash }: FoundHeader): Promise<Int32Array> {
  const bytes = new Uint8Array(pages * ENTRY_WORDS * 4);
  const read = await file.read(bytes, byteOfPage(pages));
  if (read < bytes.length || !equal(sha256(bytes), hash))
    throw new SnapshotError("its table of pages is damaged");
  return new Int32Array(bytes.buffer);
}

/** Where a page lies in the file; the table lies where one more would. */
export function byteOfPage(slot: number): number {
  return (1 + slot) * PAGE_BYTES;
}

export async function withFile<Result>(
  storage: Storage,
  name: string,
  use: (file: StoredFile) => Promise<Result>,
): Promise<Result> {
  const file = await storage.open(name);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

function encodeHeader(header: SnapshotHeader, pages: number, table: Uint8Array): Uint8Array {
  const block = new Uint8Array(PAGE_BYTES);
  const view = new DataView(block.buffer);
  view.setUint32(AT.magic, MAGIC, true);
  view.setUint32(AT.version, VERSION, true);
  view.setFloat64(AT.sequence, header.sequence, true);
  view.setFloat64(AT.before, header.before?.sequence ?? NONE, true);
  view.setFloat64(AT.pages, pages, true);
  block.set(header.genesis, AT.genesis);
  block.set(header.head, AT.head);
  block.set(header.stateHash, AT.stateHash);
  if (header.before !== undefined) block.set(header.before.seal, AT.link);
  block.set(table, AT.table);
  block.set(sha256(block.subarray(0, AT.seal)), AT.seal);
  return block;
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

/**
 * A segment: one preallocated file of batches. Its first block says what it is:
 *
 *     0 magic · 4 version · 8 sequence of its first command (f64) · 16 salt · 32 link of its first batch · 64 genesis · 96 CRC-32
 */
import {
  BLOCK,
  type BatchHeader,
  HASH_BYTES,
  SALT_BYTES,
  announcedBytes,
  batchBytes,
  readBatch,
} from "./batch.ts";
import type { Digests } from "./digests.ts";
import { LogError } from "./logged.ts";
import type { LogFile } from "./source.ts";

const MAGIC = 0x67_65_73_62;
const VERSION = 1;
const AT = { magic: 0, version: 4, first: 8, salt: 16, link: 32, genesis: 64, crc: 96 } as const;
const SUFFIX = ".log";
const DIGITS = 16;
/** Bytes looked through at a time for what lies beyond a tail. */
const STRIDE = 2 ** 20;

export interface SegmentHeader {
  readonly first: number;
  readonly salt: Uint8Array;
  readonly link: Uint8Array;
  /** What the log is of: a digest of all that its commands are executed on. */
  readonly genesis: Uint8Array;
}

/** Where a walk through a segment stands: the next batch would begin at `at`, with command `next`, and link to `link`. */
export interface Place {
  readonly at: number;
  readonly next: number;
  readonly link: Uint8Array;
}

/** Name of the segment that begins with a command. */
export function segmentName(first: number): string {
  return `${String(first).padStart(DIGITS, "0")}${SUFFIX}`;
}

export function isSegment(name: string): boolean {
  return /^\d{16}\.log$/.test(name);
}

export function encodeSegmentHeader(header: SegmentHeader, { crc32 }: Pick<Digests, "crc32">): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const view = new DataView(block.buffer);
  view.setUint32(AT.magic, MAGIC, true);
  view.setUint32(AT.version, VERSION, true);
  view.setFloat64(AT.first, header.first, true);
  block.set(header.salt, AT.salt);
  block.set(header.link, AT.link);
  block.set(header.genesis, AT.genesis);
  view.setUint32(AT.crc, crc32(block.subarray(0, AT.crc)), true);
  return block;
}

/** @throws {LogError} if the file does not begin with a header, or is of another version */
export async function readSegmentHeader(
  file: LogFile,
  name: string,
  { crc32 }: Pick<Digests, "crc32">,
): Promise<SegmentHeader> {
  const block = new Uint8Array(BLOCK);
  const read = await file.read(block, 0);
  const view = new DataView(block.buffer);
  const isWhole =
    read === BLOCK &&
    view.getUint32(AT.magic, true) === MAGIC &&
    view.getUint32(AT.crc, true) === crc32(block.subarray(0, AT.crc));
  if (!isWhole)
    throw new LogError("corrupt", `${name}: its first block is not a segment's`, undefined, {
      segment: name,
      at: 0,
    });
  const version = view.getUint32(AT.version, true);
  if (version !== VERSION)
    throw new LogError("mismatch", `${name}: written in format ${version}; format ${VERSION} is read here`);
  return {
    first: view.getFloat64(AT.first, true),
    salt: block.slice(AT.salt, AT.salt + SALT_BYTES),
    link: block.slice(AT.link, AT.link + HASH_BYTES),
    genesis: block.slice(AT.genesis, AT.genesis + HASH_BYTES),
  };
}

/** Where the batches of a segment begin. */
export function placeOfFirst({ first, link }: SegmentHeader): Place {
  return { at: BLOCK, next: first, link };
}

/**
 * Makes sure that a place is where the segment's batches end: a batch that is cut off there was the last.
 * @throws {LogError} if a whole batch lies beyond: what is at the place was one, and has been damaged
 */
export async function expectEnd(
  file: LogFile,
  name: string,
  salt: Uint8Array,
  place: Place,
  digests: Digests,
): Promise<void> {
  for await (const { start, bytes } of strides(file, place.at)) {
    for (let offset = 0; offset < bytes.length; offset += BLOCK) {
      if (announcedBytes(bytes.subarray(offset)) === undefined) continue;
      const found = await wholeBatchAt(file, salt, start + offset, digests);
      if (found === undefined) continue;
      throw new LogError(
        "corrupt",
        `${name}: command ${place.next} was to be in the batch at byte ${place.at}, which is damaged; at byte ${start + offset} the log goes on with command ${found.first}`,
        undefined,
        { segment: name, at: place.at, command: place.next },
      );
    }
  }
}

/** True if only zeros follow. */
export async function isBlankFrom(file: LogFile, at: number): Promise<boolean> {
  for await (const { bytes } of strides(file, at)) if (!isBlank(bytes)) return false;
  return true;
}

function isBlank(bytes: Uint8Array): boolean {
  // Strides begin on blocks, in a buffer of their own: word by word, then what is left.
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let index = 0; index < words.length; index++) if (words[index] !== 0) return false;
  return bytes.subarray(words.length * 4).every((byte) => byte === 0);
}

/** A file from a byte on, piece by piece; each piece is gone once the next one is asked for. */
export async function* strides(
  file: LogFile,
  from: number,
): AsyncGenerator<{ start: number; bytes: Uint8Array }> {
  const buffer = new Uint8Array(STRIDE);
  for (let start = from; start < file.bytes; start += STRIDE) {
    const read = await file.read(buffer.subarray(0, Math.min(STRIDE, file.bytes - start)), start);
    if (read === 0) return;
    yield { start, bytes: buffer.subarray(0, read) };
  }
}

/** The header of the batch at a byte, if a whole one is there. */
async function wholeBatchAt(
  file: LogFile,
  salt: Uint8Array,
  at: number,
  digests: Digests,
): Promise<BatchHeader | undefined> {
  const block = new Uint8Array(BLOCK);
  await file.read(block, at);
  const bytes = batchBytes(announcedBytes(block) ?? 0);
  if (at + bytes > file.bytes) return undefined;
  const whole = new Uint8Array(bytes);
  await file.read(whole, at);
  return readBatch(whole, salt, digests);
}

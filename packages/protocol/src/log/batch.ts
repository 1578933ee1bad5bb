/**
 * A batch on disk: a header of 96 bytes, then the records of its commands, up to the end of the last block of 4 KB it reaches into.
 *
 *     0 magic · 4 bytes of records · 8 first sequence (f64) · 16 count · 20 CRC-32 · 24 zero · 32 link · 64 head
 *
 * `link` is the SHA-256 of the batch before, header and records: so no batch can be left out, moved or changed without every later one
 * showing it. `head` is the head of the engine's chain of receipts after the batch: who executes it again sees whether he answers alike.
 * The CRC covers the segment's salt, the header without the CRC, and the records. The salt is random and is not told while the segment is
 * being written: what a stranger puts into a command can therefore not pass for a batch where one was cut off.
 *
 * Batches begin on blocks, so that a write never touches a block that has been acknowledged.
 */
import type { Digests } from "./digests.ts";

export const BLOCK = 4_096;
export const HEADER_BYTES = 96;
export const HASH_BYTES = 32;
export const SALT_BYTES = 16;

const MAGIC = 0x68_63_74_62;
const AT = { magic: 0, bytes: 4, first: 8, count: 16, crc: 20, zero: 24, link: 32, head: 64 } as const;

const NO_CRC = new Uint8Array(4);
/** In place of a salt that is not told: the CRCs prove nothing to whoever reads it, links and receipts all that they proved before. */
export const UNTOLD: Uint8Array = new Uint8Array(SALT_BYTES);

/** What a header says. */
export interface BatchHeader {
  /** Sequence of its first command, and how many there are. */
  readonly first: number;
  readonly count: number;
  /** Of the records. */
  readonly bytes: number;
  readonly link: Uint8Array;
  readonly head: Uint8Array;
}

/** Bytes a batch of records takes on disk. */
export function batchBytes(recordBytes: number): number {
  return Math.ceil((HEADER_BYTES + recordBytes) / BLOCK) * BLOCK;
}

/** Writes the header in front of records that already lie at `HEADER_BYTES` of `target`, and seals both. */
export function sealBatch(
  target: Uint8Array,
  header: BatchHeader,
  salt: Uint8Array,
  { crc32 }: Pick<Digests, "crc32">,
): void {
  const view = new DataView(target.buffer, target.byteOffset, HEADER_BYTES);
  view.setUint32(AT.magic, MAGIC, true);
  view.setUint32(AT.bytes, header.bytes, true);
  view.setFloat64(AT.first, header.first, true);
  view.setUint32(AT.count, header.count, true);
  view.setFloat64(AT.zero, 0, true);
  target.set(header.link, AT.link);
  target.set(header.head, AT.head);
  const end = HEADER_BYTES + header.bytes;
  target.fill(0, end, batchBytes(header.bytes));
  view.setUint32(AT.crc, crcOf(target.subarray(0, end), salt, crc32), true);
}

/** The batch that begins at the start of `source`; undefined if none does, or it is not whole. */
export function readBatch(
  source: Uint8Array,
  salt: Uint8Array,
  { crc32 }: Pick<Digests, "crc32">,
): BatchHeader | undefined {
  const announced = announcedBytes(source);
  if (announced === undefined || HEADER_BYTES + announced > source.length) return undefined;
  const view = new DataView(source.buffer, source.byteOffset, HEADER_BYTES);
  if (view.getFloat64(AT.zero, true) !== 0) return undefined;
  const isTold = salt.some((byte) => byte !== 0);
  if (
    isTold &&
    crcOf(source.subarray(0, HEADER_BYTES + announced), salt, crc32) !== view.getUint32(AT.crc, true)
  )
    return undefined;
  return {
    first: view.getFloat64(AT.first, true),
    count: view.getUint32(AT.count, true),
    bytes: announced,
    link: source.slice(AT.link, AT.link + HASH_BYTES),
    head: source.slice(AT.head, AT.head + HASH_BYTES),
  };
}

/** How many bytes of records the header at the start of `source` speaks of; undefined if it is none. Nothing is proved by it yet. */
export function announcedBytes(source: Uint8Array): number | undefined {
  if (source.length < HEADER_BYTES) return undefined;
  const view = new DataView(source.buffer, source.byteOffset, HEADER_BYTES);
  return view.getUint32(AT.magic, true) === MAGIC ? view.getUint32(AT.bytes, true) : undefined;
}

/** What the next batch links to. */
export function linkOf(
  batch: Uint8Array,
  recordBytes: number,
  { sha256 }: Pick<Digests, "sha256">,
): Uint8Array {
  return sha256(batch.subarray(0, HEADER_BYTES + recordBytes));
}

/** Of a whole batch; its own field counts as zero. */
function crcOf(batch: Uint8Array, salt: Uint8Array, crc32: Digests["crc32"]): number {
  const before = crc32(NO_CRC, crc32(batch.subarray(0, AT.crc), crc32(salt)));
  return crc32(batch.subarray(AT.crc + NO_CRC.length), before);
}

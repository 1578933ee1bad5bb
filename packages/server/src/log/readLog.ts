/** Reading a log from its storage alone: whoever verifies, inspects or follows one does it so, and so does its own node. */
import { BLOCK, HEADER_BYTES } from "./batch.ts";
import { type Batch, LogError } from "./commandLog.ts";
import { type SegmentHeader, batchAt, equal, isSegment, placeOfFirst, readSegmentHeader } from "./segment.ts";
import type { Storage, StoredFile } from "./storage.ts";

/** A segment that is there, by what its first block says. */
export interface Segment {
  readonly name: string;
  readonly header: SegmentHeader;
}

/**
 * The segments of a log in order.
 * @throws {LogError} if one of them is none, or they are of different logs
 */
export async function segmentsOf(storage: Storage): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of (await storage.list()).filter(isSegment)) {
    const file = await storage.open(name);
    try {
      segments.push({ name, header: await readSegmentHeader(file, name) });
    } finally {
      await file.close();
    }
  }
  const stranger = segments.find(({ header }) => !equal(header.genesis, segments[0]!.header.genesis));
  if (stranger !== undefined)
    throw new LogError("mismatch", `${stranger.name}: of another log than ${segments[0]!.name}`);
  return segments;
}

/**
 * The batches from the one that holds a sequence on, up to the first place of the last segment where none is whole.
 * @param until - sequence to end with; what lies beyond is not looked at
 * @throws {LogError} where a batch is damaged, missing or not the one that was there before it
 */
export async function* readLog(
  storage: Storage,
  sequence: number,
  until: number = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Batch> {
  const segments = await segmentsOf(storage);
  const start = Math.max(0, segments.filter(({ header }) => header.first <= sequence).length - 1);
  let link: Uint8Array | undefined;
  let next: number | undefined;
  for (let index = start; index < segments.length; index++) {
    const { name, header } = segments[index] as Segment;
    const isContinued = next === undefined || link === undefined;
    if (!isContinued && (header.first !== next || !equal(header.link, link!)))
      throw new LogError(
        "corrupt",
        `${name}: begins with command ${header.first}, the one before it ends with ${next! - 1}`,
      );
    const file = await storage.open(name);
    try {
      let place = placeOfFirst(header);
      while (place.next <= until) {
        const found = await batchAt(file, header.salt, place);
        if (found === undefined) break;
        place = found.after;
        if (place.next > sequence) yield batchOf(found.header, found.bytes);
      }
      if (place.next <= until && index < segments.length - 1)
        await expectEnd(file, name, place.at, place.next, segments[index + 1]!);
      ({ next, link } = place);
    } finally {
      await file.close();
    }
    if (next > until) return;
  }
}

/** A segment may only end where the next one goes on. */
async function expectEnd(
  file: StoredFile,
  name: string,
  at: number,
  next: number,
  following: Segment,
): Promise<void> {
  if (following.header.first === next) return;
  throw new LogError(
    "corrupt",
    `${name}: command ${next} was to be in the batch at byte ${at} of ${file.bytes}, and is not; ${following.name} goes on with ${following.header.first}`,
  );
}

function batchOf(
  header: { first: number; count: number; bytes: number; head: Uint8Array },
  bytes: Uint8Array,
): Batch {
  const { first, count, head } = header;
  return { first, count, records: bytes.subarray(HEADER_BYTES, HEADER_BYTES + header.bytes), head };
}

/** Bytes of a segment that batches can lie in. */
export function roomOf(segmentBytes: number): number {
  return segmentBytes - BLOCK;
}

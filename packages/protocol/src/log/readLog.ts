/** Reading a log from where it lies, and nothing else: whoever verifies, inspects or follows one does it so, and so does its own node. */
import { HEADER_BYTES } from "./batch.ts";
import type { Digests } from "./digests.ts";
import { type Batch, LogError, type LogPlace } from "./logged.ts";
import {
  type Place,
  type SegmentHeader,
  expectEnd,
  isBlankFrom,
  isSegment,
  placeOfFirst,
  readSegmentHeader,
} from "./segment.ts";
import { type Found, SegmentReader } from "./segmentReader.ts";
import { type LogFile, type LogSource, equal } from "./source.ts";

/** A segment that is there, by what its first block says. */
export interface Segment {
  readonly name: string;
  readonly header: SegmentHeader;
}

/**
 * The segments of a log in order.
 * @throws {LogError} if one of them is none, or they are of different logs
 */
export async function segmentsOf(source: LogSource, digests: Digests): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of (await source.list()).filter(isSegment)) {
    const file = await source.open(name);
    try {
      segments.push({ name, header: await readSegmentHeader(file, name, digests) });
    } finally {
      await file.close();
    }
  }
  const [first] = segments;
  const stranger = segments.find(({ header }) => !equal(header.genesis, (first as Segment).header.genesis));
  if (stranger !== undefined)
    throw new LogError("mismatch", `${stranger.name}: of another log than ${(first as Segment).name}`);
  return segments;
}

/** A place in a log that moves forward, batch by batch, and may wait at the end for what is still to be written. */
export class LogReader {
  private readonly source: LogSource;
  private readonly digests: Digests;
  private segment: Segment;
  private file: LogFile;
  private reader: SegmentReader;
  private readAt: LogPlace | undefined;
  /** Batches that end before it are passed over. */
  private readonly from: number;

  private constructor(source: LogSource, digests: Digests, segment: Segment, file: LogFile, from: number) {
    this.source = source;
    this.digests = digests;
    this.segment = segment;
    this.file = file;
    this.reader = readerOf(file, segment, digests);
    this.from = from;
  }

  /**
   * A reader before the batch that holds a sequence, or before the first that is kept; undefined if nothing is there yet.
   * @throws {LogError} if the segments are none, or of different logs
   */
  static async open(source: LogSource, sequence: number, digests: Digests): Promise<LogReader | undefined> {
    const segments = await segmentsOf(source, digests);
    const before = segments.filter(({ header }) => header.first <= sequence);
    const segment = before.at(-1) ?? segments[0];
    if (segment === undefined) return undefined;
    return new LogReader(source, digests, segment, await source.open(segment.name), sequence);
  }

  private get place(): Place {
    return this.reader.place;
  }

  /** Where the batch lies that was read last; undefined before the first. */
  get lastRead(): LogPlace | undefined {
    return this.readAt;
  }

  /** Sequence of the command that comes next. */
  get next(): number {
    return this.place.next;
  }

  /**
   * The next batch; undefined if there is no whole one yet.
   * @throws {LogError} where a batch is damaged, missing or not the one that was there before it
   */
  async read(): Promise<Batch | undefined> {
    for (;;) {
      const found = await this.reader.find();
      if (found === undefined) {
        if (await this.enterNextSegment()) continue;
        return undefined;
      }
      this.readAt = { segment: this.segment.name, at: this.place.at, command: this.place.next };
      this.reader.place = found.after;
      if (this.place.next > this.from) return batchOf(found);
    }
  }

  /**
   * The same, at the end of a log that nobody waits at: whether it ends there is looked at.
   * @throws {LogError} also if the next batch is damaged and the log goes on beyond it
   */
  async readToEnd(): Promise<Batch | undefined> {
    const batch = await this.read();
    if (batch !== undefined) return batch;
    try {
      await expectEnd(this.file, this.segment.name, this.segment.header.salt, this.place, this.digests);
    } catch (error) {
      // Its node may have written on since.
      const written = await this.read();
      if (written !== undefined) return written;
      throw error;
    }
    return undefined;
  }

  /** The byte of its segment from which on there is something that is no whole batch; undefined if only zeros follow. */
  async cutOffAt(): Promise<number | undefined> {
    return (await isBlankFrom(this.file, this.place.at)) ? undefined : this.place.at;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /** Goes on in the segment that follows, if there is one. It must begin where this one ends. */
  private async enterNextSegment(): Promise<boolean> {
    const { name, header } = this.segment;
    const following = (await segmentsOf(this.source, this.digests)).find(
      (other) => other.header.first > header.first,
    );
    if (following === undefined) return false;
    // It may have been written since this one's end was looked at.
    if ((await this.reader.find()) !== undefined) return true;
    const { at, next, link } = this.place;
    if (following.header.first !== next || !equal(following.header.link, link))
      throw new LogError(
        "corrupt",
        `${name}: command ${next} was to be in the batch at byte ${at} of ${this.file.bytes}, and is not; ${following.name} goes on with ${following.header.first}`,
        undefined,
        { segment: name, at, command: next },
      );
    await this.file.close();
    this.file = await this.source.open(following.name);
    this.segment = following;
    this.reader = readerOf(this.file, following, this.digests);
    return true;
  }
}

/**
 * The batches from the one that holds a sequence on, up to the first place of the last segment where none is whole.
 * @param until - sequence to end with; what lies beyond is not looked at
 * @throws {LogError} where a batch is damaged, missing or not the one that was there before it
 */
export async function* readLog(
  source: LogSource,
  sequence: number,
  digests: Digests,
  until: number = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Batch> {
  const reader = await LogReader.open(source, sequence, digests);
  if (reader === undefined) return;
  try {
    while (reader.next <= until) {
      const batch = await reader.readToEnd();
      if (batch === undefined) return;
      yield batch;
    }
  } finally {
    await reader.close();
  }
}

function readerOf(file: LogFile, { header }: Segment, digests: Digests): SegmentReader {
  return new SegmentReader(file, header.salt, placeOfFirst(header), digests);
}

function batchOf({ header: { first, count, head, bytes: length }, bytes }: Found): Batch {
  return { first, count, records: bytes.subarray(HEADER_BYTES, HEADER_BYTES + length), head };
}

/** The sequence a log ends with, as its last segment is now; 0 if there is none. @throws {LogError} where a batch of that one is damaged */
export async function lastSequenceOf(source: LogSource, digests: Digests): Promise<number> {
  const reader = await LogReader.open(source, Number.MAX_SAFE_INTEGER, digests);
  if (reader === undefined) return 0;
  try {
    while ((await reader.read()) !== undefined);
    return reader.next - 1;
  } finally {
    await reader.close();
  }
}

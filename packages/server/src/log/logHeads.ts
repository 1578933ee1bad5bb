/**
 * Heads of the chain of receipts, looked up where a public log has them. A segment can only be walked from a place at which the batch before is
 * known; where a walk comes by, such places are kept, so that the next one begins near what it looks for.
 */
import {
  type BatchHeader,
  type LogFile,
  LogError,
  type Place,
  SegmentReader,
  placeOfFirst,
  readSegmentHeader,
} from "@bulkhead/protocol/log";
import { DIGESTS } from "./digests.ts";
import type { PublicLog, PublicSegment } from "./publicLog.ts";

/** Bytes between places that are kept: where somebody has walked before, a walk reads about twice as many at most. 64 MB of log take 128 places. */
const STRIDE = 2 ** 19;

/** What a batch is of, and the head after it. */
export type BatchHead = Pick<BatchHeader, "first" | "count" | "head">;

export class LogHeads {
  private readonly log: PublicLog;
  private readonly stride: number;
  /** Of segments that are kept, by name, in order. What is durable does not move, so they hold while a segment is still being written. */
  private readonly places = new Map<string, Place[]>();
  /** Looks one after another: the first in a segment may read all of it. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(log: PublicLog, stride: number = STRIDE) {
    this.log = log;
    this.stride = stride;
  }

  /**
   * The head after the batch that holds a command; undefined if the log has it not, or no longer.
   * @throws {LogError} where the batches before it are damaged
   */
  async batchOf(sequence: number): Promise<BatchHead | undefined> {
    const found = this.last.then(() => this.find(sequence));
    this.last = found.catch(() => undefined);
    return found;
  }

  private async find(sequence: number): Promise<BatchHead | undefined> {
    const { first, last } = this.log;
    if (sequence < first || sequence > last) return undefined;
    const segments = await this.log.segments();
    for (const name of this.places.keys())
      if (!segments.some((each) => each.name === name)) this.places.delete(name);
    const segment = segments.findLast((each) => each.first <= sequence);
    return segment && this.walk(segment, sequence);
  }

  /** Goes through a segment from the nearest place that is known to the batch that holds a command. */
  private async walk(segment: PublicSegment, sequence: number): Promise<BatchHead> {
    const { name } = segment;
    const file = fileOf(this.log, segment);
    const header = await readSegmentHeader(file, name, DIGESTS);
    const known = this.places.get(name) ?? [placeOfFirst(header)];
    this.places.set(name, known);
    const from = known.findLast(({ next }) => next <= sequence) as Place;
    const reader = new SegmentReader(file, header.salt, from, DIGESTS);
    for (;;) {
      const { at, next: command } = reader.place;
      const found = await reader.find();
      if (found === undefined) {
        const what = `${name}: command ${command} was to be in the batch at byte ${at} of ${file.bytes}, and is not`;
        throw new LogError("corrupt", what, undefined, { segment: name, at, command });
      }
      if (sequence < found.after.next) return found.header;
      reader.place = found.after;
      if (found.after.at >= (known.at(-1) as Place).at + this.stride) known.push(found.after);
    }
  }
}

/** A segment as whoever verifies reads it. */
function fileOf(log: PublicLog, { name, bytes }: PublicSegment): LogFile {
  return {
    bytes,
    read: async (target, at) => {
      let length = 0;
      for await (const part of log.read(name, at, Math.min(bytes, at + target.length))) {
        target.set(part, length);
        length += part.length;
      }
      return length;
    },
    close: async () => undefined,
  };
}

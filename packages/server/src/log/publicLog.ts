/**
 * A log as others may read it: its segments as they lie on the disk, and never a byte that is not durable. The salt of the segment that is being
 * written is left out: whoever knew it could write commands that pass for a batch.
 */
import { BLOCK, UNTOLD, encodeSegmentHeader, readSegmentHeader } from "@bulkhead/protocol/log";
import type { CommandLog } from "./commandLog.ts";
import { DIGESTS } from "./digests.ts";
import type { Storage, StoredFile } from "./storage.ts";

const CHUNK = 2 ** 18;

/** A segment that others may read. */
export interface PublicSegment {
  readonly name: string;
  /** Its first command. */
  readonly first: number;
  /** That can be read. */
  readonly bytes: number;
  /** Whether nothing is added to it any more. */
  readonly isWhole: boolean;
}

export interface PublicLog {
  readonly first: number;
  /** The last command that is durable. */
  readonly last: number;
  segments(): Promise<PublicSegment[]>;
  /** A segment's bytes from one on, before another, a few at a time. @throws if the segment was given up meanwhile */
  read(name: string, from: number, until: number): AsyncIterable<Uint8Array>;
}

/** @param storage - where the log keeps its segments */
export function openPublicLog(log: CommandLog, storage: Storage): PublicLog {
  /** Of segments that are whole, which do not change. */
  const sizes = new Map<string, number>();
  const sizeOf = async (name: string): Promise<number> => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    const file = await storage.open(name);
    await file.close();
    sizes.set(name, file.bytes);
    return file.bytes;
  };
  return {
    get first() {
      return log.first;
    },
    get last() {
      return log.last;
    },
    segments: async () => {
      const segments: PublicSegment[] = [];
      for (const { name, first, end } of log.segments)
        segments.push({ name, first, bytes: end ?? (await sizeOf(name)), isWhole: end === undefined });
      return segments;
    },
    read: async function* (name, from, until) {
      const file = await storage.open(name);
      try {
        for (let at = from; at < until;) {
          const bytes = new Uint8Array(Math.min(CHUNK, until - at));
          const read = await file.read(bytes, at);
          if (read === 0) return;
          if (at < BLOCK && name === log.segments.at(-1)?.name)
            bytes.set((await withoutSalt(file, name)).subarray(at, at + read));
          yield bytes.subarray(0, read);
          at += read;
        }
      } finally {
        await file.close();
      }
    },
  };
}

/** A segment's first block, with a salt that is not told. */
async function withoutSalt(file: StoredFile, name: string): Promise<Uint8Array> {
  const header = await readSegmentHeader(file, name, DIGESTS);
  return encodeSegmentHeader({ ...header, salt: UNTOLD }, DIGESTS);
}

/** The port of the log: what the node asks of whatever keeps its commands. Every adapter passes the same suite (tests/server/commandLog.conformance.ts). */

import type { Batch } from "@bulkhead/protocol/log";

/** A part of a log. */
export interface DurableSegment {
  readonly name: string;
  /** Sequence of its first command. */
  readonly first: number;
  /** Where what is durable of it ends, bytes; undefined = all of it is, and nothing is added any more. */
  readonly end: number | undefined;
}

export interface CommandLog {
  /** Sequence of the last durable command, 0 if there is none. */
  readonly last: number;
  /** Sequence of the first command that is kept; `last + 1` if none is. */
  readonly first: number;
  /** What it is kept in, the oldest first, as far as it is durable. */
  readonly segments: readonly DurableSegment[];
  /** What it is able to do: once failed or closed it takes nothing more; while full it looks for room, and is open again once it has some. */
  readonly condition: "open" | "full" | "failed" | "closed";
  /**
   * Whether there is room for a batch with so many bytes of records behind the one that is being made durable: for sure, whatever becomes of
   * the disk meanwhile. If not, there may be soon: `makeRoom`.
   */
  hasRoom(recordBytes: number): boolean;
  /** Tries to make that room. @throws {LogError} `full` if there is none; then nothing more can be added until there is */
  makeRoom(recordBytes: number): Promise<void>;
  /**
   * Makes a batch durable. One at a time: the next is given once this one is done.
   * @param batch - goes on from `last`; its bytes are the log's until it is done
   * @throws {LogError} if it is not durable, and never will be as part of this log unless it is given again: `full` if nobody had made sure of room
   */
  append(batch: Batch): Promise<void>;
  /** The durable batches from the one that holds `sequence` on, in order. @throws {LogError} where they are not what was written */
  read(sequence: number): AsyncIterable<Batch>;
  /** Gives up what lies wholly before `sequence`; as much as can be given up at once. */
  forget(sequence: number): Promise<void>;
  close(): Promise<void>;
}

/** The port of the log: what the node asks of whatever keeps its commands. Every adapter passes the same suite (tests/server/commandLog.conformance.ts). */

/** Commands that were executed together, as records (protocol's), and what came of them. */
export interface Batch {
  /** Sequence of the first command. */
  readonly first: number;
  readonly count: number;
  readonly records: Uint8Array;
  /** Head of the chain of receipts after the batch, 32 bytes. */
  readonly head: Uint8Array;
}

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
  /** What it is able to do: once failed or closed it takes nothing more; while full it takes again as soon as there is room. */
  readonly condition: "open" | "full" | "failed" | "closed";
  /**
   * Makes a batch durable. One at a time: the next is given once this one is done.
   * @param batch - goes on from `last`; its bytes are the log's until it is done
   * @throws {LogError} if it is not durable, and never will be as part of this log unless it is given again
   */
  append(batch: Batch): Promise<void>;
  /** The durable batches from the one that holds `sequence` on, in order. @throws {LogError} where they are not what was written */
  read(sequence: number): AsyncIterable<Batch>;
  /** Gives up what lies wholly before `sequence`; as much as can be given up at once. */
  forget(sequence: number): Promise<void>;
  close(): Promise<void>;
}

/** Why a log does not do what it was asked. */
export type LogFault = "full" | "failed" | "closed" | "corrupt" | "mismatch" | "misuse";

export class LogError extends Error {
  readonly fault: LogFault;

  constructor(fault: LogFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "LogError";
    this.fault = fault;
  }
}

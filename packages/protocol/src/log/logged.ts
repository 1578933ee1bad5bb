/** Commands that were executed together, as records, and what came of them. */
export interface Batch {
  /** Sequence of the first command. */
  readonly first: number;
  readonly count: number;
  readonly records: Uint8Array;
  /** Head of the chain of receipts after the batch, 32 bytes. */
  readonly head: Uint8Array;
}

/** Why a log does not do what it was asked. */
export type LogFault = "full" | "failed" | "closed" | "corrupt" | "mismatch" | "misuse";

/** Where in a log something is wrong. */
export interface LogPlace {
  /** Name of the file, and byte of it. */
  readonly segment: string;
  readonly at: number;
  /** Sequence of the command that was expected there; undefined if nothing is known of it. */
  readonly command?: number;
}

export class LogError extends Error {
  readonly fault: LogFault;
  /** Of damage; undefined if it is nowhere in particular. */
  readonly place: LogPlace | undefined;

  constructor(fault: LogFault, message: string, cause?: unknown, place?: LogPlace) {
    super(message, { cause });
    this.name = "LogError";
    this.fault = fault;
    this.place = place;
  }
}

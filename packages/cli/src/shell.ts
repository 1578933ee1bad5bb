/** What the commands share of the process they run in. */

/** How a command ended. */
export const EXIT = {
  fine: 0,
  /** An invariant was broken, the vault does not hold what is owed, a drill cost more than its bound, or a log does not stand. */
  unsound: 1,
  /** The command line was not understood, or its input cannot be read. */
  misused: 2,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A place for text. */
export interface Sink {
  write(text: string): unknown;
}

export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/** The user asked for something that cannot be done; the message says what to do about it. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}

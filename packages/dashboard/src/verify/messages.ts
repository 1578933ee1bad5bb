/** What the page and the worker that checks a log say to each other. */
import type { Capacities } from "@bulkhead/engine";
import type { Check } from "@bulkhead/protocol/log";

/** Where the log lies. */
export type Origin =
  | { readonly kind: "node"; readonly url: string; readonly segments: readonly SegmentSize[] }
  | { readonly kind: "files"; readonly files: readonly File[] };

export interface SegmentSize {
  readonly name: string;
  readonly bytes: number;
}

export interface Task {
  readonly origin: Origin;
  /** What the engine that wrote it was built with. */
  readonly capacities: Capacities;
  /** How many commands there are, where it is known. */
  readonly commandsThere?: number;
  /** Commands to be told in words; the log is executed up to them and no further. */
  readonly look?: { readonly from: number; readonly count: number };
}

export interface Progress {
  readonly commands: number;
  /** 0 = not known. */
  readonly of: number;
  readonly ms: number;
  /** Of that, from the first command executed to the last: without what went before, and the audit after. */
  readonly executingMs: number;
  /** Of the engine's state; 0 while nothing is executed. */
  readonly stateBytes: number;
  /** Of the log, read so far. */
  readonly readBytes: number;
}

/** A command and what came of it, as `bulkhead inspect --json` prints them. */
export interface Entry {
  readonly sequence: number;
  readonly command: Readonly<Record<string, unknown>> & { readonly kind: string; readonly time: number };
  readonly outcome: string;
  readonly facts: Readonly<Record<string, number>>;
  readonly events: readonly { readonly event: string; readonly values: Readonly<Record<string, number>> }[];
}

export interface Report extends Progress {
  /**
   * `executed`: sums, links, every command again, every receipt, the invariants. `walked`: sums and links alone, because the log given does not
   * begin with the first command.
   */
  readonly how: "executed" | "walked";
  readonly check: WalkedCheck | Check;
  readonly entries: readonly Entry[];
}

/** What is known without executing anything. */
export type WalkedCheck = Pick<Check, "commands" | "batches" | "problem" | "place" | "cutOffAt"> & {
  readonly first: number;
  readonly last: number;
};

export type Reply =
  | ({ readonly tell: "progress" } & Progress)
  | { readonly tell: "report"; readonly report: Report }
  | { readonly tell: "fault"; readonly message: string };

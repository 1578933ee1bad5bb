/**
 * A watchtower: follows a node's log while it is written, executes every batch with an engine of its own, and raises the alarm at the first
 * thing that is not as the node says. It shares the engine's code with the node, but neither its memory nor its word.
 */
import { Engine, type EngineOptions, type Finding } from "@bulkhead/engine";
import {
  type Batch,
  Divergence,
  LogError,
  LogReader,
  executeBatch,
  expectGenesis,
  genesisOf,
} from "@bulkhead/protocol/log";
import type { DataDirectory } from "../dataDirectory.ts";
import { DIGESTS } from "../log/digests.ts";
import { Snapshots } from "./snapshots.ts";

/** What of a venue's directory is looked at. */
export type Watched = Pick<DataDirectory, "capacities" | "log" | "snapshots">;

export interface Alarm {
  /**
   * `divergence`: executing the log gives other receipts. `damage`: a batch is not whole, not linked or missing. `invariant`: the state the
   * node and the watchtower agree on breaks an invariant.
   */
  readonly kind: "divergence" | "damage" | "invariant";
  /** The last command that was in order. */
  readonly sequence: number;
  readonly problem: string;
  /** Invariants that do not hold. */
  readonly findings: readonly Finding[];
}

export interface WatchStatus {
  /** The last command executed. */
  readonly sequence: number;
  readonly batches: number;
  readonly refused: number;
  /** The command the last audit was after, and how many there were. */
  readonly auditedAt: number;
  readonly audits: number;
  /** Time of the last command, ms since the epoch as the sequencer tells it. */
  readonly time: number;
  /** Whether everything written so far has been executed. */
  readonly isAtEnd: boolean;
}

export interface WatchOptions {
  readonly hash?: EngineOptions["hash"];
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Begins with the node's newest snapshot, audited first, instead of the log's first command. */
  readonly fromSnapshot?: boolean;
  /** Commands between audits of the whole state; a million. */
  readonly auditEvery?: number;
  /** Time between audits if anything has happened, ms; a minute. */
  readonly auditMs?: number;
  /** How long to wait at the end of the log before looking again, ms. */
  readonly pollMs?: number;
  /** How long the log may seem to end before it is made sure that it does, ms. */
  readonly endMs?: number;
  /** Told after every batch, and whenever the end is reached. */
  readonly onStatus?: (status: WatchStatus) => void;
}

const AUDIT_EVERY = 1_000_000;
const AUDIT_MS = 60_000;
const POLL_MS = 100;
const END_MS = 2_000;

/** Watches until told to stop. @returns the alarm, if there was one */
export async function watch(directory: Watched, options: WatchOptions): Promise<Alarm | undefined> {
  let tower: Watchtower | undefined;
  try {
    tower = await Watchtower.begin(directory, options);
    return await tower?.watch();
  } catch (error) {
    const sequence = tower?.sequence ?? 0;
    if (error instanceof Divergence)
      return { kind: "divergence", sequence, problem: error.message, findings: [] };
    if (error instanceof LogError) return { kind: "damage", sequence, problem: error.message, findings: [] };
    throw error;
  } finally {
    await tower?.close();
  }
}

class Watchtower {
  private readonly options: WatchOptions;
  private readonly engine: Engine;
  private readonly reader: LogReader;
  private batches = 0;
  private refused = 0;
  private audits = 0;
  private auditedAt: number;
  private auditedMs = performance.now();
  /** The last command of a batch that was in order. */
  private inOrder: number;

  private constructor(options: WatchOptions, engine: Engine, reader: LogReader) {
    this.options = options;
    this.engine = engine;
    this.reader = reader;
    this.auditedAt = engine.sequence;
    this.inOrder = engine.sequence;
  }

  /** Undefined if it was told to stop before there was a log. */
  static async begin(directory: Watched, options: WatchOptions): Promise<Watchtower | undefined> {
    const { capacities, log, snapshots } = directory;
    const { signal, hash, pollMs = POLL_MS } = options;
    const engineOptions = { capacities, ...(hash && { hash }) };
    while (!signal.aborted) {
      const engine =
        options.fromSnapshot === true
          ? (
              await Snapshots.open(snapshots, {
                genesis: genesisOf(capacities),
                engine: engineOptions,
                last: Number.MAX_SAFE_INTEGER,
              })
            ).engine
          : new Engine(engineOptions);
      await expectGenesis(directory, DIGESTS);
      // From the last batch the snapshot has seen on: whether it is of this log is told by that one's receipts.
      const reader = await whileItMoves(() => LogReader.open(log, Math.max(1, engine.sequence), DIGESTS));
      if (reader !== undefined) return new Watchtower(options, engine, reader);
      await pause(pollMs, signal);
    }
    return undefined;
  }

  get sequence(): number {
    return this.inOrder;
  }

  async watch(): Promise<Alarm | undefined> {
    const { signal, pollMs = POLL_MS, endMs = END_MS } = this.options;
    if (this.engine.sequence > 0) this.audit();
    let [alarm, endSince] = [this.lastAlarm, Infinity];
    while (alarm === undefined && !signal.aborted) {
      const now = performance.now();
      // What lies beyond is looked at only now and then: whoever follows closely finds nothing there but what is being written.
      const isOver = now - endSince >= endMs;
      const batch = await whileItMoves(() => (isOver ? this.reader.readToEnd() : this.reader.read()));
      if (batch !== undefined) {
        this.execute(batch);
        endSince = Infinity;
      } else if (isOver || endSince === Infinity) {
        endSince = now;
        this.tell(true);
      }
      if (this.isAuditDue()) this.audit();
      alarm = this.lastAlarm;
      if (batch === undefined) await pause(pollMs, signal);
    }
    return alarm;
  }

  async close(): Promise<void> {
    await this.reader.close();
  }

  private lastAlarm: Alarm | undefined;

  private execute(batch: Batch): void {
    const { engine } = this;
    if (batch.first > engine.sequence + 1)
      throw new LogError(
        "corrupt",
        `the log goes on with command ${batch.first}; what followed ${engine.sequence} is not there`,
      );
    executeBatch(engine, batch, (_, code) => {
      if (code !== 0) this.refused++;
    });
    this.batches++;
    this.inOrder = engine.sequence;
    this.tell(false);
  }

  private isAuditDue(): boolean {
    const { auditEvery = AUDIT_EVERY, auditMs = AUDIT_MS } = this.options;
    const since = this.engine.sequence - this.auditedAt;
    return since >= auditEvery || (since > 0 && performance.now() - this.auditedMs >= auditMs);
  }

  private audit(): void {
    const findings = this.engine.audit();
    this.audits++;
    this.auditedAt = this.engine.sequence;
    this.auditedMs = performance.now();
    const [first] = findings;
    if (first === undefined) return;
    const problem = `invariant ${first.invariant} does not hold at ${first.where}: expected ${first.expected}, found ${first.found}`;
    this.lastAlarm = { kind: "invariant", sequence: this.inOrder, problem, findings };
  }

  private tell(isAtEnd: boolean): void {
    const { batches, refused, auditedAt, audits, engine } = this;
    const { sequence, time } = engine;
    this.options.onStatus?.({ sequence, batches, refused, auditedAt, audits, time, isAtEnd });
  }
}

/** Looks at files that may be given up by their node meanwhile: then there is nothing, for now. */
async function whileItMoves<Found>(look: () => Promise<Found | undefined>): Promise<Found | undefined> {
  try {
    return await look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

/**
 * The runner: one engine, one log. Commands are executed in the order they come, in batches of whatever has come while the batch before was
 * being synced; a batch is executed while the one before it is on its way to the disk, and nobody is told what came of a command before
 * it is durable.
 */
import {
  type Capacities,
  Engine,
  EVENT_WORDS,
  type EngineOptions,
  FRAME_WORDS,
  MAX_BATCH,
} from "@bulkhead/engine";
import { MAX_RECORD_BYTES, writeRecord } from "@bulkhead/protocol";
import { type Batch, type CommandLog, LogError } from "../log/commandLog.ts";
import type { Storage } from "../log/storage.ts";
import { SegmentLog } from "../log/segmentLog.ts";
import { executeBatch } from "./execute.ts";
import { genesisOf } from "./genesis.ts";
import { loadSnapshot, saveSnapshot, snapshotsIn } from "./snapshots.ts";

/** What came of a command, copied from the engine. */
export interface Outcome {
  readonly sequence: number;
  /** 0 if accepted, a refusal's code otherwise. */
  readonly code: number;
  readonly facts: Float64Array;
  /** Records of `EVENT_WORDS` doubles. */
  readonly events: Float64Array;
}

export interface RunnerOptions {
  readonly capacities: Capacities;
  readonly hash?: EngineOptions["hash"];
  /** Size of new log segments. */
  readonly segmentBytes?: number;
  /** How long to wait before a batch that found the disk full is tried again, ms. */
  readonly retryMs?: number;
}

/** How a node came back. */
export interface Recovery {
  /** The command its snapshot had seen, 0 = none. */
  readonly snapshot: number;
  /** Commands executed again from the log. */
  readonly replayed: number;
  /** Whether a batch that nobody was told of was cleared away. */
  readonly wasTorn: boolean;
}

interface Waiting {
  readonly frame: Float64Array;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A batch that was executed, and who waits for it. */
interface Executed {
  readonly batch: Batch;
  readonly answers: readonly (() => void)[];
  readonly waiting: readonly Waiting[];
}

const RETRY_MS = 1_000;

export class Runner {
  readonly engine: Engine;
  readonly log: CommandLog;

  private readonly snapshots: Storage;
  private readonly retryMs: number;
  private queue: Waiting[] = [];
  private running: Promise<void> | undefined;
  /** Two buffers for records: one is filled while the other is written. */
  private readonly buffers = [
    new Uint8Array(MAX_BATCH * MAX_RECORD_BYTES),
    new Uint8Array(MAX_BATCH * MAX_RECORD_BYTES),
  ];
  private isClosing = false;

  private constructor(engine: Engine, log: CommandLog, snapshots: Storage, retryMs: number) {
    this.engine = engine;
    this.log = log;
    this.snapshots = snapshots;
    this.retryMs = retryMs;
  }

  /**
   * Opens a venue from its storages, or begins one: the newest snapshot that is whole, then the log from there on, batch by batch against the
   * receipts it was written with.
   * @throws {LogError} if the log is damaged or of another venue
   * @throws {Divergence} if executing it again gives other receipts
   */
  static async open(
    storages: { readonly log: Storage; readonly snapshots: Storage },
    options: RunnerOptions,
  ): Promise<{ readonly runner: Runner; readonly recovery: Recovery }> {
    const { capacities, hash, segmentBytes, retryMs = RETRY_MS } = options;
    const genesis = genesisOf(capacities);
    const { log, wasTorn } = await SegmentLog.open(storages.log, {
      genesis,
      ...(segmentBytes && { segmentBytes }),
    });
    const engineOptions = hash === undefined ? {} : { hash };
    const engine =
      (await newestSnapshot(storages.snapshots, log, engineOptions)) ??
      new Engine({ capacities, ...engineOptions });
    const snapshot = engine.sequence;
    if (snapshot + 1 < log.first)
      throw new LogError(
        "corrupt",
        `the log begins with command ${log.first}, the newest snapshot ends with ${snapshot}`,
      );
    for await (const batch of log.read(snapshot + 1)) executeBatch(engine, batch);
    const runner = new Runner(engine, log, storages.snapshots, retryMs);
    return { runner, recovery: { snapshot, replayed: engine.sequence - snapshot, wasTorn } };
  }

  /**
   * Executes a command.
   * @returns what came of it, once it is durable
   * @throws {DecodeError} if the words are no command; then it was not taken in
   * @throws {LogError} if it could not be made durable; whether it will have happened is known once the node is back
   */
  submit(frame: Float64Array): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const { condition } = this.log;
      if (this.isClosing || condition !== "open") {
        reject(
          new LogError(
            this.isClosing ? "closed" : (condition as "full"),
            `the node takes no commands: its log is ${condition}`,
          ),
        );
        return;
      }
      this.queue.push({ frame: frame.slice(0, FRAME_WORDS), resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Writes a snapshot of the state after the last durable batch; commands wait meanwhile. @returns the command it has seen last */
  async snapshot(): Promise<number> {
    await this.idle();
    const { sequence } = this.engine;
    await saveSnapshot(this.snapshots, sequence, this.engine.snapshot());
    return sequence;
  }

  /** Takes nothing more, makes durable what was taken, and lets go of the files. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.idle();
    await this.log.close();
  }

  private async idle(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  /** Goes on as long as anybody waits. */
  private async run(): Promise<void> {
    // What comes in the same turn belongs to the same batch.
    await Promise.resolve();
    let syncing: Promise<void> = Promise.resolve();
    for (let turn = 0; this.queue.length > 0; turn++) {
      const executed = this.execute(this.buffers[turn % 2] as Uint8Array);
      await syncing;
      if (this.log.condition === "failed") {
        refuse(executed, new LogError("failed", "the log failed while the batch before was written"));
        continue;
      }
      syncing = executed.batch.count === 0 ? Promise.resolve() : this.settle(executed);
    }
    await syncing;
    this.running = this.queue.length > 0 && this.log.condition !== "failed" ? this.run() : undefined;
    if (this.running === undefined)
      for (const { reject } of this.queue.splice(0)) reject(new LogError("failed", "the log has failed"));
  }

  /** Executes what waits, at most one batch of it. */
  private execute(buffer: Uint8Array): Executed {
    const { engine } = this;
    const view = new DataView(buffer.buffer);
    const first = engine.sequence + 1;
    const taken = this.queue.splice(0, MAX_BATCH);
    const waiting: Waiting[] = [];
    const answers: (() => void)[] = [];
    let end = 0;
    for (const each of taken) {
      try {
        const code = engine.apply(each.frame);
        end = writeRecord(each.frame, 0, view, end);
        const { venue } = engine;
        const outcome = {
          sequence: engine.sequence,
          code,
          facts: venue.facts.slice(),
          events: venue.events.words.slice(0, venue.events.count * EVENT_WORDS),
        };
        waiting.push(each);
        answers.push(() => each.resolve(outcome));
      } catch (error) {
        each.reject(error);
      }
    }
    const batch = { first, count: waiting.length, records: buffer.subarray(0, end), head: engine.seal() };
    return { batch, answers, waiting };
  }

  /** Makes a batch durable, then answers. A full disk is waited for: the batch has been executed, and is part of the log once there is room. */
  private async settle(executed: Executed): Promise<void> {
    for (;;) {
      try {
        await this.log.append(executed.batch);
        for (const answer of executed.answers) answer();
        return;
      } catch (error) {
        if (!(error instanceof LogError) || error.fault !== "full") return refuse(executed, error);
        await new Promise((resolve) => setTimeout(resolve, this.retryMs));
        if (this.isClosing) return refuse(executed, error);
      }
    }
  }
}

function refuse({ waiting }: Executed, error: unknown): void {
  for (const { reject } of waiting) reject(error);
}

/** The newest snapshot that is whole and no newer than the log; undefined if there is none. */
async function newestSnapshot(
  storage: Storage,
  log: CommandLog,
  options: Pick<EngineOptions, "hash">,
): Promise<Engine | undefined> {
  for (const sequence of await snapshotsIn(storage)) {
    if (sequence > log.last)
      throw new LogError("corrupt", `the log ends with command ${log.last}, a snapshot has seen ${sequence}`);
    try {
      return Engine.restore(await loadSnapshot(storage, sequence), options);
    } catch {
      // Damaged: an older one, or the whole log, gives the same state.
    }
  }
  return undefined;
}

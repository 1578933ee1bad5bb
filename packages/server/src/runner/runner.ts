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
import { equal } from "../log/segment.ts";
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
  /** Why a batch that was executed did not become part of the log: the engine is ahead of it for good, and nothing may follow. */
  private fault: LogError | undefined;
  /** What is to be done between two batches, when everything executed is durable. */
  private between: (() => void)[] = [];

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
      (await newestSnapshot(storages.snapshots, log, genesis, engineOptions)) ??
      new Engine({ capacities, ...engineOptions });
    const snapshot = engine.sequence;
    if (snapshot + 1 < log.first)
      throw new LogError(
        "corrupt",
        `the log begins with command ${log.first}, the newest snapshot ends with ${snapshot}`,
      );
    // From the last batch the snapshot has seen on: whether it is of this log is told by that one's receipts.
    for await (const batch of log.read(Math.max(1, snapshot))) executeBatch(engine, batch);
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
      const refusal = this.refusal();
      if (refusal !== undefined) return reject(refusal);
      this.queue.push({ frame: frame.slice(0, FRAME_WORDS), resolve, reject });
      this.running ??= this.run();
    });
  }

  /**
   * Writes a snapshot of the state between two batches, as soon as everything executed is durable; commands wait while it is copied, not
   * while it is written.
   * @returns the command it has seen last
   * @throws {LogError} if the engine is ahead of its log, which no snapshot may be
   */
  async snapshot(): Promise<number> {
    const { sequence, bytes } = await new Promise<{ sequence: number; bytes: Uint8Array }>(
      (resolve, reject) => {
        this.between.push(() => {
          if (this.fault === undefined)
            resolve({ sequence: this.engine.sequence, bytes: this.engine.snapshot() });
          else reject(this.fault);
        });
        this.running ??= this.run();
      },
    );
    await saveSnapshot(this.snapshots, sequence, bytes);
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

  /** Why a command is not taken in now, if it is not. */
  private refusal(): LogError | undefined {
    if (this.fault !== undefined) return this.fault;
    if (this.isClosing) return new LogError("closed", "the node takes no commands: it is closing");
    const { condition } = this.log;
    if (condition === "open") return undefined;
    return new LogError(condition, `the node takes no commands: its log is ${condition}`);
  }

  /** Goes on as long as anybody waits. */
  private async run(): Promise<void> {
    // What comes in the same turn belongs to the same batch.
    await Promise.resolve();
    let syncing: Promise<void> = Promise.resolve();
    for (let turn = 0; this.queue.length > 0 || this.between.length > 0; turn++) {
      if (this.between.length > 0) {
        await syncing;
        for (const act of this.between.splice(0)) act();
      }
      if (this.fault !== undefined) {
        for (const { reject } of this.queue.splice(0)) reject(this.fault);
        continue;
      }
      const executed = this.execute(this.buffers[turn % 2] as Uint8Array);
      await syncing;
      if (executed.batch.count > 0) syncing = this.settle(executed);
    }
    await syncing;
    this.running = this.queue.length + this.between.length > 0 ? this.run() : undefined;
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

  /**
   * Makes a batch durable, then answers. A full disk is waited for: the batch has been executed, and is part of the log once there is room.
   * After any other fault the engine stays ahead of the log, and nothing follows.
   */
  private async settle({ batch, waiting, answers }: Executed): Promise<void> {
    while (this.fault === undefined) {
      try {
        await this.log.append(batch);
        for (const answer of answers) answer();
        return;
      } catch (error) {
        const isFull = error instanceof LogError && error.fault === "full";
        if (isFull && !this.isClosing) await new Promise((resolve) => setTimeout(resolve, this.retryMs));
        else this.fault = faultOf(error);
      }
    }
    for (const { reject } of waiting) reject(this.fault);
  }
}

function faultOf(error: unknown): LogError {
  if (error instanceof LogError) return error;
  return new LogError("failed", `a batch could not be kept: ${String(error)}`, error);
}

/** The newest snapshot that is whole, of this venue and no newer than the log; undefined if there is none. */
async function newestSnapshot(
  storage: Storage,
  log: CommandLog,
  genesis: Uint8Array,
  options: Pick<EngineOptions, "hash">,
): Promise<Engine | undefined> {
  for (const sequence of await snapshotsIn(storage)) {
    if (sequence > log.last)
      throw new LogError("corrupt", `the log ends with command ${log.last}, a snapshot has seen ${sequence}`);
    try {
      const engine = Engine.restore(await loadSnapshot(storage, sequence), options);
      if (equal(genesisOf(engine.capacities), genesis)) return engine;
    } catch {
      // Damaged: an older one, or the whole log, gives the same state.
    }
  }
  return undefined;
}

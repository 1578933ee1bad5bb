/**
 * The runner: one engine, one log. Commands are executed in the order they come, in batches of whatever has come while the batch before was
 * being synced; a batch is executed while the one before it is on its way to the disk, and nobody is told what came of a command before
 * it is durable. A batch is executed only once the log has room for it: of what a full disk does not take, nothing has happened.
 */
import {
  CODE,
  type Capacities,
  type Engine,
  type EngineOptions,
  FRAME_WORDS,
  MAX_BATCH,
  TIME,
  expectCommand,
} from "@bulkhead/engine";
import { MAX_RECORD_BYTES, recordBytes, writeRecord } from "@bulkhead/protocol";
import {
  type Batch,
  Divergence,
  LogError,
  type Rigour,
  executeBatch,
  genesisOf,
  readAhead,
} from "@bulkhead/protocol/log";
import type { CommandLog } from "../log/commandLog.ts";
import type { Storage } from "../log/storage.ts";
import { type LogNote, SegmentLog } from "../log/segmentLog.ts";
import { type ExecutedBatch, type Outcome, type Outcomes, Recorder, outcomeAt } from "./executed.ts";
import { type Batched, type Group, Intake } from "./intake.ts";
import { Snapshots } from "./snapshots.ts";

/** Is told how long things take. It must be quick, and not throw. */
export interface Probe {
  /** So many commands were executed as a batch. */
  executed(commands: number, ms: number): void;
  /** A batch of so many bytes has become durable. */
  synced(bytes: number, ms: number): void;
  /** The log is short of room, full, open again, or has failed. */
  noted?(note: LogNote): void;
}

export interface RunnerOptions {
  readonly capacities: Capacities;
  readonly hash?: EngineOptions["hash"];
  /** Puts another judge in front of, or in place of, the engine's own; only to show what comes of it. */
  readonly judge?: EngineOptions["judge"];
  /** Size of new log segments. */
  readonly segmentBytes?: number;
  /** How long a log that found the disk full waits before it tries again, ms; a second. */
  readonly retryMs?: number;
  /** The sequencer's clock, ms: commands are given its time when they are executed. Without one they keep the time they came with. */
  readonly clock?: () => number;
  /** Commands that may wait; more are refused. */
  readonly maxWaiting?: number;
  readonly probe?: Probe;
  /** Pages of 4 KB that a snapshot copies at a time, while commands wait; 128. */
  readonly snapshotSlice?: number;
}

/** More commands wait than a node takes in; nothing came of this one. */
export class Overloaded extends Error {
  constructor(waiting: number) {
    super(`${waiting} commands are waiting to be executed; try again later`);
    this.name = "Overloaded";
  }
}

/** The log has no room; nothing came of this command, nor will anything. */
export class NoRoom extends LogError {
  constructor(cause?: unknown) {
    super("full", "there is no room to keep commands: nothing of it was executed; try again later", cause);
    this.name = "NoRoom";
  }
}

/** How a node came back. */
export interface Recovery {
  /** The command its snapshot had seen, 0 = none. */
  readonly snapshot: number;
  /** Commands executed again from the log. */
  readonly replayed: number;
  /** Whether a batch that nobody was told of was cleared away. */
  readonly wasTorn: boolean;
  /** What reading the snapshot and executing the commands took, ms. */
  readonly snapshotMs: number;
  readonly replayMs: number;
}

/** A batch that was executed, and who waits for it. */
interface Executed {
  readonly batch: Batch;
  readonly executed: ExecutedBatch;
  readonly groups: readonly Group[];
}

/** Is told of every batch once it is durable, before those who wait for it are. */
export type Listener = (batch: ExecutedBatch) => void;

const MAX_WAITING = 64 * MAX_BATCH;

export class Runner {
  readonly engine: Engine;
  readonly log: CommandLog;

  private readonly snapshots: Snapshots;
  private readonly clock: (() => number) | undefined;
  private readonly maxWaiting: number;
  private readonly probe: Probe | undefined;
  private readonly listeners = new Set<Listener>();
  private readonly intake = new Intake();
  /** The latest time a command was given, ms. */
  private latest: number;
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

  private constructor(engine: Engine, log: CommandLog, snapshots: Snapshots, options: RunnerOptions) {
    this.engine = engine;
    this.log = log;
    this.snapshots = snapshots;
    this.latest = engine.time;
    this.clock = options.clock;
    this.maxWaiting = options.maxWaiting ?? MAX_WAITING;
    this.probe = options.probe;
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
    const { capacities, hash, judge, segmentBytes, retryMs, probe, snapshotSlice } = options;
    const genesis = genesisOf(capacities);
    const { log, wasTorn } = await SegmentLog.open(storages.log, {
      genesis,
      ...(segmentBytes && { segmentBytes }),
      ...(retryMs && { retryMs }),
      note: (note) => probe?.noted?.(note),
    });
    const startedMs = performance.now();
    const snapshotsOptions = {
      genesis,
      engine: { capacities, ...(hash && { hash }), ...(judge && { judge }) },
      last: log.last,
      ...(snapshotSlice && { slicePages: snapshotSlice }),
    };
    const recover = async (rigour: Rigour) => {
      const { engine, snapshots } = await Snapshots.open(storages.snapshots, snapshotsOptions);
      const snapshot = engine.sequence;
      const snapshotMs = performance.now() - startedMs;
      if (snapshot + 1 < log.first)
        throw new LogError(
          "corrupt",
          `the log begins with command ${log.first}, the newest snapshot ends with ${snapshot}`,
        );
      // From the last batch the snapshot has seen on: whether it is of this log is told by that one's receipts.
      for await (const batch of readAhead(log.read(Math.max(1, snapshot))))
        executeBatch(engine, batch, undefined, rigour);
      return { engine, snapshots, snapshot, snapshotMs };
    };
    const { engine, snapshots, snapshot, snapshotMs } = await recover("repeated").catch((error: unknown) => {
      // The judge may have refused something then; if that was not it, it shows again.
      if (error instanceof Divergence) return recover("judged");
      throw error;
    });
    const replayed = engine.sequence - snapshot;
    const replayMs = performance.now() - startedMs - snapshotMs;
    const runner = new Runner(engine, log, snapshots, options);
    return { runner, recovery: { snapshot, replayed, wasTorn, snapshotMs, replayMs } };
  }

  /** Commands that wait to be executed. */
  get waiting(): number {
    return this.intake.waiting;
  }

  /**
   * Executes a command.
   * @returns what came of it, once it is durable
   * @throws {DecodeError} if the words are no command; then it was not taken in
   * @throws {Overloaded} if too many are waiting; then it was not taken in either
   * @throws {NoRoom} if the log is full; then it was not executed
   * @throws {LogError} if it could not be made durable; whether it will have happened is known once the node is back
   */
  async submit(frame: Float64Array): Promise<Outcome> {
    const { batch, index } = await this.submitAll(frame.subarray(0, FRAME_WORDS));
    return outcomeAt(batch, index);
  }

  /**
   * Executes commands in a row: nobody's come between them. Each of them has its own outcome; but if one is no command, none is taken in.
   * @param frames - `FRAME_WORDS` doubles each, of at most `MAX_BATCH` commands; copied
   * @throws as `submit` does
   */
  submitAll(frames: Float64Array): Promise<Outcomes> {
    return new Promise((resolve, reject) => {
      const count = frames.length / FRAME_WORDS;
      if (!(Number.isInteger(count) && count > 0 && count <= MAX_BATCH))
        throw new RangeError(`${frames.length} words are not 1 to ${MAX_BATCH} frames of ${FRAME_WORDS}`);
      for (let at = 0; at < frames.length; at += FRAME_WORDS) expectCommand(frames, at);
      const refusal = this.refusal();
      if (refusal !== undefined) throw refusal;
      const { waiting } = this;
      if (waiting + count > this.maxWaiting) throw new Overloaded(waiting);
      this.intake.add(frames, { count, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Tells of every batch from now on, once it is durable. @returns how to be told no more */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Reads the state between two batches, when everything in it is durable.
   * @throws {LogError} if the log has failed: the engine is ahead of it for good
   */
  read<Answer>(question: (engine: Engine) => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.fault !== undefined) throw this.fault;
      const act = (): void => {
        if (this.fault !== undefined) return reject(this.fault);
        try {
          resolve(question(this.engine));
        } catch (error) {
          reject(error);
        }
      };
      this.between.push(act);
      this.running ??= this.run();
    });
  }

  /**
   * Writes a snapshot of a state in which everything is durable. Commands wait while a slice of what was written since the one before is
   * copied between two batches, not while it is on its way to the disk.
   * @returns the command it has seen last
   * @throws {LogError} if the engine is ahead of its log, which no snapshot may be
   */
  snapshot(): Promise<number> {
    return this.snapshots.take({
      between: (act) => this.aside(act),
      durable: () => this.read(() => undefined),
    });
  }

  /** Takes nothing more, makes durable what was taken, and lets go of the files. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.snapshots.idle();
    await this.idle();
    await this.log.close();
  }

  /** Looks at the state between two batches, which may not be durable yet: whenever nothing is being executed, as now. */
  private aside<Answer>(question: (engine: Engine) => Answer): Answer {
    if (this.fault !== undefined) throw this.fault;
    return question(this.engine);
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
    if (condition === "full") return new NoRoom();
    return new LogError(condition, `the node takes no commands: its log is ${condition}`);
  }

  /** Goes on as long as anybody waits. */
  private async run(): Promise<void> {
    // What comes in the same turn belongs to the same batch.
    await Promise.resolve();
    let syncing: Promise<void> = Promise.resolve();
    for (let turn = 0; this.isNeeded; turn++) {
      if (this.between.length > 0) {
        await syncing;
        for (const act of this.between.splice(0)) act();
      }
      const next = this.intake.take();
      if (next === undefined) continue;
      const most = (next.frames.length / FRAME_WORDS) * MAX_RECORD_BYTES;
      const refusal = this.fault ?? (this.log.hasRoom(most) ? undefined : await this.makeRoom(next));
      if (refusal !== undefined) {
        for (const { reject } of next.groups) reject(refusal);
        continue;
      }
      const executed = this.execute(next, this.buffers[turn % 2] as Uint8Array);
      await syncing;
      syncing = this.settle(executed);
    }
    await syncing;
    this.running = this.isNeeded ? this.run() : undefined;
  }

  private get isNeeded(): boolean {
    return this.waiting + this.between.length > 0;
  }

  /** Sees to it that the log takes what is executed next, and no more than that. @returns why it does not */
  private async makeRoom({ frames }: Batched): Promise<LogError | undefined> {
    // One attempt is enough for all who wait: the log goes on trying by itself.
    if (this.log.condition === "full") return new NoRoom();
    let bytes = 0;
    for (let at = 0; at < frames.length; at += FRAME_WORDS) bytes += recordBytes(frames[at + CODE] as number);
    try {
      if (!this.log.hasRoom(bytes)) await this.log.makeRoom(bytes);
      return undefined;
    } catch (error) {
      const fault = faultOf(error);
      return fault.fault === "full" ? new NoRoom(error) : fault;
    }
  }

  private execute({ frames, groups }: Batched, buffer: Uint8Array): Executed {
    const { engine, clock } = this;
    const { facts, events } = engine.venue;
    const view = new DataView(buffer.buffer);
    const first = engine.sequence + 1;
    const recorder = new Recorder(first, frames);
    const count = frames.length / FRAME_WORDS;
    const startedMs = performance.now();
    let end = 0;
    for (let at = 0; at < frames.length; at += FRAME_WORDS) {
      if (clock !== undefined) frames[at + TIME] = this.now(clock());
      const code = engine.apply(frames, at);
      end = writeRecord(frames, at, view, end);
      recorder.add(code, facts, events.words, events.count);
    }
    const batch = { first, count, records: buffer.subarray(0, end), head: engine.seal() };
    this.probe?.executed(count, performance.now() - startedMs);
    return { batch, executed: recorder.batch(), groups };
  }

  /** Time as the sequencer tells it: that of the clock, but never an earlier one than before. */
  private now(time: number): number {
    this.latest = Math.max(this.latest, time);
    return this.latest;
  }

  /** Makes a batch durable, then answers. After a fault the engine stays ahead of the log, and nothing follows. */
  private async settle({ batch, executed, groups }: Executed): Promise<void> {
    const startedMs = performance.now();
    if (this.fault === undefined) {
      try {
        await this.log.append(batch);
      } catch (error) {
        this.fault = faultOf(error);
      }
    }
    if (this.fault !== undefined) {
      for (const { reject } of groups) reject(this.fault);
      return;
    }
    this.probe?.synced(batch.records.length, performance.now() - startedMs);
    for (const listener of this.listeners) listener(executed);
    let index = 0;
    for (const { count, resolve } of groups) {
      resolve({ batch: executed, index, count });
      index += count;
    }
  }
}

function faultOf(error: unknown): LogError {
  if (error instanceof LogError) return error;
  return new LogError("failed", `a batch could not be kept: ${String(error)}`, error);
}

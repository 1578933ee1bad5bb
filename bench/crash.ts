/**
 * Kill test: a node's core under load is killed at random moments, again and again, and goes on where it was. No command that it had told of
 * may be lost or changed. Beside it an engine goes on that never stops: after every kill it executes what the node was sent, as far as the log
 * now reaches, and compares the log's records and receipts, the answers the node gave, and the state it recovers to.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Engine, FRAME_WORDS, MAX_BATCH, encodeCommand, hex } from "@bulkhead/engine";
import { MAX_RECORD_BYTES, writeRecord } from "@bulkhead/protocol";
import {
  type Batch,
  Runner,
  type Storage,
  keepSnapshots,
  lookInto,
  readLog,
  takeOver,
  verify,
} from "@bulkhead/server/core";
import { createFlow } from "./lib/flow.ts";
import { createRandom } from "./lib/random.ts";
import { print, watchConditions } from "./lib/report.ts";
import { platformHash } from "./lib/venueCommands.ts";
import { clearanceFrames, createIdleCommands, idleCapacities, namedFramesOf } from "./lib/venueFlow.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    /** Be the node that is killed: its data directory. */
    node: { type: "string" },
  },
});

const ACCOUNTS = 200;
/** Commands kept waiting at once. */
const WINDOW = 256;
/** The node is killed so many milliseconds after it has begun to answer, at most. */
const LATEST_KILL_MS = 500;
const SEGMENT_BYTES = 2 ** 20;
const SNAPSHOT_EVERY = 20_000;
/** Commands of an epoch's flow. */
const EPOCH = 20_000;
const EPOCH_WORDS = clearanceFrames().length + EPOCH * FRAME_WORDS;

/** How the node came back. */
interface Recovered {
  readonly recovered: number;
  readonly stateHash: string;
  /** The snapshot it began with, 0 = none. */
  readonly snapshot: number;
  readonly torn: boolean;
}

/** Outcomes of commands from one on. */
interface Told {
  readonly first: number;
  readonly codes: readonly number[];
}

/** What the node tells its parent. */
type Message = Recovered | Told;

/** Kills between lines that tell how far it is, where nobody watches a terminal. */
const PROGRESS_EVERY = 10;
const SHOWN_DIVERGENCES = 5;

/**
 * The commands of the test, in order and without end: whoever begins anew after command n goes on with the one that follows it. Epochs of
 * one flow each, every one of which begins with an empty book.
 */
class Stream {
  private readonly setUp: Float64Array;
  private epoch = -1;
  private frames = new Float64Array(0);

  constructor() {
    const commands = createIdleCommands(ACCOUNTS);
    this.setUp = new Float64Array(commands.length * FRAME_WORDS);
    commands.forEach((command, index) => encodeCommand(command, this.setUp, index * FRAME_WORDS));
  }

  /** The frame of the command that follows `sequence` others. */
  after(sequence: number): Float64Array {
    const at = sequence * FRAME_WORDS - this.setUp.length;
    if (at < 0) return this.setUp.subarray(sequence * FRAME_WORDS, (sequence + 1) * FRAME_WORDS);
    const epoch = Math.floor(at / EPOCH_WORDS);
    if (epoch !== this.epoch) this.enter(epoch);
    const start = at - epoch * EPOCH_WORDS;
    return this.frames.subarray(start, start + FRAME_WORDS);
  }

  private enter(epoch: number): void {
    const flow = createFlow({ commands: EPOCH, seed: Number(values.seed) + epoch, accounts: ACCOUNTS });
    const clearance = clearanceFrames();
    this.epoch = epoch;
    this.frames = new Float64Array(clearance.length + EPOCH * FRAME_WORDS);
    this.frames.set(clearance);
    this.frames.set(namedFramesOf(flow, epoch * EPOCH + 1), clearance.length);
  }
}

function tell(message: Message): void {
  process.send!(message);
}

async function beNode(path: string): Promise<void> {
  const stream = new Stream();
  const { capacities, log, snapshots } = await takeOver(path, idleCapacities(ACCOUNTS));
  const { runner, recovery } = await Runner.open(
    { log, snapshots },
    { capacities, hash: platformHash, segmentBytes: SEGMENT_BYTES },
  );
  const { engine } = runner;
  const { snapshot, wasTorn: torn } = recovery;
  // An epoch's commands take their time to be made: not of that in which it may be killed.
  stream.after(engine.sequence);
  tell({ recovered: engine.sequence, stateHash: hex(engine.stateHash()), snapshot, torn });
  keepSnapshots(runner, { everyCommands: SNAPSHOT_EVERY, everyMs: 1e9, last: snapshot });
  let next = engine.sequence;
  let told: { first: number; codes: number[] } | undefined;
  const note = (sequence: number, code: number): void => {
    if (told === undefined) {
      told = { first: sequence, codes: [] };
      // What is told in the same turn goes in one message.
      queueMicrotask(() => {
        if (told !== undefined) tell(told);
        told = undefined;
      });
    }
    told.codes.push(code);
  };
  for (;;) {
    const group: Promise<unknown>[] = [];
    for (; group.length < WINDOW; next++)
      group.push(runner.submit(stream.after(next)).then(({ sequence, code }) => note(sequence, code)));
    await Promise.all(group);
  }
}

interface Life extends Recovered {
  readonly told: readonly Told[];
}

/** One life of the node: it recovers, answers, and is killed. */
function live(path: string, killAfterMs: number): Promise<Life> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(process.argv[1] as string, ["--node", path, "--seed", values.seed]);
    let recovered: Recovered | undefined;
    const told: Told[] = [];
    child.on("message", (message: Message) => {
      if ("first" in message) told.push(message);
      else {
        recovered = message;
        setTimeout(() => child.kill("SIGKILL"), killAfterMs);
      }
    });
    child.on("close", (code, signal) => {
      if (recovered === undefined || signal !== "SIGKILL")
        reject(new Error(`the node ended with ${code ?? signal} by itself`));
      else resolve({ ...recovered, told });
    });
  });
}

/** An engine that never stops, and what it answered to what the node may still tell of. */
class Reference {
  readonly engine = new Engine({ capacities: idleCapacities(ACCOUNTS), hash: platformHash });
  /** The first thing of each life that was otherwise than here. */
  readonly divergences: string[] = [];

  private readonly stream = new Stream();
  private readonly records = new Uint8Array(MAX_BATCH * MAX_RECORD_BYTES);
  /** Outcomes of the commands from `since` on. */
  private codes: number[] = [];
  private since = 1;

  /** Compares a life with what the log holds after it. @returns how many commands were told of and are not in the log */
  async follow(log: Storage, life: Life): Promise<number> {
    const { engine } = this;
    const { recovered, stateHash, told } = life;
    const found: string[] = [];
    if (recovered !== engine.sequence || stateHash !== hex(engine.stateHash()))
      found.push(
        `the node came back to command ${recovered} in another state than that of ${engine.sequence}`,
      );
    [this.codes, this.since] = [[], engine.sequence + 1];
    for await (const batch of readLog(log, engine.sequence + 1)) found.push(...this.execute(batch));
    let lost = 0;
    for (const { first, codes } of told) {
      const ours = this.codes.slice(first - this.since, first - this.since + codes.length);
      lost += codes.length - ours.length;
      const at = ours.findIndex((code, index) => code !== codes[index]);
      if (at >= 0) found.push(`command ${first + at} was answered ${codes[at]}, and is ${ours[at]}`);
    }
    if (found[0] !== undefined) this.divergences.push(found[0]);
    return lost;
  }

  /** Executes what the node was sent, and compares what the log has in its place. */
  private execute({ first, count, records, head }: Batch): string[] {
    const { engine, stream, records: ours } = this;
    if (first !== engine.sequence + 1)
      return [`the log goes on with command ${first} after ${engine.sequence}`];
    const view = new DataView(ours.buffer);
    let end = 0;
    for (let sequence = first; sequence < first + count; sequence++) {
      const frame = stream.after(sequence - 1);
      this.codes.push(engine.apply(frame));
      end = writeRecord(frame, 0, view, end);
    }
    const problems: string[] = [];
    if (Buffer.compare(records, ours.subarray(0, end)) !== 0)
      problems.push(`commands ${first} to ${first + count - 1} of the log are not those that were sent`);
    if (Buffer.compare(head, engine.seal()) !== 0)
      problems.push(`commands ${first} to ${first + count - 1} have other receipts in the log`);
    return problems;
  }
}

async function kill(): Promise<void> {
  const conditions = watchConditions();
  const random = createRandom(Number(values.seed));
  const kills = Number(values.kills);
  const path = mkdtempSync(join(tmpdir(), "bulkhead-crash-"));
  const reference = new Reference();
  const { engine, divergences } = reference;
  let [acknowledged, lost, torn, snapshots] = [0, 0, 0, 0];
  const started = performance.now();
  try {
    for (let done = 1; done <= kills; done++) {
      const life = await live(path, random.below(LATEST_KILL_MS));
      lost += await reference.follow((await lookInto(path)).log, life);
      acknowledged += life.told.reduce((sum, { codes }) => sum + codes.length, 0);
      if (life.torn) torn++;
      if (life.snapshot > 0) snapshots++;
      showProgress(done, kills, acknowledged, performance.now() - started);
    }
    const seconds = (performance.now() - started) / 1_000;
    const verified = await verify(await lookInto(path), { hash: platformHash });
    const { commands, stateHash, problem, findings } = verified;
    if (commands !== engine.sequence || stateHash !== hex(engine.stateHash()))
      divergences.push(`the log executed again ends otherwise than the engine that never stopped`);
    if (problem !== undefined) divergences.push(problem);
    for (const { invariant, where } of findings)
      divergences.push(`invariant ${invariant} does not hold at ${where}`);
    const row = { name: "the node", inLog: commands, seconds };
    const result = { kills, acknowledged, lost, divergences: divergences.length };
    const figures = { ...result, fromSnapshot: snapshots, tornTails: torn };
    print({
      title: `${kills} kills of a node under load`,
      rows: [{ ...row, ...figures }],
      ratios: {},
      notes: [
        "Killed with SIGKILL at a random moment up to 500 ms after it recovered; up to 256 commands wait at once.",
        "Compared after every kill with an engine that never stops: every command and receipt of the log, every answer, the state recovered to. Lost: answered, and not in the log.",
        "At the end the whole log is executed again, and every invariant audited.",
        "Torn tails are batches that nobody had been told of and that were cut off; SIGKILL alone rarely leaves one, a power cut may: see tests/server.",
        ...divergences.slice(0, SHOWN_DIVERGENCES),
      ],
      conditions: conditions(),
      extra: figures,
    });
    process.exitCode = lost === 0 && divergences.length === 0 ? 0 : 1;
  } finally {
    rmSync(path, { recursive: true });
  }
}

/** On standard error: at a terminal one line that changes, elsewhere a line now and then. */
function showProgress(done: number, kills: number, acknowledged: number, ms: number): void {
  const left = Math.round(((kills - done) * ms) / done / 1_000);
  const line = `${done} of ${kills} kills, ${acknowledged.toLocaleString("en")} commands acknowledged, ${left} s left`;
  if (process.stderr.isTTY) process.stderr.write(`\r${line}\u001b[K${done === kills ? "\n" : ""}`);
  else if (done % PROGRESS_EVERY === 0 || done === kills) process.stderr.write(`${line}\n`);
}

if (values.node !== undefined) await beNode(values.node);
else await kill();

/**
 * Kill test: a node's core under load is killed at random moments, again and again, and goes on where it was. No command that it had told of
 * may be lost or changed: in the end the state is that of an engine that never stopped.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Engine, FRAME_WORDS, encodeCommand, hex } from "@bulkhead/engine";
import { Runner, lookInto, takeOver, verify } from "@bulkhead/server/core";
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

/** What the node tells its parent. */
type Message = { readonly recovered: number; readonly torn: boolean } | { readonly told: number };

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

if (values.node !== undefined) await beNode(values.node);
else await kill();

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
  tell({ recovered: runner.engine.sequence, torn: recovery.wasTorn });
  let next = runner.engine.sequence;
  let snapshotAt = next + SNAPSHOT_EVERY;
  for (;;) {
    const group: Promise<unknown>[] = [];
    for (; group.length < WINDOW; next++) {
      const told = runner.submit(stream.after(next));
      group.push(told.then(({ sequence }) => tell({ told: sequence })));
    }
    await Promise.all(group);
    if (next < snapshotAt) continue;
    await runner.snapshot();
    snapshotAt = next + SNAPSHOT_EVERY;
  }
}

interface Life {
  readonly recovered: number;
  readonly torn: boolean;
  /** The last command it told of. */
  readonly told: number;
}

/** One life of the node: it recovers, answers, and is killed. */
function live(path: string, killAfterMs: number): Promise<Life> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(process.argv[1] as string, ["--node", path, "--seed", values.seed]);
    let life: Life | undefined;
    child.on("message", (message: Message) => {
      if ("recovered" in message) {
        life = { ...message, told: message.recovered };
        setTimeout(() => child.kill("SIGKILL"), killAfterMs);
      } else if (life !== undefined) life = { ...life, told: Math.max(life.told, message.told) };
    });
    child.on("close", (code, signal) => {
      if (life === undefined || signal !== "SIGKILL")
        reject(new Error(`the node ended with ${code ?? signal} by itself`));
      else resolve(life);
    });
  });
}

async function kill(): Promise<void> {
  const conditions = watchConditions();
  const random = createRandom(Number(values.seed));
  const kills = Number(values.kills);
  const path = mkdtempSync(join(tmpdir(), "bulkhead-crash-"));
  let [told, lost, torn] = [0, 0, 0];
  const started = performance.now();
  try {
    for (let done = 0; done < kills; done++) {
      const life = await live(path, random.below(LATEST_KILL_MS));
      if (life.recovered < told) lost += told - life.recovered;
      if (life.torn) torn++;
      told = life.told;
      if (!values.json && process.stderr.isTTY)
        process.stderr.write(`\r${done + 1} of ${kills} kills, ${told} commands told of`);
    }
    const seconds = (performance.now() - started) / 1_000;
    const verified = await verify(await lookInto(path), { hash: platformHash });
    lost += Math.max(0, told - verified.commands);
    const isSame = hashAfter(verified.commands) === verified.stateHash;
    const isSound = isSame && verified.problem === undefined && verified.findings.length === 0;
    const row = { name: "the node", inLog: verified.commands, seconds };
    const result = { kills, acknowledged: told, lost, divergences: isSound ? 0 : 1, tornTails: torn };
    print({
      title: `${kills} kills of a node under load`,
      rows: [{ ...row, ...result }],
      ratios: {},
      notes: [
        "Killed with SIGKILL at a random moment up to 500 ms after it recovered; up to 256 commands wait at once.",
        "Divergences: the log executed again and an engine that never stopped have different states, or an invariant does not hold.",
        "Torn tails are batches that nobody had been told of and that were cut off; SIGKILL alone rarely leaves one, a power cut may: see tests/server.",
        ...(verified.problem === undefined ? [] : [verified.problem]),
      ],
      conditions: conditions(),
      extra: result,
    });
    process.exitCode = lost === 0 && isSound ? 0 : 1;
  } finally {
    rmSync(path, { recursive: true });
  }
}

/** State hash of an engine that executes so many commands and never stops. */
function hashAfter(commands: number): string {
  const stream = new Stream();
  const engine = new Engine({ capacities: idleCapacities(ACCOUNTS), hash: platformHash });
  for (let command = 0; command < commands; command++) engine.apply(stream.after(command));
  return hex(engine.stateHash());
}

/**
 * Kill test: a node's core under load is killed at random moments, again and again, and goes on where it was. No command that it had told of
 * may be lost or changed: in the end the state is that of an engine that never stopped.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Engine, FRAME_WORDS, LAYOUTS, encodeCommand, hex } from "@bulkhead/engine";
import { Runner, lookInto, takeOver, verify } from "@bulkhead/server";
import { CANCEL, createFlow } from "./lib/flow.ts";
import { createRandom } from "./lib/random.ts";
import { print, watchConditions } from "./lib/report.ts";
import { createIdleCommands, framesOf, idleCapacities, platformHash } from "./lib/venueFlow.ts";

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
const LATEST_KILL_MS = 150;
const SEGMENT_BYTES = 2 ** 20;
const SNAPSHOT_EVERY = 20_000;
const COMMANDS = 200_000;

/** What the node tells its parent. */
type Message = { readonly recovered: number; readonly torn: boolean } | { readonly told: number };

const [PLACE_ORDER_AT, CANCEL_ORDER_AT] = ["placeOrder", "cancelOrder"].map(
  (name) => LAYOUTS.find((layout) => layout.name === name)!.at as Readonly<Record<string, number>>,
) as [Readonly<Record<string, number>>, Readonly<Record<string, number>>];

if (values.node !== undefined) await beNode(values.node);
else await kill();

/** The commands of the test, in order: whoever begins anew after command n goes on with the one that follows it. */
function stream(): Float64Array {
  const flow = createFlow({ commands: COMMANDS, seed: Number(values.seed), accounts: ACCOUNTS });
  const setUp = createIdleCommands(ACCOUNTS);
  const frames = new Float64Array((setUp.length + COMMANDS) * FRAME_WORDS);
  setUp.forEach((command, index) => encodeCommand(command, frames, index * FRAME_WORDS));
  frames.set(framesOf(flow), setUp.length * FRAME_WORDS);
  // Orders are named by their number in the flow: no answer has to be remembered.
  for (let command = 0; command < COMMANDS; command++) {
    const at = (setUp.length + command) * FRAME_WORDS;
    if (flow.kind[command] === CANCEL) {
      frames[at + CANCEL_ORDER_AT["order"]!] = 0;
      frames[at + CANCEL_ORDER_AT["clientId"]!] = (flow.target[command] as number) + 1;
    } else frames[at + PLACE_ORDER_AT["clientId"]!] = command + 1;
  }
  return frames;
}

function tell(message: Message): void {
  process.send!(message);
}

async function beNode(path: string): Promise<void> {
  const frames = stream();
  const { capacities, log, snapshots } = await takeOver(path, idleCapacities(ACCOUNTS));
  const { runner, recovery } = await Runner.open(
    { log, snapshots },
    { capacities, hash: platformHash, segmentBytes: SEGMENT_BYTES },
  );
  tell({ recovered: runner.engine.sequence, torn: recovery.wasTorn });
  let next = runner.engine.sequence;
  let snapshotAt = next + SNAPSHOT_EVERY;
  while (next * FRAME_WORDS < frames.length) {
    const group: Promise<unknown>[] = [];
    for (; group.length < WINDOW && next * FRAME_WORDS < frames.length; next++) {
      const told = runner.submit(frames.subarray(next * FRAME_WORDS, (next + 1) * FRAME_WORDS));
      group.push(told.then(({ sequence }) => tell({ told: sequence })));
    }
    await Promise.all(group);
    if (next < snapshotAt) continue;
    await runner.snapshot();
    snapshotAt = next + SNAPSHOT_EVERY;
  }
  await runner.close();
  process.exit(0);
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
      if (life === undefined || (signal !== "SIGKILL" && code !== 0))
        reject(new Error(`the node ended with ${code ?? signal} before it answered`));
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
        "Killed with SIGKILL at a random moment up to 150 ms after it recovered; up to 256 commands wait at once.",
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
  const frames = stream();
  const engine = new Engine({ capacities: idleCapacities(ACCOUNTS), hash: platformHash });
  for (let command = 0; command < commands; command++) engine.apply(frames, command * FRAME_WORDS);
  return hex(engine.stateHash());
}

/**
 * A node that comes back: a million accounts with four positions each in a snapshot, and a million commands after it. How long until it
 * acknowledges a command again, how fast it executes the commands of its log against how fast it did at first, and for how long commands wait
 * while a snapshot is taken. Beside it the least that such a machine asks for: the snapshots' bytes merely read, the commands merely executed.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FRAME_WORDS } from "@bulkhead/engine";
import { type Recovery, Runner, genesisOf, readLog, takeOver } from "@bulkhead/server/core";
import { readRecord } from "../packages/protocol/src/record.ts";
import { newestState } from "../packages/server/src/runner/snapshots.ts";
import { createFlow } from "./lib/flow.ts";
import { type Reached, closedLoop, openLoop } from "./lib/load.ts";
import { type Ratio, median } from "./lib/measure.ts";
import { print, watchConditions } from "./lib/report.ts";
import { platformHash } from "./lib/venueCommands.ts";
import { clearanceFrames, idleCapacities, namedFramesOf, setUpFrames } from "./lib/venueFlow.ts";

const { values } = parseArgs({
  options: {
    accounts: { type: "string", default: "1000000" },
    commands: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    /** Commands per second while snapshots are taken. */
    rate: { type: "string", default: "20000" },
    directory: { type: "string", default: tmpdir() },
    json: { type: "boolean", default: false },
    /** Be the node: make the venue, or come back, or do the least of it. */
    node: { type: "string" },
    venue: { type: "string" },
  },
});

const accounts = Number(values.accounts);
const commands = Number(values.commands);
const rate = Number(values.rate);
const LOAD = { group: 64, window: 8_192 };
const SECONDS = 3;

interface Made {
  readonly live: Reached;
  /** Longest and p99 waits of commands at a steady rate, ms, while this was done meanwhile. */
  readonly waits: readonly {
    readonly name: string;
    readonly p99: number;
    readonly most: number;
    readonly ms: number;
  }[];
}

/** What coming back cannot do without. */
interface Least {
  readonly bytes: number;
  readonly readMs: number;
  readonly executeMs: number;
}

interface CameBack extends Recovery {
  /** Since the process began, ms. */
  readonly openedMs: number;
  /** CPU time of the process by then, ms. */
  readonly cpuMs: number;
  readonly acknowledgedMs: number;
}

if (values.node === "make") await make(values.venue!);
else if (values.node === "return") await comeBack(values.venue!);
else if (values.node === "least") await doTheLeast(values.venue!);
else await measure();

async function openVenue(path: string): Promise<{ runner: Runner; recovery: Recovery }> {
  const { capacities, log, snapshots } = await takeOver(path, idleCapacities(accounts));
  return Runner.open({ log, snapshots }, { capacities, hash: platformHash, maxWaiting: 2 ** 20 });
}

/** The tail, which begins with an empty book. */
function tailFrames(seed: number, count: number): Float64Array {
  const clearance = clearanceFrames();
  const frames = new Float64Array(clearance.length + count * FRAME_WORDS);
  frames.set(clearance);
  frames.set(namedFramesOf(createFlow({ commands: count, seed, accounts })), clearance.length);
  return frames;
}

async function make(path: string): Promise<void> {
  const { runner } = await openVenue(path);
  let before: Promise<unknown> = Promise.resolve();
  for (const frames of setUpFrames(accounts)) {
    const now = runner.submitAll(frames);
    await before;
    before = now;
  }
  await before;

  const submitter = (frames: Float64Array) => async (from: number, to: number) => {
    await runner.submitAll(frames.subarray(from * FRAME_WORDS, to * FRAME_WORDS));
  };
  const steady = tailFrames(2, 200_000);
  const steadyCount = steady.length / FRAME_WORDS;
  const waits: Made["waits"][number][] = [];
  async function wait(name: string, act: () => Promise<unknown>): Promise<void> {
    let ms = 0;
    async function meanwhile(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const started = performance.now();
      await act();
      ms = performance.now() - started;
    }
    const [reached] = await Promise.all([
      openLoop(submitter(steady), steadyCount, rate, SECONDS, LOAD),
      meanwhile(),
    ]);
    waits.push({ name, p99: reached.p99, most: reached.most, ms });
  }
  await wait("warm-up", async () => undefined);
  waits.length = 0;
  await wait("nothing", async () => undefined);
  await wait("the whole state, copied at once", () => runner.read((engine) => engine.snapshot().length));
  await wait("a base", () => runner.snapshot());
  await wait("a delta", () => runner.snapshot());
  await wait("another delta", () => runner.snapshot());
  await runner.snapshot();
  await runner.log.forget(runner.log.last);

  const tail = tailFrames(1, commands);
  const count = tail.length / FRAME_WORDS;
  const live = await closedLoop(submitter(tail), count, count, LOAD);
  await runner.close();
  rmSync(join(path, "lock"));
  process.send!({ live, waits } satisfies Made);
  process.disconnect();
}

async function comeBack(path: string): Promise<void> {
  const { runner, recovery } = await openVenue(path);
  const openedMs = performance.now();
  const { user, system } = process.cpuUsage();
  // An account without money is opened, or refused for want of room: either is an answer.
  await runner.submitAll(clearanceFrames().slice(0, FRAME_WORDS));
  const acknowledgedMs = performance.now();
  await runner.close();
  rmSync(join(path, "lock"));
  process.send!({ ...recovery, openedMs, cpuMs: (user + system) / 1e3, acknowledgedMs } satisfies CameBack);
  process.disconnect();
}

/** Reads the snapshots into memory that nobody has touched, and executes the tail out of memory, one after the other and nothing else. */
async function doTheLeast(path: string): Promise<void> {
  const directory = join(path, "snapshots");
  const started = performance.now();
  const bytes = readdirSync(directory).reduce(
    (sum, name) => sum + readFileSync(join(directory, name)).length,
    0,
  );
  const readMs = performance.now() - started;
  const { capacities, log, snapshots } = await takeOver(path, idleCapacities(accounts));
  const { engine } = await newestState(snapshots, {
    genesis: genesisOf(capacities),
    engine: { capacities, hash: platformHash },
    most: Number.MAX_SAFE_INTEGER,
  });
  const { sequence } = engine;
  const batches: Float64Array[] = [];
  for await (const { first, count, records } of readLog(log, sequence + 1)) {
    const frames = new Float64Array(count * FRAME_WORDS);
    const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    for (let index = 0, at = 0; index < count; index++)
      at = readRecord(view, at, frames, index * FRAME_WORDS);
    batches.push(frames.subarray(Math.max(0, sequence + 1 - first) * FRAME_WORDS));
  }
  const begun = performance.now();
  for (const frames of batches)
    for (let at = 0; at < frames.length; at += FRAME_WORDS) engine.repeat(frames, at);
  const executeMs = performance.now() - begun;
  rmSync(join(path, "lock"));
  process.send!({ bytes, readMs, executeMs } satisfies Least);
  process.disconnect();
}

async function beNode<Answer>(node: "make" | "return" | "least", venue: string): Promise<Answer> {
  const child: ChildProcess = fork(
    process.argv[1]!,
    [...process.argv.slice(2), "--node", node, "--venue", venue],
    { serialization: "advanced" },
  );
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`the node ended with code ${String(code)}`);
  });
  failed.catch(() => undefined);
  const [answer] = (await Promise.race([once(child, "message"), failed])) as [Answer];
  await once(child, "exit");
  return answer;
}

function bytesIn(path: string): number {
  return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}

function spread(figures: readonly number[]): Ratio {
  return { median: median(figures), least: Math.min(...figures), most: Math.max(...figures) };
}

async function measure(): Promise<void> {
  const conditions = watchConditions();
  const path = mkdtempSync(join(values.directory, "bulkhead-recovery-"));
  try {
    const { live, waits } = await beNode<Made>("make", path);
    const lives: CameBack[] = [];
    const leasts: Least[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      leasts.push(await beNode("least", path));
      lives.push(await beNode("return", path));
    }
    const beyond = lives.map(
      ({ acknowledgedMs }, round) =>
        acknowledgedMs / ((leasts[round] as Least).readMs + (leasts[round] as Least).executeMs),
    );
    const megabytes = bytesIn(join(path, "snapshots")) / 2 ** 20;
    const replayRates = lives.map(({ replayed, replayMs }) => (replayed * 1_000) / replayMs);
    const perCommand = ({ cpuMs, replayed }: CameBack): number => (cpuMs * 1e3) / replayed;
    const row = (name: string, figure: (life: CameBack) => number) => ({
      name,
      ...spread(lives.map(figure)),
    });
    print({
      title: `A node that comes back: ${accounts} accounts in ${megabytes.toFixed(0)} MiB of snapshots, ${lives[0]!.replayed} commands after them`,
      rows: [
        row("snapshot read and verified, ms", ({ snapshotMs }) => snapshotMs),
        row("log executed again, ms", ({ replayMs }) => replayMs),
        row("process begun to ready, CPU ms", ({ cpuMs }) => cpuMs),
        row("process begun to first acknowledgement, ms", ({ acknowledgedMs }) => acknowledgedMs),
        {
          name: "at least: the snapshots' bytes merely read, ms",
          ...spread(leasts.map(({ readMs }) => readMs)),
        },
        {
          name: "at least: the commands merely executed, ms",
          ...spread(leasts.map(({ executeMs }) => executeMs)),
        },
        { name: "commands per second, replayed", ...spread(replayRates) },
        { name: "commands per second, live", median: live.rate, least: live.rate, most: live.rate },
        row("CPU µs per command, replayed (reading the snapshot included)", perCommand),
        { name: "CPU µs per command, live", median: live.cpuUs, least: live.cpuUs, most: live.cpuUs },
        ...waits.flatMap(({ name, p99, most, ms }) => [
          { name: `waits during ${name}, ms (p99; taken ${ms.toFixed(0)} ms)`, median: p99, least: 0, most },
        ]),
      ],
      ratios: {
        vsLeast: spread(beyond),
        replayVsLive: spread(replayRates.map((each) => each / live.rate)),
        replayVsLiveCpu: spread(lives.map((life) => live.cpuUs / perCommand(life))),
      },
      notes: [
        "At least: in a process of its own, nothing checked, decoded or compared; the files are in the page cache, the commands in memory.",
        "Files are in the page cache. The tail is executed by the same code and compared batch by batch; what was judged then is not judged again (ADR 0035).",
        `Live: the tail's commands through submitAll, ${LOAD.window} under way at once. Waits: ${rate} commands per second in an open loop; "most" is the longest.`,
      ],
      conditions: conditions(),
      extra: { live, waits, lives, leasts },
    });
  } finally {
    rmSync(path, { recursive: true });
  }
}

/**
 * Views at a node's heels: at which rate of commands they are how far behind, what they cost, and how fast they take in what they have missed. A
 * node with them and one without, in a process each, execute the same flow at the same rates.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FRAME_WORDS } from "@bulkhead/engine";
import { type Following, Runner, follow, startViews, takeOver } from "@bulkhead/server";
import { createFlow } from "./lib/flow.ts";
import { percentile } from "./lib/latency.ts";
import { type Reached, openLoop } from "./lib/load.ts";
import { print, watchConditions } from "./lib/report.ts";
import { platformHash } from "./lib/venueCommands.ts";
import { clearanceFrames, idleCapacities, namedFramesOf, setUpFrames } from "./lib/venueFlow.ts";

const { values } = parseArgs({
  options: {
    accounts: { type: "string", default: "10000" },
    rates: { type: "string", default: "500,2000,8000,32000" },
    seconds: { type: "string", default: "10" },
    /** `postgres://…`; embedded in the venue's directory if not told. */
    database: { type: "string" },
    json: { type: "boolean", default: false },
    /** Be a node, with views or without. */
    node: { type: "string" },
  },
});

const accounts = Number(values.accounts);
const seconds = Number(values.seconds);
const rates = values.rates.split(",").map(Number);
/** Commands of the flow, played again and again. */
const FLOW = 200_000;
/** Commands that reach the node together: as many as come within a ms or two. */
const group = (rate: number): number => Math.max(1, Math.ceil(rate / 500));
const LOOK_MS = 10;
const OPEN_MS = 60_000;

/** What came of one rate. */
interface AtRate {
  readonly reached: Reached;
  /** For how long the command waits, that is next to be taken in, ms. */
  readonly lag: readonly number[];
  /** Commands that waited, at most. */
  readonly waiting: number;
  /** From the last answer until the views had everything, ms. */
  readonly restMs: number;
  readonly reads: number;
}

interface Lived {
  /** Commands of the set-up, and how long until they were in the views, ms: beginning with an empty database. */
  readonly setUp: number;
  readonly setUpMs: number;
  readonly atRates: readonly AtRate[];
}

if (values.node !== undefined) await beNode(values.node === "views");
else await measure();

async function beNode(hasViews: boolean): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), "bulkhead-views-"));
  try {
    process.send!(await live(path, hasViews));
  } finally {
    rmSync(path, { recursive: true });
    process.disconnect();
  }
}

async function live(path: string, hasViews: boolean): Promise<Lived> {
  const { capacities, log, snapshots, release } = await takeOver(path, idleCapacities(accounts));
  const { runner } = await Runner.open({ log, snapshots }, { capacities, hash: platformHash });
  const watched = hasViews ? await openViews(path, runner) : undefined;
  const started = performance.now();
  for (const frames of setUpFrames(accounts)) await runner.submitAll(frames);
  await watched?.following.reached(runner.log.last);
  const [setUp, setUpMs] = [runner.log.last, performance.now() - started];

  const clearance = clearanceFrames();
  const flow = namedFramesOf(createFlow({ commands: FLOW, seed: 1, accounts }));
  const frames = new Float64Array(clearance.length + flow.length);
  frames.set(clearance);
  frames.set(flow, clearance.length);
  const submit = async (from: number, to: number): Promise<void> => {
    await runner.submitAll(frames.slice(from * FRAME_WORDS, to * FRAME_WORDS));
  };
  const atRates: AtRate[] = [];
  for (const rate of rates) {
    const watching = watched?.watch();
    const reached = await openLoop(submit, frames.length / FRAME_WORDS, rate, seconds, {
      group: group(rate),
    });
    const ended = performance.now();
    await watched?.following.reached(runner.log.last);
    const restMs = performance.now() - ended;
    atRates.push({ reached, restMs, ...(watching?.() ?? { lag: [], waiting: 0, reads: 0 }) });
  }
  await watched?.close();
  await runner.close();
  await release();
  return { setUp, setUpMs, atRates };
}

interface Watched {
  readonly following: Following;
  /** @returns how to end it, with what was seen */
  readonly watch: () => () => Pick<AtRate, "lag" | "waiting" | "reads">;
  readonly close: () => Promise<void>;
}

async function openViews(path: string, runner: Runner): Promise<Watched> {
  const { database } = values;
  const views = await startViews({ directory: path, ...(database !== undefined && { database }) });
  let reads = 0;
  const following = follow({
    views: {
      ...views,
      catchUp: () => {
        reads++;
        return views.catchUp();
      },
    },
    listen: (listener) => runner.listen(listener),
    report: (error) => {
      throw error;
    },
  });
  // They begin by looking at the log.
  const late = performance.now() + OPEN_MS;
  while (following.standing().isCatchingUp && performance.now() < late)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  /** When each batch was heard of that is not in the views yet. */
  let heard: { readonly last: number; readonly at: number }[] = [];
  runner.listen(({ first, count }) => void heard.push({ last: first + count - 1, at: performance.now() }));
  return {
    following,
    watch: () => {
      const lag: number[] = [];
      const before = reads;
      let waiting = 0;
      const timer = setInterval(() => {
        const { taken, heard: known } = following.standing();
        heard = heard.filter(({ last }) => last > taken);
        lag.push(heard[0] === undefined ? 0 : performance.now() - heard[0].at);
        waiting = Math.max(waiting, known - taken);
      }, LOOK_MS);
      return () => {
        clearInterval(timer);
        return { lag, waiting, reads: reads - before };
      };
    },
    close: async () => {
      await following.stop();
      await views.close();
    },
  };
}

async function measure(): Promise<void> {
  const conditions = watchConditions();
  const bare = await ask("bare");
  const viewed = await ask("views");
  print({
    title: `Views ${values.database === undefined ? "embedded in the node's directory" : "in PostgreSQL"}: ${accounts.toLocaleString("en-US")} accounts, ${seconds} s of each rate`,
    rows: viewed.atRates.map(({ reached, lag, waiting, restMs, reads }, index) => {
      const sorted = Float64Array.from(lag).toSorted();
      const own = bare.atRates[index]!.reached.cpuUs;
      return {
        name: `${rates[index]!.toLocaleString("en-US")} commands a second`,
        kept: reached.rate,
        behindMs: percentile(sorted, 0.5),
        behindMsP99: percentile(sorted, 0.99),
        mostWaiting: waiting,
        restMs,
        readLog: reads,
        nodeCpuUs: own,
        withViewsCpuUs: reached.cpuUs,
        viewsCores: ((reached.cpuUs - own) * reached.rate) / 1e6,
      };
    }),
    ratios: {},
    notes: [
      `Set up: ${viewed.setUp.toLocaleString("en-US")} commands were in the views ${Math.round(viewed.setUpMs)} ms after the first of them (${Math.round((viewed.setUp * 1e3) / viewed.setUpMs)} a second); without views they take ${Math.round(bare.setUpMs)} ms.`,
      "Behind: for how long the command has been durable that is next to be taken in, looked at every 10 ms. Rest: from the last answer until the views had everything.",
      "Read log: how often so much was waiting that the views let it go and executed the log again. CPU: of the whole process, its clients included.",
    ],
    conditions: conditions(),
    extra: { bare, viewed },
  });
}

async function ask(node: "bare" | "views"): Promise<Lived> {
  const child: ChildProcess = fork(process.argv[1]!, [...process.argv.slice(2), "--node", node], {
    serialization: "advanced",
  });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`the node ended with code ${String(code)}`);
  });
  failed.catch(() => undefined);
  const [answer] = (await Promise.race([once(child, "message"), failed])) as [Lived];
  await once(child, "exit");
  return answer;
}

/**
 * Commands executed and durable: the node's core against its own log without an engine, and against lmdb and SQLite as stores of the same
 * records. All commit in groups of whatever has come while the group before was being made durable, one group at a time.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FRAME_WORDS } from "@bulkhead/engine";
import { MAX_RECORD_BYTES, writeRecord } from "@bulkhead/protocol";
import { createFlow } from "./lib/flow.ts";
import { type Ratio, median } from "./lib/measure.ts";
import { print, watchConditions } from "./lib/report.ts";
import { answerRounds, playRounds, spreadOf } from "./lib/rounds.ts";
import { type Load, type Reached, closedLoop, openLoop } from "./lib/load.ts";
import { SUBJECTS, type Stage, type SubjectName, openSubject } from "./lib/durableSubjects.ts";
import { syncTimes } from "./lib/syncTimes.ts";
import { clearanceFrames, namedFramesOf } from "./lib/venueFlow.ts";

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "400000" },
    accounts: { type: "string", default: "1000" },
    rounds: { type: "string", default: "5" },
    /** Commands a client sends together. */
    group: { type: "string", default: "64" },
    /** Commands under way at once in the closed loop. */
    window: { type: "string", default: "8192" },
    /** How long each rate is offered in the open loop. */
    seconds: { type: "string", default: "1" },
    /** Where the files lie; what is measured is the disk below it. */
    directory: { type: "string", default: tmpdir() },
    json: { type: "boolean", default: false },
    subject: { type: "string" },
  },
});

const commands = Number(values.commands);
const accounts = Number(values.accounts);
const load: Load = { group: Number(values.group), window: Number(values.window) };
const seconds = Number(values.seconds);
/** Rates offered, commands per second: each a quarter more than the one before. */
const RATES = Array.from({ length: 22 }, (_, step) => Math.round(20_000 * 1.25 ** step));
/** A rate is reached if so much of it is. */
const REACHED = 0.97;
/** Whoever misses so many rates in turn is asked for no more. */
const MISSES = 2;

const [NODE, LOG, LMDB, SQLITE] = SUBJECTS;

/** What a subject does in a round. */
interface Round {
  readonly closed: Reached;
  /** By rate, as far as it went. */
  readonly open: readonly Reached[];
  readonly sync4: Ratio;
  readonly refused: number;
}

if (values.subject === undefined) await compare();
else await beSubject(values.subject as SubjectName);

/** The same commands for everybody: a book that empties before it fills again. */
function createStage(): Stage {
  const flow = createFlow({ commands, seed: 1, accounts });
  const clearance = clearanceFrames();
  const frames = new Float64Array(clearance.length + commands * FRAME_WORDS);
  frames.set(clearance);
  frames.set(namedFramesOf(flow), clearance.length);
  const count = frames.length / FRAME_WORDS;
  const bytes = new Uint8Array(count * MAX_RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  const ends = new Uint32Array(count);
  let end = 0;
  for (let command = 0; command < count; command++)
    ends[command] = end = writeRecord(frames, command * FRAME_WORDS, view, end);
  return { accounts, frames, bytes: bytes.subarray(0, end), ends };
}

async function beSubject(name: SubjectName): Promise<void> {
  const stage = createStage();
  answerRounds(async (): Promise<Round> => {
    const path = mkdtempSync(join(values.directory, "bulkhead-durable-"));
    const subject = await openSubject(name, path, stage);
    try {
      const count = stage.ends.length;
      await closedLoop(subject.submit, count, Math.min(count, 50_000), load);
      const closed = await closedLoop(subject.submit, count, commands, load);
      const open: Reached[] = [];
      for (let step = 0, misses = 0; step < RATES.length && misses < MISSES; step++) {
        const rate = RATES[step] as number;
        const reached = await openLoop(subject.submit, count, rate, seconds, load);
        open.push(reached);
        misses = reached.rate < REACHED * rate ? misses + 1 : 0;
        await subject.rest();
      }
      return { closed, open, sync4: await syncTimes(path, 4_096, 200), refused: subject.refused() };
    } finally {
      await subject.close();
      rmSync(path, { recursive: true });
    }
  });
}

/** The highest rate a subject reached with a p99 no longer than that, commands per second; 0 if none. */
function rateWithin(open: readonly Reached[], p99: number): number {
  return open.reduce(
    (best, { offered, rate, p99: own }) =>
      rate >= REACHED * offered && own <= p99 ? Math.max(best, offered) : best,
    0,
  );
}

/** The p99 of the highest rate it reached, ms. */
function p99AtMost(open: readonly Reached[]): number {
  const reached = open.filter(({ offered, rate }) => rate >= REACHED * offered);
  return (reached.at(-1) ?? open[0]!).p99;
}

async function compare(): Promise<void> {
  const conditions = watchConditions();
  const rounds = Number(values.rounds);
  const played = await playRounds<SubjectName, Round>(SUBJECTS, rounds);
  const of = (name: SubjectName, round: number): Round => played.get(name)![round]!;

  /** One's figure over another's, round by round. */
  function over(
    figure: (name: SubjectName, round: number) => number,
    name: SubjectName,
    leader: SubjectName = NODE,
  ): Ratio {
    const ratios = Array.from({ length: rounds }, (_, round) => figure(leader, round) / figure(name, round));
    return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
  }
  const closed = (name: SubjectName, round: number): number => of(name, round).closed.rate;
  /** What they reach with the p99 that one of them has at its own highest rate. */
  const atLatencyOf =
    (leader: SubjectName) =>
    (name: SubjectName, round: number): number =>
      // One that misses even the least rate is counted as if it reached that.
      Math.max(RATES[0]!, rateWithin(of(name, round).open, p99AtMost(of(leader, round).open)));

  const figures = (name: SubjectName, figure: (round: Round) => number): number =>
    median(played.get(name)!.map(figure));
  print({
    title: `Commands executed and durable, ${accounts} accounts, groups of ${load.group}`,
    rows: SUBJECTS.map((name) => ({
      name,
      closedPerSecond: figures(name, (round) => round.closed.rate),
      closedLeast: Math.min(...played.get(name)!.map((round) => round.closed.rate)),
      closedMost: Math.max(...played.get(name)!.map((round) => round.closed.rate)),
      closedP50Ms: figures(name, (round) => round.closed.p50),
      closedP99Ms: figures(name, (round) => round.closed.p99),
      openPerSecond: figures(name, (round) => rateWithin(round.open, Infinity)),
      openP99Ms: figures(name, (round) => p99AtMost(round.open)),
      cpuUs: figures(name, (round) => round.closed.cpuUs),
    })),
    ratios: {
      vsRawLog: over(closed, LOG),
      vsLmdb: over(atLatencyOf(LOG), LMDB, LOG),
      vsBetterSqlite3: over(atLatencyOf(LOG), SQLITE, LOG),
      nodeVsLmdb: over(atLatencyOf(NODE), LMDB),
      nodeVsBetterSqlite3: over(atLatencyOf(NODE), SQLITE),
      nodeVsLmdbClosed: over(closed, LMDB),
      nodeVsBetterSqlite3Closed: over(closed, SQLITE),
    },
    notes: [
      `Closed loop: ${load.window} commands under way at once. Open loop: rates that rise by a quarter, ${seconds} s each; latency counts from when a group was due.`,
      "vsRawLog: the node against its log alone, in the closed loop. vsLmdb and vsBetterSqlite3: the log against them as stores, none of which executes anything; the highest rates reached in the open loop with a p99 no longer than the log's at its own highest.",
      "nodeVsLmdb and nodeVsBetterSqlite3 hold the node, which executes every command, against stores that execute none, in the same way.",
      `One row per command in lmdb and SQLite (WAL, synchronous=FULL); ${sentenceOn(played.get(NODE)!)}`,
      "fdatasync of 4 KB into a reserved file, ms: p50 and p99 of each subject's rounds are under sync.",
    ],
    conditions: conditions(),
    extra: {
      sync: spreadOf([...played.values()].flat(), ({ sync4 }) => sync4.median),
      syncP99: spreadOf([...played.values()].flat(), ({ sync4 }) => sync4.most),
      curves: Object.fromEntries(SUBJECTS.map((name) => [name, played.get(name)!.map(({ open }) => open)])),
    },
  });
}

function sentenceOn(node: readonly Round[]): string {
  const refused = Math.max(...node.map((round) => round.refused));
  return `of the node's commands ${(100 * refused).toFixed(2)} % are refused at most.`;
}

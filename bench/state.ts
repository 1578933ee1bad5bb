/**
 * The state of a million accounts with four positions each: snapshot, restore and hash against copying the same bytes, and the hash
 * after a thousand commands.
 */
import { parseArgs } from "node:util";
import { Engine, hex } from "@bulkhead/engine";
import { measureBandwidth } from "./lib/bandwidth.ts";
import { createFlow } from "./lib/flow.ts";
import { median, type Ratio } from "./lib/measure.ts";
import { print, watchConditions } from "./lib/report.ts";
import { platformHash } from "./lib/venueCommands.ts";
import { applyOne, createVenue, framesOf } from "./lib/venueFlow.ts";

const { values } = parseArgs({
  options: {
    accounts: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});

const conditions = watchConditions();
const accounts = Number(values.accounts);
const rounds = Number(values.rounds);
const TOUCHED = 1_000;

const engine = createVenue(accounts);
const flow = createFlow({ commands: rounds * TOUCHED, seed: 1, accounts });
const frames = framesOf(flow);
const orders = new Float64Array(flow.kind.length);
const bytes = engine.snapshot();
const copy = new Uint8Array(bytes.length);
const restored = Engine.restore(bytes, { hash: platformHash });
if (hex(restored.stateHash()) !== hex(engine.stateHash()))
  throw new Error("the restored state hashes differently");

const COPY = "memcpy of the snapshot's bytes";
const FRESH_COPY = "memcpy into fresh memory";
const SNAPSHOT = "snapshot, into fresh memory";
const RESTORE = "restore (pages read, hashed, compared)";
const FULL = "state hash, every page";
const INCREMENTAL = `state hash after ${TOUCHED} commands`;
const samples = new Map<string, number[]>(
  [COPY, FRESH_COPY, SNAPSHOT, RESTORE, FULL, INCREMENTAL].map((name) => [name, []]),
);

for (let round = -1; round < rounds; round++) {
  timed(round, COPY, () => copy.set(bytes));
  timed(round, FRESH_COPY, () => bytes.slice());
  timed(round, SNAPSHOT, () => engine.snapshot());
  const fresh = timed(round, RESTORE, () => Engine.restore(bytes, { hash: platformHash }));
  for (const arena of [fresh.venue.vault.arena, ...fresh.venue.tiers.map((tier) => tier.arena)])
    arena.marks.fill(255);
  timed(round, FULL, () => fresh.stateHash());
  if (round >= 0) touch(round);
  timed(round, INCREMENTAL, () => engine.stateHash());
}

/** Applies the round's thousand commands. */
function touch(round: number): void {
  for (let step = 0; step < TOUCHED; step++) applyOne(flow, frames, engine, orders, round * TOUCHED + step);
}

function timed<Result>(round: number, name: string, run: () => Result): Result {
  globalThis.gc?.();
  const started = performance.now();
  const result = run();
  if (round >= 0) samples.get(name)!.push(performance.now() - started);
  return result;
}

function over(name: string, base: string): Ratio {
  const ratios = samples.get(name)!.map((sample, round) => sample / samples.get(base)![round]!);
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

const megabytes = bytes.length / 2 ** 20;
const bandwidth = measureBandwidth();
const rows = [...samples].map(([name, times]) => {
  const ms = median(times);
  return {
    name,
    ms,
    least: Math.min(...times),
    most: Math.max(...times),
    gigabytesPerSecond: megabytes / 1024 / (ms / 1e3),
  };
});
print({
  title: `State of ${accounts} accounts with four positions each: ${megabytes.toFixed(0)} MiB in use`,
  rows,
  ratios: {
    snapshotVsMemcpy: over(SNAPSHOT, COPY),
    snapshotVsFreshMemcpy: over(SNAPSHOT, FRESH_COPY),
    restoreVsMemcpy: over(RESTORE, COPY),
    fullHashVsMemcpy: over(FULL, COPY),
    incrementalVsFullHash: over(INCREMENTAL, FULL),
  },
  notes: [
    "Fresh memory is what the operating system hands out page by page: most of a snapshot's time is that.",
    `Bandwidth of this run: ${bandwidth.copy.toFixed(1)} GB/s copied, ${bandwidth.read.toFixed(1)} GB/s read by a plain loop.`,
    "Wall time. The full hash reads every page of the arenas, unused ones too; throughput is stated over the bytes in use.",
    "Restore allocates the arenas, copies the pages, hashes them and compares with the hash the snapshot carries.",
  ],
  conditions: conditions(),
  extra: { bandwidth },
});

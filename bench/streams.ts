/**
 * What the streams cost a node: mirrored books, trades, candles and the fan-out, per command, with nobody listening, with one subscriber and
 * with a thousand on book, trades and ticker of the market that trades. And what a subscriber who does not read can make a node hold.
 */
import { parseArgs } from "node:util";
import { Engine, FRAME_WORDS } from "@bulkhead/engine";
import { directoryOf } from "@bulkhead/protocol";
import { type ExecutedBatch, FanOut, MarketData } from "@bulkhead/server";
import { createFlow } from "./lib/flow.ts";
import { type Ratio, median } from "./lib/measure.ts";
import { print, watchConditions } from "./lib/report.ts";
import { applyOne, createIdleVenue, framesOf } from "./lib/venueFlow.ts";
import { Taker } from "./lib/taker.ts";

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "200000" },
    batch: { type: "string", default: "100" },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});

const conditions = watchConditions();
const [commands, size, rounds] = [values.commands, values.batch, values.rounds].map(Number) as [
  number,
  number,
  number,
];
const ACCOUNTS = 1_000;
const DIRECTORY = directoryOf({
  assets: [{ symbol: "USD", asset: 1, decimals: 6 }],
  tiers: [{ tier: 1, name: "bench" }],
  instruments: [1, 2, 3, 4].map((market) => ({
    symbol: `M${market}-PERP`,
    tier: 1,
    market,
    base: `M${market}`,
    quote: "USD",
    tickSize: "0.5",
    lotSize: "0.001",
  })),
});

/** The flow, executed once: the batches that a runner would hand on. */
function executed(): { readonly before: Uint8Array; readonly batches: readonly ExecutedBatch[] } {
  const engine = createIdleVenue(ACCOUNTS);
  const before = engine.snapshot();
  const flow = createFlow({ commands, seed: 1, accounts: ACCOUNTS });
  const frames = framesOf(flow);
  const ids = new Float64Array(flow.kind.length);
  const batches: ExecutedBatch[] = [];
  const taker = new Taker();
  for (let first = 0; first < commands; first += size) {
    const count = Math.min(size, commands - first);
    taker.begin(engine.sequence + 1, frames.subarray(first * FRAME_WORDS, (first + count) * FRAME_WORDS));
    for (let command = first; command < first + count; command++) {
      applyOne(flow, frames, engine, ids, command);
      taker.add(0, engine.venue.facts, engine.events());
    }
    batches.push(taker.batch());
  }
  return { before, batches };
}

const { before, batches } = executed();

/** CPU time of this process so far, ms: other processes are not in it. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Executes the flow and does nothing else. @returns ns per command */
function execute(): number {
  const engine = Engine.restore(before);
  const flow = createFlow({ commands, seed: 1, accounts: ACCOUNTS });
  const frames = framesOf(flow);
  const ids = new Float64Array(flow.kind.length);
  globalThis.gc?.();
  const startedMs = cpuMs();
  for (let command = 0; command < commands; command++) applyOne(flow, frames, engine, ids, command);
  return ((cpuMs() - startedMs) * 1e6) / commands;
}

interface Figures {
  readonly ns: number;
  readonly sent: number;
  readonly bytes: number;
}

/** Follows the flow once. */
async function follow(subscribers: number): Promise<Figures> {
  const engine = Engine.restore(before);
  const fanOut = new FanOut();
  const market = new MarketData({
    directory: DIRECTORY,
    fanOut,
    read: (ask) => Promise.resolve(ask(engine)),
  });
  market.begin(engine);
  const connection = { bufferedBytes: 0, send: () => undefined, close: () => undefined };
  for (let index = 0; index < subscribers; index++) {
    const subscriber = fanOut.join(connection);
    for (const channel of ["book", "trades", "ticker"] as const)
      await market.subscribe(subscriber, { channel, symbol: "M1-PERP" });
  }
  globalThis.gc?.();
  const { sent, sentBytes } = fanOut.figures;
  const startedMs = cpuMs();
  for (const batch of batches) market.take(batch);
  const ns = ((cpuMs() - startedMs) * 1e6) / commands;
  return { ns, sent: fanOut.figures.sent - sent, bytes: fanOut.figures.sentBytes - sentBytes };
}

/** Follows the flow with one subscriber who reads nothing. @returns the most that was kept for him, and after how many commands he was cut off */
async function stall(): Promise<{ readonly most: number; readonly cutAfter: number }> {
  const engine = Engine.restore(before);
  const now = { ms: 0 };
  const fanOut = new FanOut({ clock: () => now.ms });
  const market = new MarketData({
    directory: DIRECTORY,
    fanOut,
    read: (ask) => Promise.resolve(ask(engine)),
  });
  market.begin(engine);
  const connection = {
    bufferedBytes: 0,
    send: (message: Uint8Array) => (connection.bufferedBytes += message.length),
    close: () => undefined,
  };
  const subscriber = fanOut.join(connection);
  for (const channel of ["book", "trades"] as const)
    await market.subscribe(subscriber, { channel, symbol: "M1-PERP" });
  for (const batch of batches) {
    market.take(batch);
    now.ms += 1;
    fanOut.drain();
    if (fanOut.connected === 0) return { most: connection.bufferedBytes, cutAfter: batch.first };
  }
  return { most: connection.bufferedBytes, cutAfter: 0 };
}

const SUBSCRIBERS = [0, 1, 1_000];
const engineTimes: number[] = [];
const samples = new Map<number, Figures[]>(SUBSCRIBERS.map((count) => [count, []]));
for (let round = -1; round < rounds; round++) {
  const ns = execute();
  if (round >= 0) engineTimes.push(ns);
  for (const count of SUBSCRIBERS) {
    const figures = await follow(count);
    if (round >= 0) samples.get(count)?.push(figures);
  }
}

const engineNs = median(engineTimes);
const rows = SUBSCRIBERS.map((count) => {
  const taken = samples.get(count) ?? [];
  const times = taken.map(({ ns }) => ns);
  const [first] = taken;
  return {
    name: `${count} subscribers`,
    nsPerCommand: median(times),
    least: Math.min(...times),
    most: Math.max(...times),
    messages: first?.sent ?? 0,
    megabytes: (first?.bytes ?? 0) / 1e6,
  };
});
const over = (count: number): Ratio => {
  const ratios = (samples.get(count) ?? []).map(({ ns }) => ns / engineNs);
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
};
const stalled = await stall();
print({
  title: `The streams of ${commands} commands in batches of ${size}, one market`,
  rows,
  ratios: { silentVsEngine: over(0), oneVsEngine: over(1), thousandVsEngine: over(1_000) },
  notes: [
    `The engine took ${engineNs.toFixed(0)} ns per command to execute them, margined over four markets. A batch makes one message per channel at most.`,
    "Subscribers are connections that take everything at once and do nothing with it: what a socket costs is not in it.",
    `A subscriber to book and trades who reads nothing was cut off after ${stalled.cutAfter} commands, with ${(stalled.most / 1_024).toFixed(0)} KiB kept for him.`,
  ],
  conditions: conditions(),
  extra: { engineNs, stalled },
});

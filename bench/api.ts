/**
 * The interface, end to end: a node that keeps every command, in a process of its own, and signed clients on loopback. What the node spends
 * on a command by either door is CPU time of its whole process, from the network to the disk; the client shares the machine.
 */
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { recordBytes, signingDomain } from "@bulkhead/protocol";
import WebSocket from "ws";
import { Line, type Records, Signer, batchesOf, hangUp, post, publicKey } from "./lib/apiClient.ts";
import {
  ACCOUNTS,
  CHAIN,
  type Figures,
  OWNERS,
  SYMBOL,
  type Tells,
  type Told,
  beNode,
} from "./lib/apiNode.ts";
import { CENTRE, createFlow } from "./lib/flow.ts";
import { percentile } from "./lib/latency.ts";
import { print, watchConditions } from "./lib/report.ts";

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "1000000" },
    requests: { type: "string", default: "4000" },
    subscribers: { type: "string", default: "1000" },
    batch: { type: "string", default: "256" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    /** Be the node. */
    node: { type: "boolean", default: false },
  },
});

/** Batches of one connection that are under way. */
const WINDOW = 8;
const HTTP_WINDOW = 32;
/** The last part of the flow, which is sent at half of the speed that was reached. */
const PACED = 0.3;
const PACED_BATCH = 64;
const OUTCOMES = 2;
const MIB = 2 ** 20;

if (values.node) await beNode();
else await measure();

interface Spent {
  readonly commands: number;
  readonly seconds: number;
  /** CPU time of the node per command, µs. */
  readonly cpu: number;
  readonly refused: number;
}

async function measure(): Promise<void> {
  const conditions = watchConditions();
  const node = fork(process.argv[1] as string, ["--node"], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  try {
    const keys = Array.from({ length: OWNERS }, () => randomBytes(32));
    const opened = await tell(node, { keys: keys.map((key) => publicKey(key)) });
    if (!("port" in opened)) throw new Error("the node did not say where it listens");
    const domain = signingDomain(CHAIN, opened.genesis);
    const signers = keys.map((key, index) => new Signer(domain, opened.sessions[index] as number, key));
    const lines = await Promise.all(signers.map(() => Line.open(opened.tcpPort)));

    const commands = Number(values.commands);
    const flow = createFlow({ commands, seed: Number(values.seed), accounts: ACCOUNTS });
    const parts = batchesOf(flow, Number(values.batch), 1).map((batches) => {
      const paced = Math.floor(batches.length * (1 - PACED));
      return { rest: batches.slice(0, paced), paced: batches.slice(paced) };
    });
    const warmUp = Math.floor((parts[0] as (typeof parts)[0]).rest.length / 4);
    await pour(
      node,
      lines,
      signers,
      parts.map(({ rest }) => rest.slice(0, warmUp)),
    );
    const binary = await pour(
      node,
      lines,
      signers,
      parts.map(({ rest }) => rest.slice(warmUp)),
    );
    const latency = await pace(
      lines,
      signers,
      parts.map(({ paced }) => paced),
      binary.commands / binary.seconds / 2,
    );
    await single(node, opened.port, signers, Number(values.requests) >> 2);
    const http = await single(node, opened.port, signers, Number(values.requests));
    const streams = await listen(node, opened.port, lines, signers, commands);
    const perSecond = binary.commands / binary.seconds;
    print({
      title: `The interface: ${OWNERS} sessions, signed, durable`,
      rows: [
        row(`binary over TCP, ${values.batch} commands a batch`, binary),
        row("JSON over HTTP, an order a request", http),
      ],
      ratios: { binaryVsHttpPerCpu: even(http.cpu / binary.cpu) },
      notes: [
        `At half of that, ${latency.perSecond.toFixed(0)} commands/s in batches of ${PACED_BATCH}, from when a batch was due to its answer: p50 ${latency.p50.toFixed(2)} ms, p99 ${latency.p99.toFixed(2)} ms.`,
        `${streams.subscribers} subscribers of a book that ${streams.perSecond.toFixed(0)} commands/s change: ${streams.messages} messages (${streams.megabytes.toFixed(0)} MB) in ${streams.seconds.toFixed(1)} s, ${streams.gaps} missed, ${streams.cut} cut off; the node's memory grew from ${streams.memoryBefore.toFixed(0)} to ${streams.memoryAfter.toFixed(0)} MB. ${streams.slow} who did not read were cut off with code ${streams.slowCode}.`,
        "The clients share the machine's cores with the node; the node's views are not among what is measured.",
      ],
      conditions: conditions(),
      extra: {
        binaryCommandsPerSecond: perSecond,
        binaryCpuMicroseconds: binary.cpu,
        httpCpuMicroseconds: http.cpu,
        ackP50Ms: latency.p50,
        ackP99Ms: latency.p99,
        streams,
      },
    });
    for (const line of lines) line.close();
    hangUp();
  } finally {
    node.send("end" satisfies Told);
    await once(node, "exit");
  }
}

function row(name: string, { commands, seconds, cpu, refused }: Spent) {
  return { name, commands, perSecond: commands / seconds, nodeCpuMicroseconds: cpu, refused };
}

const even = (median: number) => ({ median, least: median, most: median });

/** Sends every line's batches as fast as they are answered. */
async function pour(
  node: ChildProcess,
  lines: readonly Line[],
  signers: readonly Signer[],
  parts: readonly (readonly Records[])[],
): Promise<Spent> {
  const before = await figures(node);
  const started = performance.now();
  let [commands, refused] = [0, 0];
  await Promise.all(
    lines.map(async (line, index) => {
      const batches = parts[index] as readonly Records[];
      const signer = signers[index] as Signer;
      let next = 0;
      const run = async (): Promise<void> => {
        while (next < batches.length) {
          const id = next++;
          const { bytes, count } = batches[id] as Records;
          refused += refusedIn(await line.send(signer.batch(bytes, count, id)), id);
          commands += count;
        }
      };
      await Promise.all(Array.from({ length: WINDOW }, run));
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  const after = await figures(node);
  return { commands, seconds, cpu: (after.cpu - before.cpu) / commands, refused };
}

/** Sends at a steady rate, whether or not the answers keep up. */
async function pace(
  lines: readonly Line[],
  signers: readonly Signer[],
  parts: readonly (readonly Records[])[],
  perSecond: number,
): Promise<{ readonly p50: number; readonly p99: number; readonly perSecond: number }> {
  const small = parts.map((batches) => batches.flatMap(split));
  const rounds = Math.min(...small.map(({ length }) => length));
  const everyMs = (PACED_BATCH * OWNERS * 1_000) / perSecond;
  const latencies: number[] = [];
  const answers: Promise<unknown>[] = [];
  const started = performance.now();
  let commands = 0;
  for (let round = 0; round < rounds;) {
    const due = started + round * everyMs;
    const wait = due - performance.now();
    if (wait > 0) {
      await new Promise((resolve) => (wait > 2 ? setTimeout(resolve, 1) : setImmediate(resolve)));
      continue;
    }
    for (const [index, line] of lines.entries()) {
      const { bytes, count } = (small[index] as readonly Records[])[round] as Records;
      const answer = line.send((signers[index] as Signer).batch(bytes, count, round));
      answers.push(answer.then(() => latencies.push(performance.now() - due)));
      commands += count;
    }
    round++;
  }
  await Promise.all(answers);
  const seconds = (performance.now() - started) / 1_000;
  const sorted = Float64Array.from(latencies).sort();
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), perSecond: commands / seconds };
}

/** A batch as several of the size that is paced. All records of a flow are orders and cancels; where one ends tells its first byte. */
function split(batch: Records): Records[] {
  const parts: Records[] = [];
  let [start, at, count] = [0, 0, 0];
  while (at < batch.bytes.length) {
    at += recordBytes(batch.bytes[at] as number);
    count++;
    if (count === PACED_BATCH || at === batch.bytes.length) {
      parts.push({ bytes: batch.bytes.subarray(start, at), count });
      [start, count] = [at, 0];
    }
  }
  return parts;
}

/** Orders that rest far from the book and are cancelled by nobody would fill it: each rests for one request and is cancelled by the next. */
async function single(
  node: ChildProcess,
  port: number,
  signers: readonly Signer[],
  requests: number,
): Promise<Spent> {
  const before = await figures(node);
  const started = performance.now();
  let [next, refused] = [0, 0];
  const price = ((CENTRE - 700) / 10).toFixed(1);
  const run = async (): Promise<void> => {
    while (next < requests) {
      const id = next++;
      const signer = signers[id % OWNERS] as Signer;
      const account = (id % ACCOUNTS) + 1;
      const owner = (account - 1) % OWNERS;
      const order = {
        account,
        symbol: SYMBOL,
        side: "buy",
        type: "limit",
        amount: "0.001",
        price,
        timeInForce: "IOC",
      };
      const status = await post(
        port,
        "/v1/orders",
        JSON.stringify(order),
        owner === id % OWNERS ? signer : (signers[owner] as Signer),
      );
      if (status !== 201) refused++;
    }
  };
  await Promise.all(Array.from({ length: HTTP_WINDOW }, run));
  const seconds = (performance.now() - started) / 1_000;
  const after = await figures(node);
  return { commands: requests, seconds, cpu: (after.cpu - before.cpu) / requests, refused };
}

/** Subscribers of the book while it is traded, some of whom do not read. */
async function listen(
  node: ChildProcess,
  port: number,
  lines: readonly Line[],
  signers: readonly Signer[],
  first: number,
) {
  const subscribers = Number(values.subscribers);
  const idle = Math.min(10, subscribers);
  let [messages, bytes, gaps, cut] = [0, 0, 0, 0];
  let slowCode = 0;
  const before = await figures(node);
  const sockets = await Promise.all(
    Array.from({ length: subscribers + idle }, async (_, index) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, { perMessageDeflate: false });
      await once(socket, "open");
      socket.send(JSON.stringify({ op: "subscribe", channel: "book", symbol: SYMBOL }));
      let last: number | undefined;
      if (index >= subscribers) {
        // Asks for all there is, and reads nothing of it.
        for (const channel of ["trades", "ticker"])
          socket.send(JSON.stringify({ op: "subscribe", channel, symbol: SYMBOL }));
        socket.pause();
        socket.on("close", (code) => (slowCode = code));
        return socket;
      }
      socket.on("message", (data: Buffer) => {
        messages++;
        bytes += data.length;
        // One reader in a hundred checks what all are told.
        if (index % 100 !== 0) return;
        const told = JSON.parse(data.toString()) as {
          channel?: string;
          previous?: number;
          sequence?: number;
        };
        if (told.channel !== "book") return;
        if (told.previous !== undefined && last !== undefined && told.previous !== last) gaps++;
        last = told.sequence;
      });
      socket.on("close", () => cut++);
      return socket;
    }),
  );
  const flow = createFlow({ commands: 200_000, seed: Number(values.seed) + 1, accounts: ACCOUNTS });
  const parts = batchesOf(flow, PACED_BATCH, first + 1_000_000);
  const started = performance.now();
  const spent = await paced(node, lines, signers, parts);
  const seconds = (performance.now() - started) / 1_000;
  const after = await figures(node);
  const slow = (after.streams["cut"] ?? 0) - (before.streams["cut"] ?? 0);
  for (const socket of sockets.slice(subscribers)) socket.resume();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const lost = cut;
  for (const socket of sockets) socket.terminate();
  return {
    subscribers,
    perSecond: spent / seconds,
    messages,
    megabytes: bytes / MIB,
    seconds,
    gaps,
    cut: lost,
    memoryBefore: before.memory / MIB,
    memoryAfter: after.memory / MIB,
    slow,
    slowCode,
  };
}

/** A book that is busy for some seconds: a few thousand commands each. */
async function paced(
  node: ChildProcess,
  lines: readonly Line[],
  signers: readonly Signer[],
  parts: readonly (readonly Records[])[],
): Promise<number> {
  const until = performance.now() + 15_000;
  let commands = 0;
  for (let round = 0; performance.now() < until; round++) {
    const due = performance.now() + 50;
    await Promise.all(
      lines.map(async (line, index) => {
        const batch = parts[index]?.[round];
        if (batch === undefined) return;
        commands += batch.count;
        await line.send((signers[index] as Signer).batch(batch.bytes, batch.count, round));
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }
  await figures(node);
  return commands;
}

function refusedIn(answer: Buffer, id: number): number {
  if (answer[1] !== OUTCOMES) throw new Error(`batch ${id}: ${answer.subarray(8).toString()}`);
  const count = answer.readUInt16LE(2);
  let refused = 0;
  for (let index = 0; index < count; index++) if (answer.readUInt16LE(16 + index * 34) !== 0) refused++;
  return refused;
}

async function figures(node: ChildProcess): Promise<Figures> {
  return (await tell(node, "figures")) as Figures;
}

async function tell(node: ChildProcess, told: Told): Promise<Tells> {
  node.send(told);
  const [answer] = (await once(node, "message")) as [Tells];
  return answer;
}

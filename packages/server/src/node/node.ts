/**
 * A node, put together: the log and the engine, who may do what, the doors, streams, views, housekeeping. Parts meet here and nowhere else; they
 * are begun in the order in which they stand on one another and ended in the opposite one.
 */
import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { FRAME_WORDS, RECEIPT_FACTS, encodeCommand } from "@bulkhead/engine";
import type { Directory } from "@bulkhead/protocol";
import { openAccess } from "../access/access.ts";
import type { Offices } from "../access/authorise.ts";
import { DEFAULT_LIMITS, type Limits } from "../access/limits.ts";
import { DataDirectoryError, isSetUp, takeOver } from "../dataDirectory.ts";
import { openGateway } from "../gateway/gateway.ts";
import type { History } from "../gateway/ports.ts";
import { type Halt, isHalted } from "../halt.ts";
import { FanOut } from "../market/fanOut.ts";
import { MarketData } from "../market/marketData.ts";
import { createStreamEndpoint } from "../market/streamEndpoint.ts";
import { genesisOf } from "../runner/genesis.ts";
import { type Probe, type Recovery, Runner } from "../runner/runner.ts";
import { keepSnapshots } from "../runner/snapshotPolicy.ts";
import type { Say } from "../telemetry/eventLogger.ts";
import { type Meter, createMeter } from "../telemetry/meter.ts";
import { createTelemetry } from "../telemetry/metrics.ts";
import { follow } from "../views/follow.ts";
import { startViews } from "../viewsThread.ts";
import { capacitiesOf } from "./bootstrap.ts";
import type { Config } from "./config.ts";
import { definedOf } from "./defined.ts";
import { gatewayLog } from "./gatewayLog.ts";
import { chores, noProgress, noteSettled } from "./housekeeping.ts";
import { keepLookout } from "./lookout.ts";
import { atNoTime, rehearse, setUp } from "./setUp.ts";

export interface NodeOptions {
  readonly config: Config;
  /** The venue's directory; made if it is not there. */
  readonly directory: string;
  readonly say: Say;
  /** Pages for people, a folder of built files; there are none if not told. */
  readonly site?: string;
  /** Of the node's software. */
  readonly version: string;
  /** ms since the epoch; the platform's. */
  readonly clock?: () => number;
}

export interface Node {
  readonly url: string;
  readonly names: Directory;
  readonly recovery: Recovery;
  /** Number of the last command executed. */
  readonly sequence: () => number;
  /** Resolves when the venue is halted from outside; commands are refused from then on. */
  readonly halted: Promise<Halt>;
  /** Takes nothing more, finishes what is under way, takes a snapshot, and lets go of everything. */
  readonly stop: () => Promise<void>;
}

const HOUSEKEEPING_MS = 250;
const HALT_MS = 1_000;
const SECOND = 1_000;

/**
 * Starts a venue's node, or goes on with one.
 * @throws {ConfigError} if the venue cannot be set up as configured
 * @throws {DataDirectoryError} if another process has the directory, it is none, or the venue is halted
 * @throws {LogError} if the log is damaged
 */
export async function startNode(options: NodeOptions): Promise<Node> {
  /** How to end what was begun, the last first. */
  const ends: (() => Promise<void> | void)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= endAll(ends));
  try {
    return await begin(options, ends, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ends what was begun, the last first; what cannot be ended does not keep the rest. */
async function endAll(ends: (() => Promise<void> | void)[]): Promise<void> {
  const faults: unknown[] = [];
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    try {
      await end();
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, "the node could not be ended in order");
}

async function begin(
  { config, directory: path, say, site, version, clock = Date.now }: NodeOptions,
  ends: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<Node> {
  if (!(await isSetUp(path))) rehearse(config);
  const directory = await takeOver(path, capacitiesOf(config));
  ends.push(directory.release);
  const halt = await isHalted(path);
  if (halt !== undefined)
    throw new DataDirectoryError(`${path} is halted by ${halt.by}: ${halt.kind}: ${halt.reason}`);
  const { capacities } = directory;
  const telemetry = createTelemetry();
  let meter: Meter | undefined;
  const probe: Probe = {
    executed: (commands, ms) => meter?.executed(commands, ms),
    synced: (bytes, ms) => meter?.synced(bytes, ms),
  };
  const { runner, recovery } = await Runner.open(directory, { capacities, hash, clock, probe });
  ends.push(() => runner.close());
  // When nothing is taken in any more: the next start has nothing to execute again.
  ends.push(async () => {
    await runner.snapshot().catch((error: unknown) => say("snapshot.failed", { error }));
  });
  meter = createMeter({ telemetry, read: (question) => runner.read(question) });

  // Of a venue that is set up only now nobody has signed anything yet.
  const durableUntil = runner.engine.time;
  const names = await setUp(config, directory, runner);
  const genesis = genesisOf(capacities);
  const origin = originOf(config);
  const access = await openAccess(directory.access, {
    genesis,
    chainId: config.chainId,
    domain: new URL(origin).host,
    uri: origin,
    offices: officesOf(config),
    limits: limitsOf(config),
    durableUntil,
    clock,
  });
  ends.push(() => access.close());

  const views = await startViews({
    directory: path,
    ...(config.views !== "embedded" && { database: config.views }),
  });
  ends.push(() => views.close());
  const following = follow({
    views,
    listen: (listener) => runner.listen(listener),
    report: (error) => say("views.failed", { sequence: runner.log.last, error }),
  });
  ends.push(() => following.stop());
  const history: History = {
    sequence: () => views.sequence(),
    reached: following.reached,
    // What the gateway asks is some of what views answer, in the same words.
    ask: (name, question) => views.ask(name, question as never) as Promise<never>,
  };

  const market = await openMarket(names, runner, say);
  ends.push(() => market.close());
  const streams = createStreamEndpoint({
    ...market,
    authenticate: (token) => access.reader(token),
    clock,
    onFault: (error) => say("stream.faulted", { error }),
  });
  const { metrics, metricsText } = telemetry;

  const gateway = await openGateway(
    {
      host: config.host,
      port: config.port,
      ...(config.binaryPort !== undefined && { tcpPort: config.binaryPort }),
      ...(site !== undefined && { site }),
      answered: (route, status, ms) => {
        metrics.gateway_requests_total.inc({ route, status: String(status) });
        metrics.gateway_request_seconds.observe({ route }, ms / SECOND);
      },
    },
    {
      core: runner,
      access,
      history,
      directory: names,
      about: { name: config.name, isDemo: config.demo },
      streams,
      log: gatewayLog(say),
      version,
      metrics: metricsText,
    },
  );
  ends.push(() => gateway.close());

  const { fanOut } = market;
  const lookout = keepLookout({ config, runner, following, fanOut, access, telemetry, meter, say, clock });
  ends.push(lookout.end);
  const { everyCommands, everySeconds } = config.snapshots;
  ends.push(
    keepSnapshots(runner, {
      everyCommands,
      everyMs: everySeconds * SECOND,
      onTaken: (sequence, ms) => {
        lookout.snapshotTaken();
        say("snapshot.taken", { sequence, ms: Math.round(ms) });
      },
      onFailed: (error) => say("snapshot.failed", { error }),
    }),
  );
  ends.push(keepHouse(runner, clock, say));
  const { halted, end } = watchForHalt(path, stop, say);
  ends.push(end);
  const url = `http://${isIP(config.host) === 6 ? `[${config.host}]` : config.host}:${gateway.port}`;
  ends.unshift(() => say("node.stopped", { sequence: runner.engine.sequence }));
  say("node.started", { version, sequence: runner.engine.sequence, ...recovery });
  return {
    url,
    names,
    recovery,
    sequence: () => runner.engine.sequence,
    halted,
    stop,
  };
}

/** The platform's is faster than the engine's own. */
function hash(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

/** Streams, from the state as it is now on. */
async function openMarket(
  directory: Directory,
  runner: Runner,
  say: Say,
): Promise<{ readonly market: MarketData; readonly fanOut: FanOut; readonly close: () => void }> {
  const fanOut = new FanOut();
  const market = new MarketData({
    directory,
    fanOut,
    read: (question) => runner.read(question),
    onFault: (error) => say("market.restarted", { error }),
  });
  const stopListening = await runner.read((engine) => {
    market.begin(engine);
    return runner.listen((batch) => market.take(batch));
  });
  market.start();
  return {
    market,
    fanOut,
    close: () => {
      stopListening();
      market.close();
    },
  };
}

/** Does the chores that are due, again and again. @returns how to end it */
function keepHouse(runner: Runner, clock: () => number, say: Say): () => Promise<void> {
  const progress = noProgress();
  let doing: Promise<void> = Promise.resolve();
  let isBusy = false;
  const look = async (): Promise<void> => {
    const due = await runner.read((engine) => chores(engine, progress, clock()));
    if (due.length === 0) return;
    const frames = new Float64Array(due.length * FRAME_WORDS);
    due.forEach((instruction, index) => encodeCommand(atNoTime(instruction), frames, index * FRAME_WORDS));
    const { batch, index } = await runner.submitAll(frames);
    due.forEach((instruction, at) => {
      if (instruction.kind !== "settleExpired" || batch.codes[index + at] !== 0) return;
      noteSettled(progress, instruction, batch.facts[(index + at) * RECEIPT_FACTS + 1] as number);
    });
  };
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    doing = look()
      .catch((error: unknown) => say("chores.failed", { error }))
      .finally(() => (isBusy = false));
  }, HOUSEKEEPING_MS);
  return async () => {
    clearInterval(timer);
    await doing;
  };
}

/** A halt is raised by a file: the venue stops then, until somebody has looked at it. */
function watchForHalt(
  path: string,
  stop: () => Promise<void>,
  say: Say,
): { readonly halted: Promise<Halt>; readonly end: () => void } {
  let tell: (halt: Halt) => void;
  const halted = new Promise<Halt>((resolve) => (tell = resolve));
  const timer = setInterval(async () => {
    const halt = await isHalted(path);
    if (halt === undefined) return;
    clearInterval(timer);
    const { by, kind, sequence, reason } = halt;
    say("node.halted", { by, kind, sequence, reason });
    tell(halt);
    await stop();
  }, HALT_MS);
  timer.unref();
  return { halted, end: () => clearInterval(timer) };
}

function originOf({ host, port }: Config): string {
  const isLocal = host === "0.0.0.0" || host === "::";
  return `http://${isLocal ? "localhost" : host}:${port}`;
}

function officesOf({ operators, tiers, governance: { members } }: Config): Offices {
  const shards = [0, ...tiers.map((_, index) => index + 1)];
  return {
    operators: operators.map((address) => address.toLowerCase()),
    reporters: tiers.flatMap(({ reporters }, index) =>
      reporters.map(({ reporter, address }) => ({
        tier: index + 1,
        reporter,
        address: address.toLowerCase(),
      })),
    ),
    members: shards.flatMap((tier) =>
      members.map(({ member, address }) => ({ tier, member, address: address.toLowerCase() })),
    ),
  };
}

function limitsOf({ limits }: Config): Limits {
  return { ...DEFAULT_LIMITS, ...definedOf(limits) };
}

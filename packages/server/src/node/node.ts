/**
 * A node, put together: the log and the engine, who may do what, the doors, streams, views, housekeeping. Parts meet here and nowhere else; they
 * are begun in the order in which they stand on one another and ended in the opposite one.
 */
import { isIP } from "node:net";
import type { Directory } from "@bulkhead/protocol";
import type { Halt } from "../halt.ts";
import { openPublicLog } from "../log/publicLog.ts";
import type { Recovery, Runner } from "../runner/runner.ts";
import { keepSnapshots } from "../runner/snapshotPolicy.ts";
import type { Say } from "../telemetry/eventLogger.ts";
import type { Config } from "./config.ts";
import { openCore } from "./core.ts";
import { openDoors } from "./doors.ts";
import { watchForHalt } from "./haltWatch.ts";
import { keepHouse } from "./keepHouse.ts";
import { type Lifetime, beginLifetime } from "./lifetime.ts";
import { keepLookout } from "./lookout.ts";
import { openNodeAccess } from "./nodeAccess.ts";
import { openNodeStreams } from "./nodeStreams.ts";
import { openNodeViews } from "./nodeViews.ts";
import { originsOf } from "./origins.ts";
import { adviseOnPages } from "./pageSize.ts";
import { setUp } from "./setUp.ts";

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

const SECOND = 1_000;

/**
 * Starts a venue's node, or goes on with one.
 * @throws {ConfigError} if the venue cannot be set up as configured
 * @throws {DataDirectoryError} if another process has the directory, it is none, or the venue is halted
 * @throws {LogError} if the log is damaged
 */
export async function startNode(options: NodeOptions): Promise<Node> {
  const lifetime = beginLifetime();
  try {
    return await begin({ clock: Date.now, ...options }, lifetime);
  } catch (error) {
    await lifetime.end();
    throw error;
  }
}

async function begin(
  options: NodeOptions & Required<Pick<NodeOptions, "clock">>,
  lifetime: Lifetime,
): Promise<Node> {
  const { config, directory: path, say, site, version, clock } = options;
  const { directory, runner, recovery, telemetry, meter, tracing } = await openCore(options, lifetime);
  // Of a venue that is set up only now nobody has signed anything yet.
  const durableUntil = runner.engine.time;
  const names = await setUp(config, directory, runner);
  // Which port it is the system says where the configuration does not.
  const listening = { port: config.port };
  const origins = () => originsOf({ ...config, ...listening });
  const access = await openNodeAccess({ config, directory, durableUntil, clock, origins }, lifetime);
  const { following, history } = await openNodeViews({ config, directory: path, runner, say }, lifetime);
  const { fanOut, streams } = await openNodeStreams({ names, runner, access, history, say, clock }, lifetime);
  const publicLog = config.publicLog ? openPublicLog(runner.log, directory.log) : undefined;
  const doors = {
    config,
    core: runner,
    access,
    history,
    directory: names,
    publicLog,
    site,
    origins,
    streams,
  };
  const gateway = await openDoors({ ...doors, telemetry, tracing, say, version }, lifetime);
  listening.port = gateway.port;
  const lookout = keepLookout({ config, runner, following, fanOut, access, telemetry, meter, say, clock });
  lifetime.atEnd(lookout.end);
  lifetime.atEnd(snapshotsOf(config, { runner, recovery }, say, lookout.snapshotTaken));
  lifetime.atEnd(keepHouse(runner, clock, say));
  const { halted, end } = watchForHalt(path, lifetime.end, say);
  lifetime.atEnd(end);
  lifetime.afterAll(() => say("node.stopped", { sequence: runner.engine.sequence }));
  say("node.started", { version, sequence: runner.engine.sequence, ...recovery });
  await adviseOnPages(runner.engine, say);
  return {
    url: `http://${isIP(config.host) === 6 ? `[${config.host}]` : config.host}:${gateway.port}`,
    names,
    recovery,
    sequence: () => runner.engine.sequence,
    halted,
    stop: lifetime.end,
  };
}

/** Has snapshots taken as configured. @returns how to end it */
function snapshotsOf(
  { snapshots }: Config,
  { runner, recovery }: { readonly runner: Runner; readonly recovery: Recovery },
  say: Say,
  onTaken: () => void,
): () => Promise<void> {
  return keepSnapshots(runner, {
    everyCommands: snapshots.everyCommands,
    everyMs: snapshots.everySeconds * SECOND,
    last: recovery.snapshot,
    onTaken: (sequence, ms) => {
      onTaken();
      say("snapshot.taken", { sequence, ms: Math.round(ms) });
    },
    onFailed: (error) => say("snapshot.failed", { error }),
  });
}

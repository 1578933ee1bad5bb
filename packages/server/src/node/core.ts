/** What everything in a node stands on: its directory, the engine with its log, and what is measured of them. */
import { createHash } from "node:crypto";
import { DataDirectoryError, type OwnDirectory, isSetUp, takeOver } from "../dataDirectory.ts";
import { isHalted } from "../halt.ts";
import { type Probe, type Recovery, Runner } from "../runner/runner.ts";
import { type Say, sayNote } from "../telemetry/eventLogger.ts";
import { type Meter, createMeter } from "../telemetry/meter.ts";
import { type Telemetry, createTelemetry } from "../telemetry/metrics.ts";
import { NoOpenTelemetry, type Tracing, startTracing } from "../telemetry/tracing.ts";
import { capacitiesOf } from "./bootstrap.ts";
import { type Config, ConfigError } from "./config.ts";
import type { Lifetime } from "./lifetime.ts";
import { rehearse } from "./setUp.ts";

export interface CoreOptions {
  readonly config: Config;
  /** The venue's directory; made if it is not there. */
  readonly directory: string;
  readonly say: Say;
  /** Of the node's software. */
  readonly version: string;
  /** ms since the epoch. */
  readonly clock: () => number;
}

export interface NodeCore {
  readonly directory: OwnDirectory;
  readonly runner: Runner;
  readonly recovery: Recovery;
  readonly telemetry: Telemetry;
  readonly meter: Meter;
  /** Undefined unless it is configured. */
  readonly tracing: Tracing | undefined;
}

/** Recovers a venue from its directory, or begins one. @throws as `startNode` does */
export async function openCore(options: CoreOptions, lifetime: Lifetime): Promise<NodeCore> {
  const { say, clock } = options;
  const directory = await ownDirectory(options, lifetime);
  const telemetry = createTelemetry();
  const tracing = await traceAs(options);
  if (tracing !== undefined) lifetime.atEnd(tracing.close);
  let meter: Meter | undefined;
  const probe: Probe = {
    executed: (commands, ms) => {
      meter?.executed(commands, ms);
      tracing?.executed(commands, ms);
    },
    synced: (bytes, ms) => {
      meter?.synced(bytes, ms);
      tracing?.synced(bytes, ms);
    },
    noted: (note) => sayNote(say, note),
  };
  const { capacities } = directory;
  const { runner, recovery } = await Runner.open(directory, { capacities, hash, clock, probe });
  lifetime.atEnd(() => runner.close());
  // When nothing is taken in any more: the next start has nothing to execute again.
  lifetime.atEnd(async () => {
    await runner.snapshot().catch((error: unknown) => say("snapshot.failed", { error }));
  });
  meter = createMeter({ telemetry, read: (question) => runner.read(question) });
  return { directory, runner, recovery, telemetry, meter, tracing };
}

/** @throws {ConfigError} if it is configured, and its packages are not there */
async function traceAs({ config, version, say }: CoreOptions): Promise<Tracing | undefined> {
  if (config.openTelemetry === undefined) return undefined;
  const onFault = (error: Error): void => say("tracing.failed", { error });
  try {
    return await startTracing({ ...config.openTelemetry, version, onFault });
  } catch (error) {
    if (error instanceof NoOpenTelemetry)
      throw new ConfigError(`openTelemetry: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Touches nothing before the configuration was tried. */
async function ownDirectory(
  { config, directory: path }: CoreOptions,
  lifetime: Lifetime,
): Promise<OwnDirectory> {
  if (!(await isSetUp(path))) rehearse(config);
  const directory = await takeOver(path, capacitiesOf(config));
  lifetime.atEnd(directory.release);
  const halt = await isHalted(path);
  if (halt !== undefined)
    throw new DataDirectoryError(`${path} is halted by ${halt.by}: ${halt.kind}: ${halt.reason}`);
  return directory;
}

/** The platform's is faster than the engine's own. */
function hash(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

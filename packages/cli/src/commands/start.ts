/** `bulkhead start`: a venue's node, until it is told to stop. */
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folder as pages } from "@bulkhead/dashboard";
import {
  type Config,
  ConfigError,
  DataDirectoryError,
  createEventLogger,
  LogError,
  type Node,
  parseConfig,
  readConfig,
  startNode,
} from "@bulkhead/server";
import { type Command, InvalidArgumentError } from "commander";
import { type Demo, joinDemo } from "../demo/demo.ts";
import { DEMO_PARTIES } from "../demo/keys.ts";
import { demoConfig } from "../demo/venue.ts";
import { EXIT, type ExitCode, type Streams, UsageError } from "../shell.ts";
import { version } from "../version.ts";

interface StartFlags {
  readonly config?: string;
  readonly data?: string;
  readonly port?: number;
  readonly host?: string;
  readonly demo?: true;
  readonly quiet?: true;
}

const HELP = `
A directory that is new is set up as the configuration says; one that is not goes on where it was, and only what is not of
the venue itself (ports, offices, limits) is read from the configuration. Ctrl-C stops the node when what it has taken in
is durable.

--demo sets up a venue of three tiers, and lets programs take part that are clients like any other: reporters, a
keeper, whoever stands behind the venue, and a crowd of traders. Prices are made up: three calm minutes, then a
crash. Without --data its directory is kept below the system's temporary one.

Examples:
  bulkhead start --demo
  bulkhead start --config venue.json --data /var/lib/venue
  bulkhead start --config venue.json --data /var/lib/venue --port 9000
`;

export function addStart(command: Command, streams: Streams, end: (exit: ExitCode) => void): void {
  command
    .option("--config <file>", "the venue's configuration, JSON (docs/operating/configuration.md)")
    .option("--data <directory>", "where the venue lives")
    .option("--port <number>", "instead of the configuration's, 0 = any", portNumber)
    .option("--host <address>", "instead of the configuration's")
    .option("--demo", "run the demo's venue, with programs that take part")
    .option("--quiet", "print nothing but the address, and what goes wrong")
    .addHelpText("after", HELP)
    .action(async (flags: StartFlags) => end(await start(flags, streams)));
}

async function start(flags: StartFlags, { stdout, stderr }: Streams): Promise<ExitCode> {
  const config = await configOf(flags);
  const directory = flags.data ?? (flags.demo === true ? join(tmpdir(), "bulkhead-demo") : undefined);
  if (directory === undefined) throw new UsageError("--data says where the venue lives; it is missing");
  const level = flags.quiet === true ? "warn" : config.log.level;
  const say = createEventLogger({ level, destination: { write: (line) => void stderr.write(line) } });
  const asked = stopAsked();
  let node: Node;
  try {
    node = await startNode({
      config,
      directory,
      say,
      version: version(),
      ...(hasPages() && { site: pages }),
    });
  } catch (error) {
    if (error instanceof ConfigError || error instanceof DataDirectoryError || error instanceof LogError)
      throw new UsageError(error.message, { cause: error });
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
      throw new UsageError(`port ${config.port} is in use; --port names another one`, { cause: error });
    throw error;
  }
  stdout.write(bannerOf(config, node, directory));
  let demo: Demo | undefined;
  if (flags.demo === true) demo = await joinDemo(node.url, stdout);
  const halt = await Promise.race([asked, node.halted]);
  await demo?.leave();
  await node.stop();
  if (halt === undefined) {
    stdout.write(`stopped after command ${node.sequence()}; the same command goes on from here\n`);
    return EXIT.fine;
  }
  stderr.write(`halted by ${halt.by}: ${halt.kind}: ${halt.reason}\n`);
  return EXIT.unsound;
}

async function configOf({ config: file, demo, port, host }: StartFlags): Promise<Config> {
  if (demo === true && file !== undefined)
    throw new UsageError("--demo has a configuration of its own; leave out --config");
  if (demo !== true && file === undefined)
    throw new UsageError("--config names the venue's configuration; --demo does without");
  try {
    const config =
      file === undefined ? parseConfig(demoConfig(DEMO_PARTIES, Date.now())) : await readConfig(file);
    return { ...config, ...(port !== undefined && { port }), ...(host !== undefined && { host }) };
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Resolves when somebody wants the process to end; who insists ends it at once. */
function stopAsked(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve(undefined);
      });
    }
  });
}

function bannerOf({ name }: Config, { url, names, recovery }: Node, directory: string): string {
  const tiers = names.tiers.map(({ tier, name: called }) => {
    const markets = names.instruments.filter((each) => each.tier === tier).map(({ symbol }) => symbol);
    return `  ${called.padEnd(14)} ${markets.join("  ")}`;
  });
  const { snapshot, replayed } = recovery;
  const past =
    snapshot + replayed === 0
      ? "a new venue"
      : `goes on after command ${snapshot + replayed} (${replayed} of them executed again)`;
  const look = hasPages() ? [`  open ${url}/`] : [];
  return `${[`${name} on ${url}`, ...tiers, `  in ${directory}: ${past}`, ...look].join("\n")}\n`;
}

/** There are none where the dashboard was not built. */
function hasPages(): boolean {
  return existsSync(join(pages, "index.html"));
}

function portNumber(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 65_535) return value;
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}

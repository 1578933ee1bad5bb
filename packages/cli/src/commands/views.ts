/** `bulkhead views`: the read models of a venue, made anew from its log. */
import { DataDirectoryError, Divergence, LogError, lookInto, rebuildViews } from "@bulkhead/server";
import type { Command } from "commander";
import { createProgress } from "../progress.ts";
import { EXIT, type ExitCode, type Streams, UsageError } from "../shell.ts";
import { count } from "../text/amounts.ts";

interface RebuildFlags {
  readonly database?: string;
  readonly json?: true;
}

const HELP = `
What is there is dropped, and made again by executing the log from its first
command on; nothing is lost by it. Without --database the views are those in
DIR/views, which no node may have open. With it they are in the schema "bulkhead"
of a PostgreSQL 15 or later; a node that writes there is stopped first, or it
finds itself overtaken and begins again.

Examples:
  bulkhead views rebuild /tmp/venue
  bulkhead views rebuild /tmp/venue --database postgres://views@localhost/venue
`;
/** Of the progress bar. */
const STEPS = 1_000;

export function addViews(command: Command, streams: Streams, end: (exit: ExitCode) => void): void {
  command
    .command("rebuild")
    .description("make them anew from the log")
    .argument("<directory>", "a venue's data directory")
    .option("--database <url>", "a PostgreSQL by its URL, instead of the embedded database")
    .option("--json", "print one JSON object and nothing else")
    .addHelpText("after", HELP)
    .action(async (path: string, flags: RebuildFlags) => end(await rebuild(path, flags, streams)));
}

async function rebuild(
  path: string,
  { database, json }: RebuildFlags,
  { stdout, stderr }: Streams,
): Promise<ExitCode> {
  if (database !== undefined && !/^postgres(?:ql)?:\/\//.test(database))
    throw new UsageError(`--database ${database}: a URL such as postgres://user@host/name is required`);
  const startedMs = performance.now();
  const progress = json === true ? undefined : createProgress(stderr, STEPS);
  try {
    const directory = await lookInto(path);
    const commands = await rebuildViews(path, directory, {
      ...(database !== undefined && { database }),
      ...(progress && {
        progress: (done, of) => progress.show(Math.floor((STEPS * done) / Math.max(of, 1)), done),
      }),
    });
    progress?.stop();
    const seconds = (performance.now() - startedMs) / 1_000;
    const rate = Math.round(commands / seconds);
    stdout.write(
      json === true
        ? `${JSON.stringify({ commands, seconds })}\n`
        : `${count(commands)} commands taken in, in ${seconds.toFixed(1)} s: ${count(rate)} a second\n`,
    );
    return EXIT.fine;
  } catch (error) {
    progress?.stop();
    if (error instanceof DataDirectoryError) throw new UsageError(error.message, { cause: error });
    if (!(error instanceof LogError) && !(error instanceof Divergence)) throw error;
    stdout.write(json === true ? `${JSON.stringify({ problem: error.message })}\n` : `${error.message}\n`);
    return EXIT.unsound;
  }
}

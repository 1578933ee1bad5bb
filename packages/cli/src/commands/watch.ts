/** `bulkhead watch`: a node's log followed while it is written, executed again, and an alarm if it is not what the node says. */
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import {
  type Alarm,
  DataDirectoryError,
  HALT_FILE,
  type Halt,
  type WatchStatus,
  lookInto,
  raiseHalt,
  watch,
} from "@bulkhead/server/core";
import { type Command, InvalidArgumentError } from "commander";
import { EXIT, type ExitCode, type Sink, type Streams, UsageError } from "../shell.ts";
import { count } from "../text/amounts.ts";

interface WatchFlags {
  readonly fromSnapshot?: true;
  readonly haltFile?: string | true;
  readonly webhook?: string;
  readonly auditEvery: number;
  readonly auditSeconds: number;
  readonly statusSeconds: number;
  readonly json?: true;
}

const HELP = `
Every batch the node writes is executed again by an engine of the watchtower's
own, and its receipts compared; after every million commands, and every minute
in which something happened, every invariant is checked from the tables alone.
Nothing is written to DIR but the halt file, if one is asked for.

The alarm is raised at a divergence, at a batch that is damaged or missing, and
at an invariant that does not hold: the process ends with exit code 1, after it
has written the halt file and called the webhook. A node that finds halt.json
in its directory takes no more commands until somebody removes it.

The webhook is sent the alarm as JSON: directory, time, kind, sequence, problem
and findings. It is tried three times.

Examples:
  bulkhead watch /var/lib/venue
  bulkhead watch /var/lib/venue --from-snapshot --halt-file
  bulkhead watch /var/lib/venue --webhook https://pager.example/alarms --json
`;
const WEBHOOK_TRIES = 3;
const WEBHOOK_MS = 5_000;
const RETRY_MS = 1_000;

export function addWatch(command: Command, streams: Streams, end: (exit: ExitCode) => void): void {
  command
    .argument("<directory>", "a venue's data directory")
    .option("--from-snapshot", "begin with the newest snapshot instead of the first command")
    .option("--halt-file [file]", `write this file on an alarm (default: ${HALT_FILE} in the directory)`)
    .option("--webhook <url>", "send the alarm there")
    .option("--audit-every <commands>", "commands between audits", positive, 1_000_000)
    .option("--audit-seconds <seconds>", "seconds between audits", positive, 60)
    .option("--status-seconds <seconds>", "seconds between status lines", positive, 10)
    .option("--json", "print a JSON object per line")
    .addHelpText("after", HELP)
    .action(async (directory: string, flags: WatchFlags) => end(await follow(directory, flags, streams)));
}

async function follow(path: string, flags: WatchFlags, streams: Streams): Promise<ExitCode> {
  const directory = await lookInto(path).catch((error: unknown) => {
    if (error instanceof DataDirectoryError) throw new UsageError(error.message, { cause: error });
    throw error;
  });
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  const reporter = createReporter(streams.stdout, flags);
  try {
    const alarm = await watch(directory, {
      hash: (bytes) => createHash("sha256").update(bytes).digest(),
      signal: stopping.signal,
      auditEvery: flags.auditEvery,
      auditMs: flags.auditSeconds * 1_000,
      onStatus: reporter.look,
      ...(flags.fromSnapshot === true && { fromSnapshot: true }),
    });
    reporter.end();
    if (alarm === undefined) return EXIT.fine;
    await raise(path, alarm, flags, streams);
    return EXIT.unsound;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
  }
}

interface Reporter {
  readonly look: (status: WatchStatus) => void;
  /** Says how it stands, once more. */
  readonly end: () => void;
}

function createReporter(stdout: Sink, { json, statusSeconds }: WatchFlags): Reporter {
  let latest: WatchStatus | undefined;
  let toldMs = -Infinity;
  let [toldAt, startedMs] = [0, performance.now()];
  const tell = (): void => {
    if (latest === undefined) return;
    const now = performance.now();
    const rate = Math.round(((latest.sequence - toldAt) * 1_000) / Math.max(1, now - startedMs));
    stdout.write(
      json === true ? `${JSON.stringify({ ...latest, perSecond: rate })}\n` : textOf(latest, rate),
    );
    [toldMs, toldAt, startedMs] = [now, latest.sequence, now];
  };
  return {
    look: (status) => {
      latest = status;
      if (performance.now() - toldMs >= statusSeconds * 1_000) tell();
    },
    end: tell,
  };
}

function textOf(
  { sequence, batches, refused, audits, auditedAt, isAtEnd }: WatchStatus,
  rate: number,
): string {
  const audit = audits === 0 ? "not audited yet" : `audited at ${count(auditedAt)}`;
  return `${count(sequence)} commands in ${count(batches)} batches, ${count(refused)} refused, ${count(rate)}/s, ${audit}${isAtEnd ? ", at the end" : ""}\n`;
}

async function raise(
  path: string,
  alarm: Alarm,
  flags: WatchFlags,
  { stdout, stderr }: Streams,
): Promise<void> {
  const { kind, sequence, problem, findings } = alarm;
  const told = {
    directory: resolve(path),
    time: new Date().toISOString(),
    kind,
    sequence,
    problem,
    findings,
  };
  stdout.write(
    flags.json === true
      ? `${JSON.stringify(told)}\n`
      : `ALARM (${kind}) after command ${count(sequence)}: ${problem}\n`,
  );
  // The halt first: it is what limits the damage.
  if (flags.haltFile !== undefined) {
    const file = flags.haltFile === true ? join(path, HALT_FILE) : flags.haltFile;
    const halt: Halt = { time: told.time, by: "watchtower", kind, sequence, reason: problem };
    const failed = await raiseHalt(file, halt).then(
      (isNew) => (isNew ? undefined : "it is there already"),
      (error: unknown) => String(error),
    );
    if (failed !== undefined) stderr.write(`halt file ${file} was not written: ${failed}\n`);
  }
  if (flags.webhook !== undefined) {
    const failed = await post(flags.webhook, told);
    if (failed !== undefined) stderr.write(`webhook ${flags.webhook} was not told: ${failed}\n`);
  }
}

/** @returns why it was not taken, if it was not */
async function post(url: string, body: unknown): Promise<string | undefined> {
  let failed: string | undefined;
  for (let attempt = 0; attempt < WEBHOOK_TRIES; attempt++) {
    if (attempt > 0) await new Promise((done) => setTimeout(done, RETRY_MS));
    try {
      const { ok, status } = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(WEBHOOK_MS),
      });
      if (ok) return undefined;
      failed = `status ${status}`;
    } catch (error) {
      failed = String(error);
    }
  }
  return failed;
}

function positive(text: string): number {
  const value = /^\d{1,12}$/.test(text) ? Number(text) : 0;
  if (value >= 1) return value;
  throw new InvalidArgumentError("It must be a whole number from 1.");
}

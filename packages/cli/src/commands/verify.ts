/** `bulkhead verify`: a venue's log executed again, every receipt compared, every invariant audited. */
import { createHash } from "node:crypto";
import { DataDirectoryError, type Verification, lookInto, verify } from "@bulkhead/server/core";
import type { Command } from "commander";
import { createProgress } from "../progress.ts";
import { EXIT, type ExitCode, type Streams, UsageError } from "../shell.ts";
import { count } from "../text/amounts.ts";

interface VerifyFlags {
  readonly json?: true;
}

const HELP = `
The log is read as it lies in DIR/log, from its first command on; nothing is
written, and a node may go on writing meanwhile. Checked are: that every batch is
whole and links to the one before it, that every record is a command, that this
engine's receipts are those the log was written with, and after every million
commands and at the end every invariant, from the tables alone. The first
thing that is not so is printed, with its place.

Examples:
  bulkhead replay --log /tmp/venue
  bulkhead verify /tmp/venue
  bulkhead verify /tmp/venue --json
`;
const SHOWN_FINDINGS = 5;
/** Of the progress bar. */
const STEPS = 1_000;

export function addVerify(command: Command, streams: Streams, end: (exit: ExitCode) => void): void {
  command
    .argument("<directory>", "a venue's data directory")
    .option("--json", "print one JSON object and nothing else")
    .addHelpText("after", HELP)
    .action(async (directory: string, flags: VerifyFlags) => end(await check(directory, flags, streams)));
}

async function check(path: string, { json }: VerifyFlags, { stdout, stderr }: Streams): Promise<ExitCode> {
  const directory = await lookInto(path).catch((error: unknown) => {
    if (error instanceof DataDirectoryError) throw new UsageError(error.message, { cause: error });
    throw error;
  });
  const startedMs = performance.now();
  const progress = json === true ? undefined : createProgress(stderr, STEPS);
  const result = await verify(directory, {
    hash: (bytes) => createHash("sha256").update(bytes).digest(),
    ...(progress && {
      progress: (commands, of) => progress.show(Math.floor((STEPS * commands) / of), commands),
    }),
  });
  progress?.stop();
  const seconds = (performance.now() - startedMs) / 1_000;
  stdout.write(json === true ? `${JSON.stringify({ ...result, seconds })}\n` : textOf(result, seconds));
  return result.problem === undefined && result.findings.length === 0 ? EXIT.fine : EXIT.unsound;
}

function textOf(result: Verification, seconds: number): string {
  const { commands, batches, refused, stateHash, head, problem, cutOffAt, findings } = result;
  const lines = [
    `${count(commands)} commands in ${count(batches)} batches, ${count(refused)} of them refused, executed again in ${seconds.toFixed(1)} s`,
    `state     ${stateHash}`,
    `receipts  ${head}`,
    ...(cutOffAt === undefined
      ? []
      : [
          `A batch is cut off at byte ${cutOffAt} of the last segment: nobody was told of it, or it is just being written.`,
        ]),
    ...(problem === undefined ? [] : [`The log goes no further: ${problem}`]),
    ...findings
      .slice(0, SHOWN_FINDINGS)
      .map(
        ({ invariant, where, expected, found }) =>
          `Invariant ${invariant} does not hold at ${where}: expected ${expected}, found ${found}`,
      ),
    problem === undefined && findings.length === 0
      ? "Every receipt is the one the log was written with, and every invariant holds."
      : "This log does not stand.",
  ];
  return `${lines.join("\n")}\n`;
}

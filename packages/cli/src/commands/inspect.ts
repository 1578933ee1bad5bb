/** `bulkhead inspect`: the commands of a venue's log, and what came of them, in words. */
import { Engine, commandOf, describeOutcome } from "@bulkhead/engine";
import {
  DataDirectoryError,
  Divergence,
  LogError,
  executeBatch,
  lookInto,
  readLog,
} from "@bulkhead/server/core";
import { type Command, InvalidArgumentError } from "commander";
import { EXIT, type ExitCode, type Streams, UsageError } from "../shell.ts";

interface InspectFlags {
  readonly from: number;
  readonly count: number;
  readonly json?: true;
}

const HELP = `
To say what came of a command the log is executed up to it: a late one takes as
long as the log is long. With --json every command is an object on a line of its
own: sequence, command, outcome, facts and events.

Examples:
  bulkhead inspect /tmp/venue
  bulkhead inspect /tmp/venue --from 1200 --count 5
  bulkhead inspect /tmp/venue --json --count 1000 | jq 'select(.outcome != "accepted")'
`;

export function addInspect(command: Command, streams: Streams, end: (exit: ExitCode) => void): void {
  command
    .argument("<directory>", "a venue's data directory")
    .option("--from <sequence>", "the first command to print", sequence, 1)
    .option("--count <commands>", "how many", sequence, 20)
    .option("--json", "print a JSON object per line")
    .addHelpText("after", HELP)
    .action(async (directory: string, flags: InspectFlags) => end(await inspect(directory, flags, streams)));
}

async function inspect(path: string, flags: InspectFlags, streams: Streams): Promise<ExitCode> {
  const { from, count, json } = flags;
  const until = from + count - 1;
  try {
    const { capacities, log } = await lookInto(path);
    const engine = new Engine({ capacities });
    for await (const batch of readLog(log, 1, until)) {
      executeBatch(engine, batch, (frame, code) => {
        if (engine.sequence < from || engine.sequence > until) return;
        const command = commandOf(frame);
        const told = {
          sequence: engine.sequence,
          command,
          ...describeOutcome(command.kind, code, engine.venue),
        };
        streams.stdout.write(json === true ? `${JSON.stringify(told)}\n` : textOf(told));
      });
    }
    if (engine.sequence >= from) return EXIT.fine;
    throw new UsageError(`the log ends with command ${engine.sequence}`);
  } catch (error) {
    if (error instanceof DataDirectoryError) throw new UsageError(error.message, { cause: error });
    if (!(error instanceof Divergence) && !(error instanceof LogError)) throw error;
    streams.stderr.write(`error: ${error.message}\n`);
    return EXIT.unsound;
  }
}

type Told = {
  readonly sequence: number;
  readonly command: { readonly kind: string; readonly time: number };
} & ReturnType<typeof describeOutcome>;

function textOf({ sequence: number, command, outcome, facts, events }: Told): string {
  const { kind, time, ...fields } = command;
  const lines = [
    `${number}  ${new Date(time).toISOString()}  ${kind} ${pairs(fields)}`,
    `    ${outcome} ${pairs(facts)}`,
    ...events.map(({ event, values }) => `    ${event} ${pairs(values)}`),
  ];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function pairs(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(" ");
}

function sequence(text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (value >= 1) return value;
  throw new InvalidArgumentError("It must be a whole number from 1.");
}

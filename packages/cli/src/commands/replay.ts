/** `bulkhead replay`: real or made-up prices, seeded participants, and what became of the venue. */
import { BarFileError, type PriceSeries, Replay, between, demoPath, readBarFile } from "@bulkhead/simulator";
import { type Command, InvalidArgumentError } from "commander";
import { createProgress } from "../progress.ts";
import { Recorder } from "../recorder.ts";
import { isSound, reportJson } from "../replayJson.ts";
import { reportText } from "../replayText.ts";
import { EXIT, type ExitCode, type Streams, UsageError } from "../shell.ts";

interface ReplayFlags {
  readonly prices?: readonly string[];
  /** Bars before and from then on are left out, ms since the epoch. */
  readonly from?: number;
  readonly to?: number;
  readonly participants: number;
  readonly seed: number;
  readonly snapshotAt?: number;
  readonly json?: true;
  readonly log?: string;
}

const MOST_PARTICIPANTS = 10_000;
const MOST_MARKETS = 64;
/** Prices played between two looks at the clock. */
const CHUNK = 256;

const HELP = `
Each file drives the index price of one perpetual market; the first market's
underlying is also accepted as collateral. Files are CSV or gzipped CSV with a
header naming time (ms since the epoch), open, high, low and close; bars may
have any length. A bar is four index updates: open, low and high in the order
that fits its direction, close. Without --prices a built-in path of two days is
played.

A tenth of the participants make markets, three tenths follow momentum, the
others trade with 5 to 20 times their stake. Together they hand in about one
command per participant, bar and market, and more when prices jump. The same
files, participants and seed give the same results, down to the state hash;
only seconds and commandsPerSecond differ. Accounts below
maintenance are liquidated; what is left unpaid runs through the
waterfall, which the house has funded.

With --json one object is printed: amounts of money are whole micro-dollars,
but volumeUsd and others ending in Usd, which are decimal numbers in strings.
accountsBelowMaintenance is the most at one time. commandsPerSecond is wall
time of the whole run, participants included.

Examples:
  bulkhead replay
  bulkhead replay --prices btc.csv.gz,eth.csv.gz --participants 500 --seed 7
  bulkhead replay --prices btc.csv --from 2020-03-10 --to 2020-03-16
  bulkhead replay --prices btc.csv --snapshot-at 0.5 --json
  bulkhead replay --log /tmp/venue && bulkhead verify /tmp/venue
`;

export function addReplay(command: Command, streams: Streams, end: (exit: ExitCode) => void): void {
  command
    .option("--prices <files>", "bar files, one market each, separated by commas", collectFiles)
    .option("--from <date>", "first day of the bars to play, UTC", day)
    .option("--to <date>", "day before which they end, UTC", day)
    .option(
      "--participants <count>",
      `how many trade, up to ${MOST_PARTICIPANTS}`,
      wholeNumber(1, MOST_PARTICIPANTS),
      200,
    )
    .option("--seed <number>", "decides all that is left to luck", wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .option("--snapshot-at <share>", "go on from a snapshot taken at this share of the run, 0 to 1", share)
    .option("--log <directory>", "keep every command in the log of a new venue's directory")
    .option("--json", "print one JSON object and nothing else")
    .addHelpText("after", HELP)
    .action(async (flags: ReplayFlags) => end(await replay(flags, streams)));
}

async function replay(flags: ReplayFlags, streams: Streams): Promise<ExitCode> {
  const { participants, seed } = flags;
  const recorder = flags.log === undefined ? undefined : new Recorder();
  const record = recorder && ((frame: Float64Array) => recorder.note(frame));
  const run = new Replay({ series: seriesFor(flags), participants, seed, ...(record && { record }) });
  await recorder?.open(flags.log as string, run.capacities);
  const progress = flags.json === true ? undefined : createProgress(streams.stderr, run.steps);
  const startedMs = performance.now();
  let snapshotAt = flags.snapshotAt === undefined ? Infinity : Math.floor(run.steps * flags.snapshotAt);
  for (;;) {
    if (run.step >= snapshotAt) {
      await recorder?.keep(run.seal());
      run.passThroughSnapshot();
      snapshotAt = Infinity;
    }
    if (run.isOver) break;
    run.advance(Math.min(CHUNK, snapshotAt - run.step));
    await recorder?.keep(run.seal());
    progress?.show(run.step, run.commands);
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  progress?.stop();
  await recorder?.close();

  const report = run.report();
  const print = flags.json === true ? reportJson : reportText;
  streams.stdout.write(print({ report, participants, seed, seconds, isDemo: flags.prices === undefined }));
  return isSound(report) ? EXIT.fine : EXIT.unsound;
}

/** What is to be played, of the days asked for. */
function seriesFor({ prices, seed, from = 0, to = Infinity }: ReplayFlags): readonly PriceSeries[] {
  const all = prices === undefined ? demoPath(seed) : readPrices(prices);
  const asked = all.map((series) => between(series, from, to));
  const empty = all[asked.findIndex(({ time }) => time.length === 0)];
  if (empty === undefined) return asked;
  const [first, last] = [empty.time[0], empty.time.at(-1)].map((time) => dateOf(time as number));
  throw new UsageError(
    `no bar of ${empty.name} lies between --from and --to; there are bars from ${first} to ${last}`,
  );
}

function readPrices(files: readonly string[]): PriceSeries[] {
  if (files.length > MOST_MARKETS)
    throw new UsageError(`--prices takes up to ${MOST_MARKETS} files; found ${files.length}`);
  try {
    return files.map(readBarFile);
  } catch (cause) {
    if (cause instanceof BarFileError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

function collectFiles(value: string, before: readonly string[] = []): readonly string[] {
  const files = value.split(",").map((file) => file.trim());
  if (files.includes("")) throw new InvalidArgumentError("A file name is missing between the commas.");
  return [...before, ...files];
}

/** A day as 2020-03-12, or a moment of one, as milliseconds since the epoch. */
function day(text: string): number {
  const moment = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?)?$/.test(text)
    ? Date.parse(text.length === DAY_LENGTH ? text : `${text}Z`)
    : Number.NaN;
  // The thirty-first of February would be read as a day in March.
  if (!Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text)) return moment;
  throw new InvalidArgumentError(
    "It must be a day such as 2020-03-12, or a moment such as 2020-03-12T10:00.",
  );
}

const DAY_LENGTH = "2020-03-12".length;

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, DAY_LENGTH);
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

function share(text: string): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("It must be a decimal number from 0 to 1.");
}

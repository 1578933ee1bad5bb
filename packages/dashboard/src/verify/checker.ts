/** Checks a log with the engine itself, and with nothing that a browser would not have. */
import { type Engine, commandOf, describeOutcome } from "@bulkhead/engine";
import {
  Divergence,
  LogError,
  LogReader,
  PORTABLE,
  checkLog,
  isSegment,
  segmentsOf,
} from "@bulkhead/protocol/log";
import type { Entry, Progress, Report, Task, WalkedCheck } from "./messages.ts";
import { type Counted, sourceOf } from "./sources.ts";

/** Commands told in words at once at most. */
export const MOST_ENTRIES = 200;

/** @param told - how far it is, after every batch */
export async function check(
  task: Task,
  told: (progress: Progress) => void,
  get?: typeof fetch,
): Promise<Report> {
  const { capacities, commandsThere = 0, look } = task;
  const counted = sourceOf(task.origin, get);
  const startedMs = performance.now();
  let stateBytes = 0;
  let [firstMs, lastMs] = [0, 0];
  const progressAt = (commands: number, of: number): Progress => ({
    commands,
    of,
    ms: performance.now() - startedMs,
    executingMs: lastMs - firstMs,
    stateBytes,
    readBytes: counted.read(),
  });
  if (!(await counted.source.list()).some(isSegment))
    throw new Error("none of it is a segment of a log: those are named by 16 digits and .log");
  if (!(await beginsAtFirst(counted))) {
    const walked = await walk(counted, (commands) => told(progressAt(commands, commandsThere)));
    return { how: "walked", check: walked, entries: [], ...progressAt(walked.commands, walked.commands) };
  }
  const entries: Entry[] = [];
  const until = look && look.from + Math.min(look.count, MOST_ENTRIES) - 1;
  const result = await checkLog(
    { capacities, log: counted.source },
    {
      digests: PORTABLE,
      commandsThere: until ?? commandsThere,
      progress: (commands, of) => {
        lastMs = performance.now();
        told(progressAt(commands, of));
      },
      seen: (engine, frame, code) => {
        firstMs ||= performance.now();
        stateBytes ||= bytesOf(engine);
        if (look === undefined || until === undefined) return;
        if (engine.sequence >= look.from && engine.sequence <= until)
          entries.push(entryOf(engine, frame, code));
      },
      ...(until !== undefined && { until }),
    },
  );
  return {
    how: "executed",
    check: result,
    entries,
    ...progressAt(result.commands, Math.max(result.commands, commandsThere)),
  };
}

/** Whether the first segment there is holds the first command; one that cannot be read is left to the check to tell of. */
async function beginsAtFirst({ source }: Counted): Promise<boolean> {
  try {
    return ((await segmentsOf(source, PORTABLE))[0]?.header.first ?? 1) === 1;
  } catch (error) {
    if (error instanceof LogError) return true;
    throw error;
  }
}

/** Sums and links, from the first command there is on. */
async function walk({ source }: Counted, told: (commands: number) => void): Promise<WalkedCheck> {
  let [commands, batches, first] = [0, 0, 0];
  let reader: LogReader | undefined;
  try {
    reader = await LogReader.open(source, 1, PORTABLE);
    first = reader?.next ?? 0;
    for (let batch = await reader?.readToEnd(); batch !== undefined; batch = await reader?.readToEnd()) {
      commands += batch.count;
      batches++;
      told(commands);
    }
    const cutOffAt = await reader?.cutOffAt();
    return {
      commands,
      batches,
      first,
      last: first + commands - 1,
      ...(cutOffAt !== undefined && { cutOffAt }),
    };
  } catch (error) {
    if (!(error instanceof LogError) && !(error instanceof Divergence)) throw error;
    const place = error instanceof LogError ? error.place : undefined;
    const problem = error.message;
    return { commands, batches, first, last: first + commands - 1, problem, ...(place && { place }) };
  } finally {
    await reader?.close();
  }
}

function entryOf(engine: Engine, frame: Float64Array, code: number): Entry {
  const command = commandOf(frame);
  const { outcome, facts, events } = describeOutcome(command.kind, code, engine.venue);
  return { sequence: engine.sequence, command: { ...command }, outcome, facts, events };
}

function bytesOf({ venue }: Engine): number {
  return [venue.vault.arena, ...venue.tiers.map(({ arena }) => arena)].reduce(
    (sum, { buffer }) => sum + buffer.byteLength,
    0,
  );
}

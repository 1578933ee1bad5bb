/** A log executed again, for whoever needs what came of its commands and was not there: read-only, beside a node that may go on writing. */
import { Engine, type EngineOptions } from "@bulkhead/engine";
import type { DataDirectory } from "../dataDirectory.ts";
import { LogError } from "../log/commandLog.ts";
import { readLog, segmentsOf } from "../log/readLog.ts";
import { equal } from "../log/segment.ts";
import { executeBatch } from "./execute.ts";
import { type ExecutedBatch, Recorder } from "./executed.ts";
import { genesisOf } from "./genesis.ts";
import { loadSnapshot, snapshotsIn } from "./snapshots.ts";

export interface ReplayedOptions {
  readonly hash?: EngineOptions["hash"];
  /** Sequence to end with; without it everything that is there when the end is reached. */
  readonly until?: number;
}

/**
 * What came of the commands after a sequence, batch by batch as they were written. Starts from the newest snapshot that has seen no more than
 * that; a batch of which a part is wanted is yielded from there on.
 * @param after - the first command told of is the one after it
 * @throws {LogError} if the log is damaged, of another venue, or no longer has what is needed
 * @throws {Divergence} if executing it again gives other receipts than it was written with
 */
export async function* replayed(
  directory: Pick<DataDirectory, "capacities" | "log" | "snapshots">,
  after: number,
  options: ReplayedOptions = {},
): AsyncGenerator<ExecutedBatch> {
  const { log } = directory;
  const { hash, until } = options;
  const [oldest] = await segmentsOf(log);
  if (oldest === undefined) return;
  const genesis = genesisOf(directory.capacities);
  if (!equal(oldest.header.genesis, genesis))
    throw new LogError(
      "mismatch",
      `${oldest.name}: written by a node of other capacities or semantics than this one`,
    );
  const engineOptions = hash === undefined ? {} : { hash };
  const engine =
    (await snapshotBefore(directory, after, engineOptions)) ??
    new Engine({ capacities: directory.capacities, ...engineOptions });
  if (oldest.header.first > engine.sequence + 1)
    throw new LogError(
      "corrupt",
      `what came of commands ${after + 1} to ${oldest.header.first - 1} cannot be told: the log begins with ${oldest.header.first}, and no snapshot between ${oldest.header.first - 1} and ${after} is kept`,
    );
  // From the last batch a snapshot has seen on: whether it is of this log is told by that one's receipts.
  for await (const batch of readLog(log, Math.max(1, engine.sequence), until)) {
    const end = batch.first + batch.count - 1;
    const first = Math.max(batch.first, after + 1, engine.sequence + 1);
    const recorder = new Recorder(first, Math.max(0, end - first + 1));
    const { venue } = engine;
    executeBatch(engine, batch, (frame, code) => {
      if (engine.sequence > after) recorder.add(frame, code, venue.facts, engine.events());
    });
    if (end >= first) yield recorder.batch();
  }
}

/** The newest whole snapshot of this venue that has seen no more than so much; undefined if there is none. */
async function snapshotBefore(
  { snapshots, capacities }: Pick<DataDirectory, "capacities" | "snapshots">,
  most: number,
  options: Pick<EngineOptions, "hash">,
): Promise<Engine | undefined> {
  const genesis = genesisOf(capacities);
  for (const sequence of await snapshotsIn(snapshots)) {
    if (sequence > most) continue;
    try {
      const engine = Engine.restore(await loadSnapshot(snapshots, sequence), options);
      if (equal(genesisOf(engine.capacities), genesis)) return engine;
    } catch {
      // Damaged, or removed meanwhile: an older one, or the whole log, gives the same state.
    }
  }
  return undefined;
}

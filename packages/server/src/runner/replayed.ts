/** A log executed again, for whoever needs what came of its commands and was not there: read-only, beside a node that may go on writing. */
import type { EngineOptions } from "@bulkhead/engine";
import { LogError, equal, executeBatch, genesisOf, segmentsOf } from "@bulkhead/protocol/log";
import type { DataDirectory } from "../dataDirectory.ts";
import { DIGESTS } from "../log/digests.ts";
import { readLog } from "../log/readLog.ts";
import { type ExecutedBatch, Recorder } from "./executed.ts";
import { newestState } from "./snapshots.ts";

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
  const [oldest] = await segmentsOf(log, DIGESTS);
  if (oldest === undefined) return;
  const genesis = genesisOf(directory.capacities);
  if (!equal(oldest.header.genesis, genesis))
    throw new LogError(
      "mismatch",
      `${oldest.name}: written by a node of other capacities or semantics than this one`,
    );
  const { engine } = await newestState(directory.snapshots, {
    genesis,
    engine: { capacities: directory.capacities, ...(hash && { hash }) },
    most: after,
  });
  if (oldest.header.first > engine.sequence + 1)
    throw new LogError(
      "corrupt",
      `what came of commands ${after + 1} to ${oldest.header.first - 1} cannot be told: the log begins with ${oldest.header.first}, and no snapshot between ${oldest.header.first - 1} and ${after} is kept`,
    );
  // From the last batch a snapshot has seen on: whether it is of this log is told by that one's receipts.
  for await (const batch of readLog(log, Math.max(1, engine.sequence), until)) {
    const end = batch.first + batch.count - 1;
    const first = Math.max(batch.first, after + 1, engine.sequence + 1);
    const recorder = Recorder.withRoomFor(first, Math.max(0, end - first + 1));
    const { venue } = engine;
    executeBatch(engine, batch, (frame, code) => {
      if (engine.sequence > after) recorder.take(frame, code, venue);
    });
    if (end >= first) yield recorder.batch();
  }
}

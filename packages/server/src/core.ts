/**
 * @bulkhead/server/core: the durable log and what executes it, without doors, views and access. For whoever embeds the engine with a log of its
 * own, or only reads one.
 */
export { type DataDirectory, DataDirectoryError, lookInto, takeOver } from "./dataDirectory.ts";
export { type Halt, HALT_FILE, isHalted, raiseHalt } from "./halt.ts";
export { type Batch, LogError, type LogFault } from "@bulkhead/protocol/log";
export type { CommandLog } from "./log/commandLog.ts";
export { openDirectory } from "./log/directory.ts";
export { readLog } from "./log/readLog.ts";
export { type LogNote, type Opened, SegmentLog, type SegmentLogOptions } from "./log/segmentLog.ts";
export type { Storage, StoredFile } from "./log/storage.ts";
export { Divergence, executeBatch, genesisOf } from "@bulkhead/protocol/log";
export { type ExecutedBatch, type Outcome, outcomeAt, type Outcomes, Recorder } from "./runner/executed.ts";
export { replayed, type ReplayedOptions } from "./runner/replayed.ts";
export {
  type Listener,
  NoRoom,
  Overloaded,
  type Probe,
  type Recovery,
  Runner,
  type RunnerOptions,
} from "./runner/runner.ts";
export { keepSnapshots, type SnapshotPolicy } from "./runner/snapshotPolicy.ts";
export { type Verification, verify, type VerifyOptions } from "./runner/verify.ts";
export { type Alarm, watch, type WatchOptions, type WatchStatus } from "./runner/watch.ts";

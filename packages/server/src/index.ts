/** The node. */
export {
  type DataDirectory,
  DataDirectoryError,
  lockViews,
  lookInto,
  takeOver,
  viewsIn,
} from "./dataDirectory.ts";
export { type Batch, type CommandLog, LogError, type LogFault } from "./log/commandLog.ts";
export { openDirectory } from "./log/directory.ts";
export { readLog } from "./log/readLog.ts";
export { type Opened, SegmentLog, type SegmentLogOptions } from "./log/segmentLog.ts";
export type { Storage, StoredFile } from "./log/storage.ts";
export { Divergence, executeBatch } from "./runner/execute.ts";
export { genesisOf } from "./runner/genesis.ts";
export { type ExecutedBatch, type Outcome, type Outcomes, Recorder, outcomeAt } from "./runner/executed.ts";
export { type Listener, Overloaded, type Recovery, Runner, type RunnerOptions } from "./runner/runner.ts";
export { type Verification, type VerifyOptions, verify } from "./runner/verify.ts";
export { type ReplayedOptions, replayed } from "./runner/replayed.ts";
export { type Answers, type Page, type Paging, type Questions } from "./views/queries.ts";
export { GapError, type Views, type ViewsOptions, openViews } from "./views/views.ts";
export { type CatchingUp, type FollowOptions, type Following, follow } from "./views/follow.ts";
export { ViewsError } from "./viewsCall.ts";
export { catchUpWith } from "./viewsCatchUp.ts";
export { type ViewsThreadOptions, startViews } from "./viewsThread.ts";
export { type Instruction, bootstrap, capacitiesOf, sealing } from "./node/bootstrap.ts";
export { type Config, ConfigError, parseConfig, readConfig } from "./node/config.ts";
export { rebuildViews, type RebuildOptions } from "./viewsRebuild.ts";
export { type CsvRange, fillsCsv, ledgerCsv } from "./views/csv.ts";

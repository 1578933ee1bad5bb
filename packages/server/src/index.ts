/** The node. */
export { type DataDirectory, DataDirectoryError, lookInto, takeOver } from "./dataDirectory.ts";
export { HALT_FILE, type Halt, isHalted, raiseHalt } from "./halt.ts";
export { type Batch, type CommandLog, LogError, type LogFault } from "./log/commandLog.ts";
export { openDirectory } from "./log/directory.ts";
export { readLog } from "./log/readLog.ts";
export { type Opened, SegmentLog, type SegmentLogOptions } from "./log/segmentLog.ts";
export type { Storage, StoredFile } from "./log/storage.ts";
export { Divergence, executeBatch } from "./runner/execute.ts";
export { genesisOf } from "./runner/genesis.ts";
export { type ExecutedBatch, type Outcome, type Outcomes, outcomeAt } from "./runner/executed.ts";
export { type SnapshotPolicy, keepSnapshots } from "./runner/snapshotPolicy.ts";
export { type Listener, Overloaded, type Recovery, Runner, type RunnerOptions } from "./runner/runner.ts";
export { type Verification, type VerifyOptions, verify } from "./runner/verify.ts";
export { type Alarm, type WatchOptions, type WatchStatus, watch } from "./runner/watch.ts";
export { type Instruction, bootstrap, capacitiesOf, sealing } from "./node/bootstrap.ts";
export { type Config, ConfigError, parseConfig, readConfig } from "./node/config.ts";

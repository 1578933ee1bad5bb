/** The node. */
export { type Batch, type CommandLog, LogError, type LogFault } from "./log/commandLog.ts";
export { openDirectory } from "./log/directory.ts";
export { readLog } from "./log/readLog.ts";
export { type Opened, SegmentLog, type SegmentLogOptions } from "./log/segmentLog.ts";
export type { Storage, StoredFile } from "./log/storage.ts";

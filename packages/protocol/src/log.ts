/**
 * @bulkhead/protocol/log: the log of a venue's commands (docs/spec/log.md). Its layout, how it is read from wherever it lies, and how it is executed
 * again and checked. Runs in browsers as well as in Node; digests are handed in.
 */
export {
  BLOCK,
  type BatchHeader,
  HASH_BYTES,
  HEADER_BYTES,
  SALT_BYTES,
  UNTOLD,
  batchBytes,
  linkOf,
  readBatch,
  sealBatch,
} from "./log/batch.ts";
export {
  AUDIT_EVERY,
  type Check,
  type CheckOptions,
  type CheckedLog,
  checkLog,
  expectGenesis,
} from "./log/check.ts";
export { crc32 } from "./log/crc32.ts";
export { type Digests, PORTABLE } from "./log/digests.ts";
export { Divergence, type Rigour, executeBatch, readAhead } from "./log/execute.ts";
export { genesisOf } from "./log/genesis.ts";
export { type Batch, LogError, type LogFault, type LogPlace } from "./log/logged.ts";
export { LogReader, type Segment, lastSequenceOf, readLog, segmentsOf } from "./log/readLog.ts";
export {
  type Place,
  type SegmentHeader,
  encodeSegmentHeader,
  expectEnd,
  isSegment,
  placeOfFirst,
  readSegmentHeader,
  segmentName,
  strides,
} from "./log/segment.ts";
export { SegmentReader } from "./log/segmentReader.ts";
export { type LogFile, type LogSource, equal } from "./log/source.ts";

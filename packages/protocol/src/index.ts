/** The wire, shared by the node and its clients. */
export { MAX_RECORD_BYTES, readRecord, recordBytes, writeRecord } from "./record.ts";
export { type BookLevelText, CHECKSUM_LEVELS, bookChecksum } from "./bookChecksum.ts";

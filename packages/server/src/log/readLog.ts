/** Reading a log that lies on this machine. */
import { type Batch, type LogSource, readLog as read } from "@bulkhead/protocol/log";
import { DIGESTS } from "./digests.ts";

/**
 * The batches from the one that holds a sequence on, up to the first place of the last segment where none is whole.
 * @param until - sequence to end with; what lies beyond is not looked at
 * @throws {LogError} where a batch is damaged, missing or not the one that was there before it
 */
export function readLog(source: LogSource, sequence: number, until?: number): AsyncGenerator<Batch> {
  return read(source, sequence, DIGESTS, until);
}

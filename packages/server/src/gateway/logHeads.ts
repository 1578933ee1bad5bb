/** Heads of the chain of receipts, looked up where a public log has them. */
import { type Batch, type LogSource, readLog } from "@bulkhead/protocol/log";
import { DIGESTS } from "../log/digests.ts";
import type { PublicLog } from "../log/publicLog.ts";

export class LogHeads {
  private readonly log: PublicLog;
  /** Looks one after another: each reads a segment up to its batch. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(log: PublicLog) {
    this.log = log;
  }

  /** The batch that holds a command; undefined if the log has it not, or no longer. */
  async batchOf(sequence: number): Promise<Batch | undefined> {
    const found = this.last.then(() => this.find(sequence));
    this.last = found.catch(() => undefined);
    return found;
  }

  private async find(sequence: number): Promise<Batch | undefined> {
    const { first, last } = this.log;
    if (sequence < first || sequence > last) return undefined;
    for await (const batch of readLog(sourceOf(this.log), sequence, DIGESTS, sequence))
      if (sequence < batch.first + batch.count) return batch;
    return undefined;
  }
}

/** A public log as whoever verifies reads it. */
function sourceOf(log: PublicLog): LogSource {
  return {
    list: async () => (await log.segments()).map(({ name }) => name),
    open: async (name) => {
      const segment = (await log.segments()).find((each) => each.name === name);
      if (segment === undefined) throw new RangeError(`the log has no segment ${name} any more`);
      const { bytes } = segment;
      return {
        bytes,
        read: async (target, at) => {
          let length = 0;
          for await (const part of log.read(name, at, Math.min(bytes, at + target.length))) {
            target.set(part, length);
            length += part.length;
          }
          return length;
        },
        close: async () => undefined,
      };
    },
  };
}

/** The log of a replay: its commands kept as a node would keep them, so that they can be verified and inspected. */
import type { Capacities } from "@bulkhead/engine";
import { MAX_RECORD_BYTES, writeRecord } from "@bulkhead/protocol";
import { DataDirectoryError, SegmentLog, genesisOf, takeOver } from "@bulkhead/server/core";
import { UsageError } from "./shell.ts";

const FIRST_BYTES = 2 ** 20;

export class Recorder {
  private log: SegmentLog | undefined;
  private release: (() => Promise<void>) | undefined;
  /** Records of the batch under way. */
  private view = new DataView(new ArrayBuffer(FIRST_BYTES));
  private end = 0;
  private count = 0;

  /** @throws {UsageError} if the directory cannot be used, or holds a venue already */
  async open(path: string, capacities: Capacities): Promise<void> {
    try {
      const directory = await takeOver(path, capacities);
      this.release = directory.release;
      const { log } = await SegmentLog.open(directory.log, { genesis: genesisOf(directory.capacities) });
      this.log = log;
      if (log.last === 0) return;
      await this.close();
      throw new UsageError(
        `${path} holds a venue already, with ${log.last} commands; a replay begins a new one`,
      );
    } catch (error) {
      if (error instanceof DataDirectoryError) throw new UsageError(error.message, { cause: error });
      throw error;
    }
  }

  /** A command was applied. */
  note(frame: Float64Array): void {
    if (this.end + MAX_RECORD_BYTES > this.view.byteLength) {
      const larger = new Uint8Array(this.view.byteLength * 2);
      larger.set(new Uint8Array(this.view.buffer, 0, this.end));
      this.view = new DataView(larger.buffer);
    }
    this.end = writeRecord(frame, 0, this.view, this.end);
    this.count++;
  }

  /** Makes what was noted durable, as a batch whose receipts have this head. */
  async keep(head: Uint8Array): Promise<void> {
    if (this.log === undefined || this.count === 0) return;
    const records = new Uint8Array(this.view.buffer, 0, this.end);
    await this.log.append({ first: this.log.last + 1, count: this.count, records, head });
    this.end = 0;
    this.count = 0;
  }

  async close(): Promise<void> {
    await this.log?.close();
    await this.release?.();
  }
}

/**
 * The journal of the registry: what the node knows of people and the engine does not, kept in a log of its own, of the same make as the log
 * of commands. Each record is one line of JSON; the head of a batch is the SHA-256 of the head before it and its records.
 */
import { createHash } from "node:crypto";
import { BLOCK } from "@bulkhead/protocol/log";
import type { CommandLog } from "../log/commandLog.ts";
import { SegmentLog } from "../log/segmentLog.ts";
import type { Storage } from "../log/storage.ts";
import { type Entry, readEntry } from "./entries.ts";

const SEGMENT_BYTES = 2 ** 20;
/** Entries written together at most. */
const MOST = 256;
const HEAD_BYTES = 32;

interface Waiting {
  readonly entry: Entry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What the log is of: the venue's own genesis, and that it tells of access. */
export function accessGenesis(genesis: Uint8Array): Uint8Array {
  return createHash("sha256").update("bulkhead access").update(genesis).digest();
}

export class Journal {
  private readonly log: SegmentLog;
  private head: Uint8Array;
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;

  private constructor(log: SegmentLog, head: Uint8Array) {
    this.log = log;
    this.head = head;
  }

  /**
   * Opens the journal and tells what is in it, in order.
   * @throws {LogError} if it is damaged, or of another venue
   */
  static async open(
    storage: Storage,
    genesis: Uint8Array,
    replay: (entry: Entry) => void,
    segmentBytes: number = SEGMENT_BYTES,
  ): Promise<Journal> {
    const { log } = await SegmentLog.open(storage, { genesis: accessGenesis(genesis), segmentBytes });
    let head: Uint8Array = new Uint8Array(HEAD_BYTES);
    for await (const { records, head: next } of log.read(log.first)) {
      head = next;
      for (const line of new TextDecoder().decode(records).trimEnd().split("\n")) replay(readEntry(line));
    }
    return new Journal(log, head);
  }

  /** Entries that are kept. */
  get size(): number {
    return this.log.last - this.log.first + 1;
  }

  get condition(): CommandLog["condition"] {
    return this.log.condition;
  }

  /** Makes sure that so many entries can be added, even one by one. @throws {LogError} if they cannot */
  async expectRoom(entries: number): Promise<void> {
    const bytes = (this.waiting.length + entries) * BLOCK;
    if (!this.log.hasRoom(bytes)) await this.log.makeRoom(bytes);
  }

  /** Adds an entry; done once it is durable. @throws {LogError} if it could not be made so */
  append(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ entry, resolve, reject });
      this.writing ??= this.write();
    });
  }

  /** Writes all that is still true anew, and gives up what was written before. */
  async rewrite(entries: readonly Entry[]): Promise<void> {
    const from = this.log.last + 1;
    await Promise.all(entries.map((entry) => this.append(entry)));
    await this.log.forget(from);
  }

  async close(): Promise<void> {
    await this.writing;
    await this.log.close();
  }

  /** What comes while a batch is written makes up the next one. */
  private async write(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, MOST);
      const records = new TextEncoder().encode(
        group.map(({ entry }) => `${JSON.stringify(entry)}\n`).join(""),
      );
      const head = createHash("sha256").update(this.head).update(records).digest();
      try {
        await this.log.append({ first: this.log.last + 1, count: group.length, records, head });
      } catch (error) {
        for (const { reject } of group) reject(error);
        continue;
      }
      this.head = head;
      for (const { resolve } of group) resolve();
    }
    this.writing = undefined;
  }
}

/**
 * The embedded log: segment files in a directory, written by one node.
 *
 * A batch is written at the tail, synced, and only then told to be durable. So at most one batch, the last, can be torn by a crash, and
 * nobody was told of it: opening the log clears it away. Anything else that does not fit is damage, and is never repaired by guessing: the
 * log refuses to open. After a write or a sync has failed nothing is known of the tail, and trying again proves nothing (the kernel may
 * have dropped the pages and forgotten the error): the log has failed until it is opened anew.
 *
 * Segments are reserved whole, ahead of need, so that a full disk is noticed before anything is lost. Whoever asks first is told whether there
 * is room for a batch; where there is none the log is full, and it tries to reserve the next segment until it can.
 */
import { randomBytes } from "node:crypto";
import {
  BLOCK,
  type Batch,
  HASH_BYTES,
  HEADER_BYTES,
  LogError,
  type Place,
  SALT_BYTES,
  type Segment,
  type SegmentHeader,
  SegmentReader,
  batchBytes,
  encodeSegmentHeader,
  equal,
  expectEnd,
  linkOf,
  placeOfFirst,
  sealBatch,
  segmentName,
  segmentsOf,
} from "@bulkhead/protocol/log";
import { clearFrom } from "./clear.ts";
import type { CommandLog } from "./commandLog.ts";
import { DIGESTS } from "./digests.ts";
import { readLog } from "./readLog.ts";
import type { Storage, StoredFile } from "./storage.ts";

const SEGMENT_BYTES = 2 ** 26;
const SPARE = "spare";
const RETRY_MS = 1_000;

export interface SegmentLogOptions {
  /** What the log is of, 32 bytes: a log of something else is not opened. */
  readonly genesis: Uint8Array;
  /** Size of segments made from now on, whole blocks; 64 MB. */
  readonly segmentBytes?: number;
  /** Where segments go that are given up; by default nowhere. */
  readonly archive?: Storage;
  /** How long to wait before the next segment is tried to be reserved again, ms; a second. */
  readonly retryMs?: number;
  /** Told what whoever looks after the disk should know. */
  readonly note?: (note: LogNote) => void;
}

/** What has happened to a log whose last command is `last`. */
export type LogNote = { readonly last: number } & (
  | {
      /** The next segment cannot be reserved; so many bytes of the present one are left. */
      readonly kind: "scarce";
      readonly left: number;
      readonly error: unknown;
    }
  /** There is no room for what was to be added, or nothing can be added any more. */
  | { readonly kind: "full" | "failed"; readonly error: LogError }
  /** The next segment is reserved, after it could not be. */
  | { readonly kind: "recovered" }
);

/** What opening a log found. */
export interface Opened {
  readonly log: SegmentLog;
  /** True if a batch that nobody was told of was cleared away. */
  readonly wasTorn: boolean;
}

export class SegmentLog implements CommandLog {
  private readonly storage: Storage;
  private readonly options: Required<Pick<SegmentLogOptions, "genesis" | "segmentBytes" | "retryMs">> &
    SegmentLogOptions;
  private kept: Segment[];
  private file: StoredFile;
  private place: Place;
  /** Bytes of the segment being written that no batch was given, the one on its way included. */
  private left: number;
  /** The next segment, reserved while this one is written; undefined while it is not. */
  private spare: StoredFile | undefined;
  /** Resolves once the next segment is reserved, or cannot be. */
  private reserving: Promise<void> | undefined;
  /** Why the next segment could not be reserved; undefined if it is, or was not tried yet. */
  private shortage: { readonly error: unknown } | undefined;
  private retry: NodeJS.Timeout | undefined;
  private state: CommandLog["condition"] = "open";
  private isBusy = false;
  private buffer = new Uint8Array(BLOCK);

  private constructor(
    storage: Storage,
    options: SegmentLog["options"],
    segments: Segment[],
    file: StoredFile,
    place: Place,
  ) {
    this.storage = storage;
    this.options = options;
    this.kept = segments;
    this.file = file;
    this.place = place;
    this.left = file.bytes - place.at;
    void this.reserve();
  }

  /**
   * Opens the log in a storage, or begins one.
   * @throws {LogError} `mismatch` if it is of something else, `corrupt` if it is damaged anywhere but in a last, torn batch of its end
   */
  static async open(storage: Storage, options: SegmentLogOptions): Promise<Opened> {
    const settings = { segmentBytes: SEGMENT_BYTES, retryMs: RETRY_MS, ...options };
    if (
      settings.genesis.length !== HASH_BYTES ||
      settings.segmentBytes % BLOCK !== 0 ||
      roomOf(settings.segmentBytes) < BLOCK
    )
      throw new LogError(
        "misuse",
        `a log needs ${HASH_BYTES} bytes of genesis, and segments of two blocks of ${BLOCK} or more`,
      );
    const segments = await segmentsOf(storage, DIGESTS);
    const last = segments.at(-1);
    if (last === undefined) {
      const header = headerOf(1, new Uint8Array(HASH_BYTES), settings.genesis);
      const file = await beginFirst(storage, settings.segmentBytes, header);
      const segment = { name: segmentName(1), header };
      return {
        log: new SegmentLog(storage, settings, [segment], file, placeOfFirst(header)),
        wasTorn: false,
      };
    }
    if (!equal(last.header.genesis, settings.genesis))
      throw new LogError(
        "mismatch",
        `${last.name}: a log of another venue, of other capacities, or of a build whose engine lays its state out otherwise; --data names another directory`,
      );
    const file = await storage.open(last.name);
    try {
      const place = await tailOf(file, last);
      const wasTorn = await clearFrom(file, place.at);
      return { log: new SegmentLog(storage, settings, segments, file, place), wasTorn };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get last(): number {
    return this.place.next - 1;
  }

  get first(): number {
    return (this.kept[0] as Segment).header.first;
  }

  get segments(): CommandLog["segments"] {
    return this.kept.map(({ name, header }, index) => ({
      name,
      first: header.first,
      end: index === this.kept.length - 1 ? this.place.at : undefined,
    }));
  }

  get condition(): CommandLog["condition"] {
    return this.state;
  }

  hasRoom(recordBytes: number): boolean {
    return this.state === "open" && (this.spare !== undefined || batchBytes(recordBytes) <= this.left);
  }

  async makeRoom(recordBytes: number): Promise<void> {
    this.expectOpen();
    // What could not be reserved before may be now.
    if (this.spare === undefined) await (this.reserving ?? this.reserve());
    this.expectOpen();
    if (this.hasRoom(recordBytes)) return;
    const error = this.fullBecause(this.shortage?.error);
    if (this.state !== "full") {
      this.state = "full";
      this.options.note?.({ kind: "full", last: this.last, error });
    }
    throw error;
  }

  async append(batch: Batch): Promise<void> {
    this.expectUsable(batch);
    this.isBusy = true;
    try {
      const { length } = batch.records;
      if (!this.hasRoom(length)) await this.makeRoom(length);
      const size = batchBytes(length);
      const next = this.claim(size);
      if (next !== undefined) {
        const rotated = this.rotate(next);
        void this.reserve(rotated);
        await rotated;
      }
      await this.write(batch, size);
    } finally {
      this.isBusy = false;
    }
  }

  read(sequence: number): AsyncIterable<Batch> {
    return readLog(this.storage, sequence, this.last);
  }

  async forget(sequence: number): Promise<void> {
    while (this.kept.length > 1 && (this.kept[1] as Segment).header.first <= sequence) {
      const { name } = this.kept[0] as Segment;
      if (this.options.archive !== undefined) await copy(this.storage, this.options.archive, name);
      this.kept = this.kept.slice(1);
      await this.storage.remove(name);
    }
  }

  async close(): Promise<void> {
    if (this.state === "closed") return;
    this.state = "closed";
    clearTimeout(this.retry);
    await this.reserving;
    if (this.spare !== undefined) {
      await this.spare.close();
      await this.storage.remove(SPARE);
    }
    await this.file.close();
  }

  private expectOpen(): void {
    if (this.state === "closed" || this.state === "failed")
      throw new LogError(this.state, `the log is ${this.state}; its last command is ${this.last}`);
  }

  private expectUsable({ first, count, records, head }: Batch): void {
    this.expectOpen();
    if (this.isBusy) throw new LogError("misuse", "a batch is given once the one before it is done");
    const most = roomOf(this.options.segmentBytes);
    const isFit =
      first === this.place.next &&
      count > 0 &&
      head.length === HASH_BYTES &&
      batchBytes(records.length) <= most;
    if (!isFit)
      throw new LogError(
        "misuse",
        `a batch of ${count} from ${first} with ${records.length} bytes does not go on from ${this.last}, or is larger than ${most - HEADER_BYTES}`,
      );
  }

  private async write({ first, count, records, head }: Batch, size: number): Promise<void> {
    if (this.buffer.length < size) this.buffer = new Uint8Array(size * 2);
    const bytes = this.buffer.subarray(0, size);
    bytes.set(records, HEADER_BYTES);
    const { salt } = (this.kept.at(-1) as Segment).header;
    sealBatch(bytes, { first, count, bytes: records.length, link: this.place.link, head }, salt, DIGESTS);
    try {
      await this.file.write(bytes, this.place.at);
      await this.file.sync();
    } catch (error) {
      throw this.fail(`command ${first} could not be made durable: ${reasonOf(error)}`, error);
    }
    this.place = {
      at: this.place.at + size,
      next: first + count,
      link: linkOf(bytes, records.length, DIGESTS),
    };
  }

  /** Takes room for a batch that there is room for. @returns the segment it begins, if the present one has not enough left */
  private claim(size: number): StoredFile | undefined {
    if (size <= this.left) {
      this.left -= size;
      return undefined;
    }
    const { spare } = this;
    this.spare = undefined;
    this.left = roomOf(this.options.segmentBytes) - size;
    return spare;
  }

  /** Goes on in the segment that was reserved. */
  private async rotate(spare: StoredFile): Promise<void> {
    const { next, link } = this.place;
    const header = headerOf(next, link, this.options.genesis);
    try {
      const file = await begin(this.storage, spare, header);
      await this.file.close();
      this.file = file;
    } catch (error) {
      await spare.close().catch(() => undefined);
      throw this.fail(`the segment of command ${next} could not be begun: ${reasonOf(error)}`, error);
    }
    this.kept = [...this.kept, { name: segmentName(next), header }];
    this.place = placeOfFirst(header);
  }

  /** Reserves the next segment. @param begun - resolves once the present one is begun, and the name of the spare is free; if it is not yet */
  private reserve(begun?: Promise<void>): Promise<void> {
    clearTimeout(this.retry);
    const created = begun === undefined ? this.create() : begun.then(() => this.create());
    this.reserving = created
      .catch((error: unknown) => this.fallShort(error))
      .finally(() => {
        this.reserving = undefined;
      });
    return this.reserving;
  }

  private async create(): Promise<void> {
    this.spare = await this.storage.create(SPARE, this.options.segmentBytes);
    const { shortage } = this;
    this.shortage = undefined;
    if (this.state === "full") this.state = "open";
    if (shortage !== undefined && this.state === "open")
      this.options.note?.({ kind: "recovered", last: this.last });
  }

  /** There is no next segment for now: it is tried again, unless nothing can be added any more. */
  private fallShort(error: unknown): void {
    if (this.state === "failed" || this.state === "closed") return;
    const isNews = this.shortage === undefined;
    this.shortage = { error };
    this.retry = setTimeout(() => void this.reserve(), this.options.retryMs).unref();
    if (isNews) this.options.note?.({ kind: "scarce", last: this.last, left: this.left, error });
  }

  private fullBecause(error: unknown): LogError {
    const { segmentBytes } = this.options;
    return new LogError(
      "full",
      `no room for another segment of ${segmentBytes} bytes, and ${this.left} bytes are left in this one: ${reasonOf(error)}`,
      error,
    );
  }

  private fail(message: string, cause: unknown): LogError {
    const error = new LogError("failed", message, cause);
    this.state = "failed";
    this.options.note?.({ kind: "failed", last: this.last, error });
    return error;
  }
}

/** Bytes of a segment that batches can lie in. */
function roomOf(segmentBytes: number): number {
  return segmentBytes - BLOCK;
}

function headerOf(first: number, link: Uint8Array, genesis: Uint8Array): SegmentHeader {
  return { first, salt: randomBytes(SALT_BYTES), link, genesis };
}

/** Makes a reserved file a segment: what has a segment's name has a segment's header. */
async function begin(storage: Storage, file: StoredFile, header: SegmentHeader): Promise<StoredFile> {
  await file.write(encodeSegmentHeader(header, DIGESTS), 0);
  await file.sync();
  await storage.rename(SPARE, segmentName(header.first));
  return file;
}

/** The first segment of a new log. @throws {LogError} if there is no room for it */
async function beginFirst(storage: Storage, bytes: number, header: SegmentHeader): Promise<StoredFile> {
  try {
    return await begin(storage, await storage.create(SPARE, bytes), header);
  } catch (error) {
    throw new LogError("full", `no log could be begun, with ${bytes} bytes: ${reasonOf(error)}`, error);
  }
}

/** Where the batches of the last segment end. */
async function tailOf(file: StoredFile, { name, header }: Segment): Promise<Place> {
  const reader = new SegmentReader(file, header.salt, placeOfFirst(header), DIGESTS);
  for (let found = await reader.find(); found !== undefined; found = await reader.find())
    reader.place = found.after;
  await expectEnd(file, name, header.salt, reader.place, DIGESTS);
  return reader.place;
}

async function copy(from: Storage, to: Storage, name: string): Promise<void> {
  const source = await from.open(name);
  try {
    const target = await to.create(name, source.bytes);
    try {
      const buffer = new Uint8Array(2 ** 20);
      for (let at = 0; at < source.bytes; at += buffer.length) {
        const read = await source.read(buffer, at);
        await target.write(buffer.subarray(0, read), at);
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

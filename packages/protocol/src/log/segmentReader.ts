/**
 * A walk through a segment, batch by batch. It reads ahead, twice as far each time; where nothing whole is found it looks at the file once
 * more, so that it may wait at the end for what is still to be written.
 */
import { BLOCK, type BatchHeader, announcedBytes, batchBytes, linkOf, readBatch } from "./batch.ts";
import type { Digests } from "./digests.ts";
import type { Place } from "./segment.ts";
import { type LogFile, equal } from "./source.ts";

/** Bytes read ahead at most. */
const FARTHEST = 2 ** 20;

/** A batch found at a place, as it lies there, and the place after it. */
export interface Found {
  readonly header: BatchHeader;
  /** Of the file's; nobody writes on them. */
  readonly bytes: Uint8Array;
  readonly after: Place;
}

export class SegmentReader {
  /** Where it stands. */
  place: Place;
  private readonly file: LogFile;
  private readonly salt: Uint8Array;
  private readonly digests: Digests;
  /** What was read of the file, and from which byte on. */
  private window = new Uint8Array(0);
  private windowAt = 0;
  private reach = BLOCK;

  constructor(file: LogFile, salt: Uint8Array, place: Place, digests: Digests) {
    this.file = file;
    this.salt = salt;
    this.place = place;
    this.digests = digests;
  }

  /** The batch at its place, if a whole one is there that goes on from the one before. */
  async find(): Promise<Found | undefined> {
    const found = this.findInWindow();
    if (found !== undefined) return found;
    await this.readWindow(this.reach);
    const announced = batchBytes(announcedBytes(this.window) ?? 0);
    // What would lie beyond the file's end is none.
    if (announced > this.window.length && this.place.at + announced <= this.file.bytes)
      await this.readWindow(announced);
    const read = this.findInWindow();
    this.reach = read === undefined ? BLOCK : Math.min(2 * this.reach, FARTHEST);
    return read;
  }

  private findInWindow(): Found | undefined {
    const { at, next, link } = this.place;
    const offset = at - this.windowAt;
    if (!(offset >= 0 && offset < this.window.length)) return undefined;
    const bytes = this.window.subarray(offset);
    const header = readBatch(bytes, this.salt, this.digests);
    if (header === undefined || header.first !== next || !equal(header.link, link)) return undefined;
    const after = {
      at: at + batchBytes(header.bytes),
      next: next + header.count,
      link: linkOf(bytes, header.bytes, this.digests),
    };
    return { header, bytes, after };
  }

  /** The bytes that were read before stay as they are: somebody may still be using them. */
  private async readWindow(bytes: number): Promise<void> {
    const { at } = this.place;
    const window = new Uint8Array(Math.max(0, Math.min(bytes, this.file.bytes - at)));
    const read = await this.file.read(window, at);
    this.window = window.subarray(0, read);
    this.windowAt = at;
  }
}

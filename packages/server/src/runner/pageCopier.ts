/** Takes pages out of the state between batches, and hands them to a snapshot's file. */
import { DIGEST_WORDS, type Engine, PAGE_BYTES, type StateDigests } from "@bulkhead/engine";
import type { SnapshotFile } from "./snapshotFile.ts";

/** There are no pages from here on. */
export const DONE = -1;

export class PageCopier {
  private readonly file: SnapshotFile;
  private readonly digests: StateDigests;
  private numbers: Int32Array;
  private bytes: Uint8Array;
  /** Pages copied and not saved. */
  private copied = 0;

  /** @param slicePages - copied at a time */
  constructor(file: SnapshotFile, digests: StateDigests, slicePages: number) {
    this.file = file;
    this.digests = digests;
    this.numbers = new Int32Array(slicePages);
    this.bytes = new Uint8Array(slicePages * PAGE_BYTES);
  }

  /** Copies the next pages from one on. @returns where to go on, or `DONE` */
  copySlice({ pages }: Engine, from: number): number {
    const { copied, next } = pages.copy(from, this.numbers, this.bytes);
    this.copied = copied;
    return next === pages.count ? DONE : next;
  }

  /** Copies all that is left. */
  copyRest({ pages }: Engine): void {
    const left = pages.unsaved();
    if (left > this.numbers.length) {
      this.numbers = new Int32Array(left);
      this.bytes = new Uint8Array(left * PAGE_BYTES);
    }
    this.copied = pages.copy(0, this.numbers, this.bytes).copied;
  }

  /** Digests and writes what was copied. */
  async save(): Promise<void> {
    const { copied, numbers } = this;
    if (copied === 0) return;
    const words = new Int32Array(this.bytes.buffer);
    const digests = new Int32Array(copied * DIGEST_WORDS);
    for (let index = 0; index < copied; index++)
      this.digests.put(
        numbers[index] as number,
        words,
        (index * PAGE_BYTES) / 4,
        digests,
        index * DIGEST_WORDS,
      );
    this.digests.settle();
    await this.file.add(numbers.subarray(0, copied), this.bytes, digests);
  }
}

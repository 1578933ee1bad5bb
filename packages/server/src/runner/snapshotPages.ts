/**
 * Pages come back from the files of a chain to where they lie in the state. The newest file is read first, from its end: a page that is there
 * already is a later one, and stays. Each is read right into its place, while those read before it are digested.
 */
import { DIGEST_WORDS, PAGE_BYTES, SnapshotError, type StatePages } from "@bulkhead/engine";
import type { Storage, StoredFile } from "../log/storage.ts";
import {
  ENTRY_WORDS,
  type FoundHeader,
  type SnapshotName,
  byteOfPage,
  nameOf,
  readTable,
  withFile,
} from "./snapshotFile.ts";

/** Pages read at a time: 4 MB, and as many pieces as a read may have. */
const READ_PAGES = 1_024;

/** In place of a page's number: nobody wants it. */
const WASTE = -1;

/** Pages side by side in the file and in the state, or of no use. */
interface Run {
  readonly slot: number;
  readonly pages: number;
  readonly room: Uint8Array;
  /** Of the first of them in the state, or `WASTE`. */
  readonly number: number;
}

export class PageFiller {
  private readonly state: StatePages;
  /** 1 where a page is in its place. */
  private readonly isThere: Uint8Array;
  /** Where pages go that nobody wants. */
  private readonly waste = new Uint8Array(READ_PAGES * PAGE_BYTES);
  private readonly digests = new Int32Array(READ_PAGES * DIGEST_WORDS);

  /** @param state - of which no page is in use */
  constructor(state: StatePages) {
    this.state = state;
    this.isThere = new Uint8Array(state.count);
  }

  /**
   * Fills in those pages of a file that no later one has brought.
   * @throws {SnapshotError} where they are not what was written; some have been filled in then
   */
  async fillFrom(storage: Storage, name: SnapshotName, header: FoundHeader): Promise<void> {
    await withFile(storage, nameOf(name), async (file) => {
      const table = await readTable(file, header);
      const read = async (end: number): Promise<readonly Run[]> => {
        const slot = Math.max(0, end - READ_PAGES);
        const runs = this.claim(table, slot, end);
        await readRuns(file, runs, slot);
        return runs;
      };
      let reading = read(header.pages);
      try {
        for (let end = header.pages; end > 0; end -= READ_PAGES) {
          const present = await reading;
          reading = read(Math.max(0, end - READ_PAGES));
          for (const run of present) this.expectDigests(run, table);
        }
      } finally {
        await reading.catch(() => undefined);
      }
    });
  }

  /** The pages from one slot to before another as runs; those that are wanted count as there from now on. */
  private claim(table: Int32Array, from: number, end: number): Run[] {
    const numbers = new Int32Array(end - from).fill(WASTE);
    for (let slot = end - 1; slot >= from; slot--) {
      const number = table[slot * ENTRY_WORDS] as number;
      if (!(number >= 0 && number < this.state.count))
        throw new SnapshotError(`there is no page ${number}, of ${this.state.count}`);
      if (this.isThere[number] === 1) continue;
      this.isThere[number] = 1;
      numbers[slot - from] = number;
    }
    const runs: Run[] = [];
    for (let at = 0; at < numbers.length;) {
      const number = numbers[at] as number;
      const side = sideBySide(numbers, at);
      // Where a shard ends a run does too.
      const room =
        number === WASTE ? this.waste.subarray(0, side * PAGE_BYTES) : this.state.room(number, side);
      const pages = room.length / PAGE_BYTES;
      runs.push({ slot: from + at, pages, room, number });
      at += pages;
    }
    return runs;
  }

  private expectDigests({ slot, pages, number }: Run, table: Int32Array): void {
    if (number === WASTE) return;
    const { digests } = this;
    this.state.filled(number, pages, digests, 0);
    for (let page = 0; page < pages; page++) {
      const entry = (slot + page) * ENTRY_WORDS + 1;
      for (let word = 0; word < DIGEST_WORDS; word++)
        if (table[entry + word] !== digests[page * DIGEST_WORDS + word])
          throw new SnapshotError(`page ${number + page} is damaged`);
    }
  }
}

async function readRuns(file: StoredFile, runs: readonly Run[], slot: number): Promise<void> {
  const rooms = runs.map(({ room }) => room);
  const bytes = rooms.reduce((sum, { length }) => sum + length, 0);
  const read = await file.scatter(rooms, byteOfPage(slot));
  if (read < bytes) throw new SnapshotError(`it ends at byte ${byteOfPage(slot) + read}`);
}

/** How many pages from one on are side by side in the state too, or none of them wanted. */
function sideBySide(numbers: Int32Array, at: number): number {
  const number = numbers[at] as number;
  const step = number === WASTE ? 0 : 1;
  let pages = 1;
  while (at + pages < numbers.length && numbers[at + pages] === number + step * pages) pages++;
  return pages;
}

/** Commands that wait to be executed, put together to batches as they come. */
import { FRAME_WORDS, MAX_BATCH } from "@bulkhead/engine";
import type { Outcomes } from "./executed.ts";

/** Commands that were submitted together: they are executed in a row and answered at once. */
export interface Group {
  readonly count: number;
  readonly resolve: (outcomes: Outcomes) => void;
  readonly reject: (error: unknown) => void;
}

/** What is executed next: the frames of its groups, one after another. */
export interface Batched {
  readonly frames: Float64Array;
  readonly groups: readonly Group[];
}

/** A batch to be, with room for some more. */
interface Filling {
  frames: Float64Array;
  words: number;
  readonly groups: Group[];
}

/** Commands there is room for at first. */
const LEAST_ROOM = 16;

export class Intake {
  private fillings: Filling[] = [];
  private count = 0;
  /** Words that the last batch had: the next one is taken to be of that size. */
  private usual = LEAST_ROOM * FRAME_WORDS;

  /** Commands that wait. */
  get waiting(): number {
    return this.count;
  }

  /** Takes in a group. @param frames - of `MAX_BATCH` commands at most; copied */
  add(frames: Float64Array, group: Group): void {
    let last = this.fillings.at(-1);
    if (last === undefined || last.words + frames.length > MAX_BATCH * FRAME_WORDS) {
      last = { frames: new Float64Array(Math.max(this.usual, frames.length)), words: 0, groups: [] };
      this.fillings.push(last);
    }
    const words = last.words + frames.length;
    if (words > last.frames.length) last.frames = grown(last.frames, last.words, words);
    last.frames.set(frames, last.words);
    last.words = words;
    last.groups.push(group);
    this.count += group.count;
  }

  /** The groups that have waited longest, as many as were put together; undefined if none waits. */
  take(): Batched | undefined {
    const first = this.fillings.shift();
    if (first === undefined) return undefined;
    const { words, groups } = first;
    this.usual = words;
    this.count -= words / FRAME_WORDS;
    return { frames: first.frames.subarray(0, words), groups };
  }
}

function grown(frames: Float64Array, used: number, needed: number): Float64Array {
  const larger = new Float64Array(Math.min(MAX_BATCH * FRAME_WORDS, Math.max(needed, 2 * frames.length)));
  larger.set(frames.subarray(0, used));
  return larger;
}

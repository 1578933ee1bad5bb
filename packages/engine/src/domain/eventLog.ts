/**
 * The events of the command under way. Most commands have a handful; a default that is shared out among everybody has one for each, and
 * makes the log grow once.
 */
import { EVENT_WORDS } from "./events.ts";
import { InvariantViolation } from "../kernel/invariant.ts";
import { MAX_EVENTS } from "./limits.ts";

/** Room to begin with: more than any order's story. */
const FIRST_EVENTS = 4_096;

export class EventLog {
  words = new Float64Array(FIRST_EVENTS * EVENT_WORDS);
  /** Records of this command so far. */
  count = 0;

  clear(): void {
    this.count = 0;
  }

  /** Forgets the events after the first `count`: what they tell was undone. */
  truncate(count: number): void {
    this.count = count;
  }

  /** Appends a record: its code and the values of its fields, in the order events.ts names them. */
  emit(code: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0): void {
    const at = this.count * EVENT_WORDS;
    if (at === this.words.length) this.grow();
    const { words } = this;
    words[at] = code;
    words[at + 1] = a;
    words[at + 2] = b;
    words[at + 3] = c;
    words[at + 4] = d;
    words[at + 5] = e;
    words[at + 6] = f;
    words[at + 7] = g;
    words[at + 8] = h;
    words[at + 9] = i;
    words[at + 10] = j;
    words[at + 11] = k;
    this.count++;
  }

  private grow(): void {
    if (this.count >= MAX_EVENTS)
      throw new InvariantViolation("a command has a bounded number of events", {});
    const larger = new Float64Array(this.words.length * 2);
    larger.set(this.words);
    this.words = larger;
  }
}

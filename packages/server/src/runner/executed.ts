/**
 * What came of commands that were executed together. From such batches, in order, everything outside the engine is built: answers, market
 * data, views. Arrays are never written again; a batch may be handed to another thread.
 */
import { EVENT_WORDS, FRAME_WORDS, RECEIPT_FACTS, type Venue } from "@bulkhead/engine";

export interface ExecutedBatch {
  /** Sequence of its first command. */
  readonly first: number;
  readonly count: number;
  /** The commands, `FRAME_WORDS` doubles each, with the time the sequencer gave them. */
  readonly frames: Float64Array;
  /** Outcome of each: 0 if accepted, a refusal's code otherwise. */
  readonly codes: Uint16Array;
  /** `RECEIPT_FACTS` doubles each. */
  readonly facts: Float64Array;
  /** The events of all, in order, `EVENT_WORDS` doubles each. */
  readonly events: Float64Array;
  /** How many events there were up to and with each command. */
  readonly eventEnds: Uint32Array;
}

/** What came of one command, copied. */
export interface Outcome {
  readonly sequence: number;
  /** 0 if accepted, a refusal's code otherwise. */
  readonly code: number;
  readonly facts: Float64Array;
  /** Records of `EVENT_WORDS` doubles. */
  readonly events: Float64Array;
}

/** What came of commands that were submitted together: `count` of a batch, from its `index`th on. */
export interface Outcomes {
  readonly batch: ExecutedBatch;
  readonly index: number;
  readonly count: number;
}

/** What came of the `index`th command of a batch. */
export function outcomeAt(batch: ExecutedBatch, index: number): Outcome {
  const from = index === 0 ? 0 : (batch.eventEnds[index - 1] as number);
  return {
    sequence: batch.first + index,
    code: batch.codes[index] as number,
    facts: batch.facts.slice(index * RECEIPT_FACTS, (index + 1) * RECEIPT_FACTS),
    events: batch.events.slice(from * EVENT_WORDS, (batch.eventEnds[index] as number) * EVENT_WORDS),
  };
}

/** Events there is room for at first, per command: an order has one, and two for each of its fills. */
const EVENTS_PER_COMMAND = 1.5;

/** Takes down what comes of commands, one after another, until they are a batch. */
export class Recorder {
  /** The commands, as they are executed. */
  readonly frames: Float64Array;

  private readonly first: number;
  private readonly codes: Uint16Array;
  private readonly facts: Float64Array;
  private readonly eventEnds: Uint32Array;
  private events: Float64Array;
  private words = 0;
  private count = 0;

  /** @param frames - of the commands; the batch keeps them */
  constructor(first: number, frames: Float64Array) {
    const capacity = frames.length / FRAME_WORDS;
    this.first = first;
    this.frames = frames;
    this.codes = new Uint16Array(capacity);
    this.facts = new Float64Array(capacity * RECEIPT_FACTS);
    this.eventEnds = new Uint32Array(capacity);
    this.events = new Float64Array(Math.ceil(EVENTS_PER_COMMAND * capacity) * EVENT_WORDS);
  }

  /** One that is told the commands one by one, by `take`. @param capacity - commands there is room for */
  static withRoomFor(first: number, capacity: number): Recorder {
    return new Recorder(first, new Float64Array(capacity * FRAME_WORDS));
  }

  /** Adds a command that a venue has just executed, and what came of it. */
  take(frame: Float64Array, code: number, { facts, events }: Venue): void {
    this.frames.set(frame, this.count * FRAME_WORDS);
    this.add(code, facts, events.words, events.count);
  }

  /**
   * Adds what came of the next command.
   * @param events - begins with those of this command, `EVENT_WORDS` doubles each
   */
  add(code: number, facts: Float64Array, events: Float64Array, eventCount: number): void {
    const { count, words } = this;
    const added = eventCount * EVENT_WORDS;
    this.codes[count] = code;
    // Word by word: so few are sooner copied than described.
    for (let fact = 0; fact < RECEIPT_FACTS; fact++)
      this.facts[count * RECEIPT_FACTS + fact] = facts[fact] as number;
    if (words + added > this.events.length) this.grow(words + added);
    for (let word = 0; word < added; word++) this.events[words + word] = events[word] as number;
    this.words = words + added;
    this.count = count + 1;
    this.eventEnds[count] = this.words / EVENT_WORDS;
  }

  batch(): ExecutedBatch {
    const { first, count } = this;
    return {
      first,
      count,
      frames: this.frames.subarray(0, count * FRAME_WORDS),
      codes: this.codes.subarray(0, count),
      facts: this.facts.subarray(0, count * RECEIPT_FACTS),
      events: this.events.subarray(0, this.words),
      eventEnds: this.eventEnds.subarray(0, count),
    };
  }

  private grow(words: number): void {
    const larger = new Float64Array(2 * words);
    larger.set(this.events.subarray(0, this.words));
    this.events = larger;
  }
}

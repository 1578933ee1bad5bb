/**
 * What came of commands that were executed together. From such batches, in order, everything outside the engine is built: answers, market
 * data, views. Arrays are never written again; a batch may be handed to another thread.
 */
import { EVENT_WORDS, FRAME_WORDS, RECEIPT_FACTS } from "@bulkhead/engine";

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

/** Takes down what comes of commands, one after another, until they are a batch. */
export class Recorder {
  private readonly first: number;
  private readonly frames: Float64Array;
  private readonly codes: Uint16Array;
  private readonly facts: Float64Array;
  private readonly eventEnds: Uint32Array;
  private events: Float64Array;
  private words = 0;
  private count = 0;

  /** @param capacity - commands there is room for */
  constructor(first: number, capacity: number) {
    this.first = first;
    this.frames = new Float64Array(capacity * FRAME_WORDS);
    this.codes = new Uint16Array(capacity);
    this.facts = new Float64Array(capacity * RECEIPT_FACTS);
    this.eventEnds = new Uint32Array(capacity);
    this.events = new Float64Array(2 * capacity * EVENT_WORDS);
  }

  /** @param events - those of this command, `EVENT_WORDS` doubles each */
  add(frame: Float64Array, code: number, facts: Float64Array, events: Float64Array): void {
    const { count } = this;
    this.frames.set(frame, count * FRAME_WORDS);
    this.codes[count] = code;
    this.facts.set(facts, count * RECEIPT_FACTS);
    if (this.words + events.length > this.events.length) {
      const larger = new Float64Array(2 * (this.words + events.length));
      larger.set(this.events.subarray(0, this.words));
      this.events = larger;
    }
    this.events.set(events, this.words);
    this.words += events.length;
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
      events: this.events.slice(0, this.words),
      eventEnds: this.eventEnds.subarray(0, count),
    };
  }
}

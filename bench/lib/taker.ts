/** Takes down what comes of commands as a runner does, batch after batch. */
import { EVENT_WORDS, FRAME_WORDS, RECEIPT_FACTS } from "@bulkhead/engine";
import type { ExecutedBatch } from "@bulkhead/server";

export class Taker {
  private first = 0;
  private frames: Float64Array = new Float64Array();
  private codes: number[] = [];
  private facts: number[] = [];
  private events: number[] = [];
  private ends: number[] = [];

  /** @param frames - of the commands to come; copied when the batch is made */
  begin(first: number, frames: Float64Array): void {
    this.first = first;
    this.frames = frames;
    [this.codes, this.facts, this.events, this.ends] = [[], [], [], []];
  }

  add(code: number, facts: Float64Array, events: Float64Array): void {
    this.codes.push(code);
    for (let fact = 0; fact < RECEIPT_FACTS; fact++) this.facts.push(facts[fact] ?? 0);
    for (const word of events) this.events.push(word);
    this.ends.push(this.events.length / EVENT_WORDS);
  }

  batch(): ExecutedBatch {
    return {
      first: this.first,
      count: this.frames.length / FRAME_WORDS,
      frames: this.frames.slice(),
      codes: Uint16Array.from(this.codes),
      facts: Float64Array.from(this.facts),
      events: Float64Array.from(this.events),
      eventEnds: Uint32Array.from(this.ends),
    };
  }
}

/** Batches as a runner hands them on, made without one. */
import {
  type Command,
  type Engine,
  EVENT_WORDS,
  FRAME_WORDS,
  RECEIPT_FACTS,
  encodeCommand,
} from "@bulkhead/engine";
import type { ExecutedBatch } from "@bulkhead/server";

const frame = new Float64Array(FRAME_WORDS);

/** Executes commands as one batch. @param seen - told of each once it was executed */
export function execute(
  engine: Engine,
  commands: readonly Command[],
  seen?: (command: Command, code: number) => void,
): ExecutedBatch {
  const count = commands.length;
  const first = engine.sequence + 1;
  const frames = new Float64Array(count * FRAME_WORDS);
  const facts = new Float64Array(count * RECEIPT_FACTS);
  const [codes, eventEnds] = [new Uint16Array(count), new Uint32Array(count)];
  const events: number[] = [];
  commands.forEach((command, index) => {
    encodeCommand(command, frame);
    frames.set(frame, index * FRAME_WORDS);
    codes[index] = engine.apply(frame);
    facts.set(engine.venue.facts, index * RECEIPT_FACTS);
    for (const word of engine.events()) events.push(word);
    eventEnds[index] = events.length / EVENT_WORDS;
    seen?.(command, codes[index]);
  });
  return { first, count, frames, codes, facts, events: Float64Array.from(events), eventEnds };
}

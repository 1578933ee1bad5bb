/** A batch is executed again: by a node that recovers, and by whoever checks one. */
import { DecodeError, type Engine, FORESIGHT, FRAME_WORDS } from "@bulkhead/engine";
import { readRecord } from "../record.ts";
import type { Batch } from "./logged.ts";

/** Where a log and an engine that executes it part. */
export class Divergence extends Error {
  /** Sequences of the batch in which it shows. */
  readonly first: number;
  readonly last: number;

  constructor({ first, count }: Batch, problem: string) {
    super(`commands ${first} to ${first + count - 1}: ${problem}`);
    this.name = "Divergence";
    this.first = first;
    this.last = first + count - 1;
  }
}

/** Commands that are executed next. */
const frames = new Float64Array(FORESIGHT * FRAME_WORDS);

/** Whether the judge looks at every command once more, or the receipts of then are taken for his word: the engine's `apply` or `repeat`. */
export type Rigour = "judged" | "repeated";

/**
 * Executes a batch, of which the engine may have seen a part, and compares the head of its receipts.
 * @param seen - told of every command after it was executed, with its outcome, while its events can be read
 * @throws {Divergence} if the records are not the commands they count, or the engine answers otherwise than the log says
 */
export function executeBatch(
  engine: Engine,
  batch: Batch,
  seen?: (frame: Float64Array, code: number) => void,
  rigour: Rigour = "judged",
): void {
  const { first, count, records, head } = batch;
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  let at = 0;
  for (let done = 0; done < count;) {
    const { read, end, problem } = readSome(view, at, Math.min(FORESIGHT, count - done));
    at = end;
    engine.foresee(frames, 0, read);
    for (let index = 0; index < read; index++) {
      const sequence = first + done + index;
      if (sequence <= engine.sequence) continue;
      const word = index * FRAME_WORDS;
      let code: number;
      try {
        code = rigour === "judged" ? engine.apply(frames, word) : engine.repeat(frames, word);
      } catch (error) {
        throw noCommand(batch, sequence, error);
      }
      seen?.(frames.subarray(word, word + FRAME_WORDS), code);
    }
    done += read;
    // What is no record is told once those before it were executed.
    if (problem !== undefined) throw noCommand(batch, first + done, problem);
  }
  if (at !== records.length)
    throw new Divergence(batch, `${records.length - at} bytes follow the last record`);
  if (engine.sequence !== first + count - 1)
    throw new Divergence(batch, `the engine stands at command ${engine.sequence}`);
  const found = engine.seal();
  if (!found.every((byte, index) => byte === head[index]))
    throw new Divergence(batch, "the engine's receipts are not those the log was written with");
}

interface Some {
  /** Records that are in `frames` now, and where the next one begins. */
  readonly read: number;
  readonly end: number;
  /** Why the next one is none. */
  readonly problem?: unknown;
}

function readSome(view: DataView, from: number, wanted: number): Some {
  let end = from;
  for (let read = 0; read < wanted; read++) {
    try {
      end = readRecord(view, end, frames, read * FRAME_WORDS);
    } catch (problem) {
      return { read, end, problem };
    }
  }
  return { read: wanted, end };
}

function noCommand(batch: Batch, sequence: number, problem: unknown): unknown {
  if (!(problem instanceof DecodeError)) return problem;
  return new Divergence(batch, `command ${sequence} is none: ${problem.message}`);
}

/** The same batches, each read while the one before it is being used. */
export async function* readAhead(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  const source = batches[Symbol.asyncIterator]();
  let next = source.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done === true) return;
      next = source.next();
      yield value;
    }
  } finally {
    await next.catch(() => undefined);
    await source.return?.();
  }
}

/** A batch is executed again: by a node that recovers, and by whoever checks one. */
import { DecodeError, type Engine, FRAME_WORDS } from "@bulkhead/engine";
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

const frame = new Float64Array(FRAME_WORDS);

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
  for (let index = 0; index < count; index++) {
    let code: number;
    try {
      at = readRecord(view, at, frame, 0);
      if (first + index <= engine.sequence) continue;
      code = rigour === "judged" ? engine.apply(frame) : engine.repeat(frame);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw new Divergence(batch, `command ${first + index} is none: ${error.message}`);
    }
    seen?.(frame, code);
  }
  if (at !== records.length)
    throw new Divergence(batch, `${records.length - at} bytes follow the last record`);
  if (engine.sequence !== first + count - 1)
    throw new Divergence(batch, `the engine stands at command ${engine.sequence}`);
  const found = engine.seal();
  if (!found.every((byte, index) => byte === head[index]))
    throw new Divergence(batch, "the engine's receipts are not those the log was written with");
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

/** Batches as a runner hands them on, made without one. */
import { type Command, type Engine, FRAME_WORDS, encodeCommand } from "@bulkhead/engine";
import type { ExecutedBatch } from "@bulkhead/server";
import { Recorder } from "../../packages/server/src/runner/executed.ts";

const frame = new Float64Array(FRAME_WORDS);

/** Executes commands as one batch. */
export function execute(engine: Engine, commands: readonly Command[]): ExecutedBatch {
  const recorder = Recorder.withRoomFor(engine.sequence + 1, commands.length);
  for (const command of commands) {
    encodeCommand(command, frame);
    const code = engine.apply(frame);
    recorder.take(frame, code, engine.venue);
  }
  return recorder.batch();
}

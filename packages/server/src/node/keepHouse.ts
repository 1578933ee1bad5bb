/** Has a node do the chores that are due, again and again. */
import { FRAME_WORDS, RECEIPT_FACTS, encodeCommand } from "@bulkhead/engine";
import type { Runner } from "../runner/runner.ts";
import type { Say } from "../telemetry/eventLogger.ts";
import { chores, noProgress, noteSettled } from "./housekeeping.ts";
import { atNoTime } from "./setUp.ts";

const HOUSEKEEPING_MS = 250;

/** Begins. @returns how to end it */
export function keepHouse(runner: Runner, clock: () => number, say: Say): () => Promise<void> {
  const progress = noProgress();
  let doing: Promise<void> = Promise.resolve();
  let isBusy = false;
  const look = async (): Promise<void> => {
    const due = await runner.read((engine) => chores(engine, progress, clock()));
    if (due.length === 0) return;
    const frames = new Float64Array(due.length * FRAME_WORDS);
    due.forEach((instruction, index) => encodeCommand(atNoTime(instruction), frames, index * FRAME_WORDS));
    const { batch, index } = await runner.submitAll(frames);
    due.forEach((instruction, at) => {
      if (instruction.kind !== "settleExpired" || batch.codes[index + at] !== 0) return;
      noteSettled(progress, instruction, batch.facts[(index + at) * RECEIPT_FACTS + 1] as number);
    });
  };
  const timer = setInterval(() => {
    if (isBusy || runner.log.condition !== "open") return;
    isBusy = true;
    doing = look()
      .catch((error: unknown) => say("chores.failed", { error }))
      .finally(() => (isBusy = false));
  }, HOUSEKEEPING_MS);
  return async () => {
    clearInterval(timer);
    await doing;
  };
}

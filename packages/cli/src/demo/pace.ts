/** Does something every so often; what fails is said, and the next turn comes all the same. */
import { setTimeout as wait } from "node:timers/promises";
import { ProblemError } from "@bulkhead/sdk";

const SECOND = 1_000;

export function everySecond(ended: AbortSignal, turn: () => Promise<void>): Promise<void> {
  return every(SECOND, ended, turn);
}

/** @param pause - between the end of a turn and the beginning of the next, ms */
export async function every(pause: number, ended: AbortSignal, turn: () => Promise<void>): Promise<void> {
  while (!ended.aborted) {
    try {
      await turn();
    } catch (error) {
      // Refusals are a part of trading; anything else is worth a line.
      if (!(error instanceof ProblemError) || error.refusal === undefined)
        process.stderr.write(`${String(error)}\n`);
    }
    await wait(pause, undefined, { signal: ended }).catch(() => undefined);
  }
}

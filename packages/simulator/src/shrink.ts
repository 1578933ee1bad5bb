/** A long list of steps that ends in a difference, cut down to a short one that ends in the same kind of difference. */
import type { Difference } from "./difference.ts";
import { Session, type SessionOptions } from "./session.ts";
import type { Step } from "./step.ts";

export interface Reproduction {
  readonly steps: readonly Step[];
  readonly difference: Difference;
}

/** Chunks are dropped, half as large each round, as long as the difference remains and `patienceMs` lasts. */
export function shrink(options: SessionOptions, found: Reproduction, patienceMs: number): Reproduction {
  const { kind } = found.difference;
  const deadline = performance.now() + patienceMs;
  let best = found;
  for (let chunk = best.steps.length >> 1; chunk >= 1; chunk = nextChunk(chunk, best.steps.length)) {
    let hasShrunk = false;
    for (let end = best.steps.length - 1; end > 0; end -= chunk) {
      if (performance.now() > deadline) return best;
      const start = Math.max(0, end - chunk);
      const shorter = replay(options, [...best.steps.slice(0, start), ...best.steps.slice(end)]);
      if (shorter?.difference.kind !== kind) continue;
      best = shorter;
      hasShrunk = true;
      end = Math.min(end, best.steps.length);
    }
    if (chunk === 1 && !hasShrunk) break;
    if (chunk === 1) chunk = 2;
  }
  return best;
}

function nextChunk(chunk: number, length: number): number {
  return Math.min(chunk >> 1, length);
}

/** Replays steps up to the first difference in an answer, or in the state at their end. */
export function replay(options: SessionOptions, steps: readonly Step[]): Reproduction | undefined {
  const session = new Session(options);
  for (const [index, step] of steps.entries()) {
    const { difference } = session.apply(step);
    if (difference !== undefined) return { steps: steps.slice(0, index + 1), difference };
  }
  const difference = session.compareStates() ?? session.audit();
  return difference === undefined ? undefined : { steps, difference };
}

/** A long list of steps that ends in a difference, cut down to a short one that ends in the same kind of difference. */
import type { Difference } from "./difference.ts";
import { Names } from "./names.ts";
import { Session, type SessionOptions } from "./session.ts";
import type { Step } from "./step.ts";

/** A step, and the id that its receipt gave to what it made; 0 if it made nothing. */
export interface Recorded {
  readonly step: Step;
  readonly id: number;
}

export interface Reproduction {
  readonly steps: readonly Recorded[];
  readonly difference: Difference;
}

/**
 * Drops chunks of steps, half as large each round, as long as the same kind of difference remains and `patienceMs` lasts. What
 * the dropped steps made gets no id, so the rest is renumbered: each step goes on naming what it named at first.
 */
export function shrink(options: SessionOptions, found: Reproduction, patienceMs: number): Reproduction {
  const deadline = performance.now() + patienceMs;
  let best = found;
  let chunk = Math.ceil(best.steps.length / 2);
  while (performance.now() < deadline) {
    const before = best.steps.length;
    best = dropChunks(options, best, chunk, deadline);
    if (chunk > 1) chunk = Math.min(chunk >> 1, Math.max(1, best.steps.length >> 1));
    else if (best.steps.length === before) break;
  }
  return best;
}

function dropChunks(
  options: SessionOptions,
  found: Reproduction,
  chunk: number,
  deadline: number,
): Reproduction {
  let best = found;
  for (let end = best.steps.length - 1; end > 0; end -= chunk) {
    if (performance.now() > deadline) return best;
    const { steps } = best;
    const kept = [...steps.slice(0, Math.max(0, end - chunk)), ...steps.slice(end)];
    const shorter = replay(options, kept);
    if (shorter?.difference.kind !== found.difference.kind) continue;
    best = shorter;
    end = Math.min(end, best.steps.length);
  }
  return best;
}

/** Replays steps up to the first difference in an answer, or in the state at their end. */
function replay(options: SessionOptions, steps: readonly Recorded[]): Reproduction | undefined {
  const session = new Session(options);
  const names = new Names();
  const replayed: Recorded[] = [];
  for (const { step: original, id: originalId } of steps) {
    const step = names.translate(original);
    const { answer, difference } = session.apply(step);
    const id = idOf(answer);
    names.learn(original, originalId, id);
    replayed.push({ step, id });
    if (difference !== undefined) return { steps: replayed, difference };
  }
  const difference = session.compareStates() ?? session.audit();
  return difference === undefined ? undefined : { steps: replayed, difference };
}

/** The id that an accepted command's receipt begins with, if it begins with one. */
export function idOf(answer: { readonly outcome: string; readonly facts: Float64Array } | undefined): number {
  return answer?.outcome === "accepted" ? (answer.facts[0] as number) : 0;
}

/** One step of a run: a command, or words that must not be taken for one. As a line of JSON it can be kept and replayed. */
import type { Command } from "@bulkhead/engine";

export interface CommandStep {
  readonly command: Command;
}

export interface MalformedStep {
  /** The words of a frame. */
  readonly malformed: readonly number[];
}

export type Step = CommandStep | MalformedStep;

/** A step as one line of JSON; words that JSON has no number for are spelt out. */
export function lineOf(step: Step): string {
  if ("command" in step) return JSON.stringify(step.command);
  const words = step.malformed.map((word) => (isPlain(word) ? word : spell(word)));
  return JSON.stringify({ malformed: words });
}

function isPlain(word: number): boolean {
  return Number.isFinite(word) && !Object.is(word, -0);
}

function spell(word: number): string {
  return Object.is(word, -0) ? "-0" : String(word);
}

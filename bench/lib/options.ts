/** What a comparison over the order flow is told: `--commands`, `--rounds`, `--seed`, `--before`, `--json`. */
import { parseArgs } from "node:util";

export interface FlowOptions {
  readonly commands: number;
  readonly rounds: number;
  readonly seed: number;
  /** Run as one subject, in its own process. */
  readonly subject: string | undefined;
  /** The program of the same comparison at an earlier commit. */
  readonly before: string | undefined;
}

export function flowOptions(): FlowOptions {
  const { values } = parseArgs({
    options: {
      commands: { type: "string", default: "1000000" },
      rounds: { type: "string", default: "5" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      subject: { type: "string" },
      before: { type: "string" },
    },
  });
  const { commands, rounds, seed, subject, before } = values;
  return { commands: Number(commands), rounds: Number(rounds), seed: Number(seed), subject, before };
}

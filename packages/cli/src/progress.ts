/** A progress bar for people at a terminal. */
import { WriteStream } from "node:tty";
import cliProgress from "cli-progress";
import type { Sink } from "./shell.ts";
import { count } from "./text/amounts.ts";

export interface Progress {
  /** @param count - of what is counted besides steps */
  show(step: number, count: number): void;
  /** Takes the bar away. */
  stop(): void;
}

/**
 * @param unit - what is counted besides steps
 * @returns undefined where nobody is watching
 */
export function createProgress(sink: Sink, steps: number, unit = "commands"): Progress | undefined {
  if (!(sink instanceof WriteStream)) return undefined;
  const bar = new cliProgress.SingleBar({
    stream: sink,
    format: `{bar} {percentage} %  {counted} ${unit}  {eta_formatted} left`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 40,
    clearOnComplete: true,
    hideCursor: true,
    fps: 10,
  });
  bar.start(steps, 0, { counted: "0" });
  return {
    show: (step, counted) => bar.update(step, { counted: count(counted) }),
    stop: () => bar.stop(),
  };
}

/** A progress bar for people at a terminal. */
import { WriteStream } from "node:tty";
import cliProgress from "cli-progress";
import type { Sink } from "./shell.ts";
import { count } from "./text/amounts.ts";

export interface Progress {
  show(step: number, commands: number): void;
  /** Takes the bar away. */
  stop(): void;
}

/** @returns undefined where nobody is watching */
export function createProgress(sink: Sink, steps: number): Progress | undefined {
  if (!(sink instanceof WriteStream)) return undefined;
  const bar = new cliProgress.SingleBar({
    stream: sink,
    format: "{bar} {percentage} %  {commands} commands  {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 40,
    clearOnComplete: true,
    hideCursor: true,
    fps: 10,
  });
  bar.start(steps, 0, { commands: "0" });
  return {
    show: (step, commands) => bar.update(step, { commands: count(commands) }),
    stop: () => bar.stop(),
  };
}

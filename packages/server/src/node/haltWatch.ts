/** A halt is raised by a file: the venue stops then, until somebody has looked at it. */
import { type Halt, isHalted } from "../halt.ts";
import type { Say } from "../telemetry/eventLogger.ts";

const HALT_MS = 1_000;

/** Begins to look for it. @param stop - ends the node */
export function watchForHalt(
  path: string,
  stop: () => Promise<void>,
  say: Say,
): { readonly halted: Promise<Halt>; readonly end: () => void } {
  let tell: (halt: Halt) => void;
  const halted = new Promise<Halt>((resolve) => (tell = resolve));
  const timer = setInterval(async () => {
    const halt = await isHalted(path);
    if (halt === undefined) return;
    clearInterval(timer);
    const { by, kind, sequence, reason } = halt;
    say("node.halted", { by, kind, sequence, reason });
    tell(halt);
    await stop();
  }, HALT_MS);
  timer.unref();
  return { halted, end: () => clearInterval(timer) };
}

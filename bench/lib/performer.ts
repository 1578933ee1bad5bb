/** A subject in a process of its own: it is given its flow once, then runs whenever it is asked to. */
import type { Flow } from "./flow.ts";
import { type Latency, timeEach } from "./latency.ts";
import { watchPauses } from "./pauses.ts";

export interface Subject {
  /** Commands one run executes: the divisor of its time. */
  readonly commands: number;
  /** Builds fresh state, untimed; only the run it returns is timed. */
  readonly prepare: () => () => void;
  /** The same, command by command: fresh state, then what executes the command of a number. */
  readonly prepareEach?: () => (command: number) => void;
}

/** What one run took, nanoseconds per command, and its pauses for garbage. */
export interface Sample {
  readonly cpu: number;
  readonly wall: number;
  readonly longestPauseMs: number;
  readonly pausesMs: number;
}

/** What the parent process says: first the flow to run, then again and again what to measure. */
export type Message = { readonly flow: Flow } | { readonly question: "time" | "timeEach" };

const SETTLE_MS = 100;

/** Answers the parent process until it hangs up. */
export function perform(cast: (flow: Flow) => Subject): void {
  let subject: Subject | undefined;
  process.on("message", async (message: Message) => {
    if ("flow" in message) subject = cast(message.flow);
    else if (subject !== undefined)
      process.send!(message.question === "time" ? await timeOnce(subject) : await latencyOf(subject));
  });
}

async function timeOnce({ commands, prepare }: Subject): Promise<Sample> {
  const run = prepare();
  await collectGarbage();
  const pauses = watchPauses();
  const startedMs = performance.now();
  const started = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(started);
  const wallMs = performance.now() - startedMs;
  const { longestMs, totalMs } = await pauses.stop();
  return {
    cpu: ((user + system) * 1e3) / commands,
    wall: (wallMs * 1e6) / commands,
    longestPauseMs: longestMs,
    pausesMs: totalMs,
  };
}

async function latencyOf({ commands, prepareEach }: Subject): Promise<Latency> {
  if (prepareEach === undefined) throw new Error("this subject does not run command by command");
  const execute = prepareEach();
  await collectGarbage();
  return timeEach(commands, execute);
}

/** Nobody is charged for what an earlier run left behind, nor for the threads that sweep it up afterwards. */
async function collectGarbage(): Promise<void> {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

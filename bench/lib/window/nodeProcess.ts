/** A node as people start it: the command line's `start`, in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

const START_MS = 120_000;
const END_MS = 15_000;
/** Of the kernel's clock of processes, a second. */
const TICKS = 100;
const [USER_TIME, SYSTEM_TIME] = [11, 12];

export interface NodeProcess {
  readonly url: string;
  /** Everything it has printed. */
  readonly output: () => string;
  /** CPU time of the whole process so far, s; NaN where there is no /proc. */
  readonly cpuSeconds: () => number;
  /** It goes silent, with all its connections open, as one does whose machine hangs; or it goes on. */
  readonly hang: (isHanging: boolean) => void;
  readonly stop: () => Promise<void>;
}

/**
 * Starts it, and waits until it listens.
 * @param bin - of the command line
 * @param isReady - what else it must have printed
 * @throws if it ends instead, with what it printed
 */
export async function startNodeProcess(
  bin: string,
  args: readonly string[],
  isReady: RegExp = /./,
): Promise<NodeProcess> {
  const child = spawn(process.execPath, ["--max-semi-space-size=64", bin, "start", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const url = await told(child, () => isReady.test(output) && /on (http:\/\/\S+)/.exec(output)?.[1]).catch(
    (error: unknown) => {
      child.kill("SIGKILL");
      throw new Error(`the node did not start:\n${output}`, { cause: error });
    },
  );
  return {
    url,
    output: () => output,
    cpuSeconds: () => cpuSecondsOf(child.pid as number),
    hang: (isHanging) => void child.kill(isHanging ? "SIGSTOP" : "SIGCONT"),
    stop: async () => {
      child.kill("SIGCONT");
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
      if (child.exitCode === null) await ended;
      clearTimeout(timer);
    },
  };
}

function cpuSecondsOf(pid: number): number {
  try {
    // The name of the program may hold anything, blanks too: what is counted stands behind its bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) / TICKS;
  } catch {
    return Number.NaN;
  }
}

function told(child: ChildProcess, find: () => string | false | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing after ${START_MS} ms`)), START_MS);
    const look = (): void => {
      const found = find();
      if (typeof found !== "string") return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout?.on("data", look);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`it ended with ${String(code)}`));
    });
  });
}

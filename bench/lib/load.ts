/** Clients that send commands in groups: as fast as they are answered, or as fast as they please. */

/** Makes commands `from` to `to` durable. */
export type Submit = (from: number, to: number) => Promise<void>;

export interface Load {
  /** Commands sent together. */
  readonly group: number;
  /** Commands under way at once, in a closed loop. */
  readonly window: number;
}

export interface Reached {
  /** Commands per second that were sent; in a closed loop as many as were answered. */
  readonly offered: number;
  /** Commands per second that were answered. */
  readonly rate: number;
  /** From when a group was sent, or was due to be, until it was answered, ms. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** CPU time of the process per command, µs: sending and measuring included. */
  readonly cpuUs: number;
}

/** Commands that may wait for an answer in an open loop: whoever is further behind has missed the rate. */
const MOST_WAITING = 200_000;
/** How often an open loop sends what is due, ms. */
const TICK_MS = 1;

/** Hands out runs of commands, around and around. */
function createSource(count: number, group: number): () => readonly [number, number] {
  let at = 0;
  return () => {
    const from = at;
    const to = Math.min(count, from + group);
    at = to === count ? 0 : to;
    return [from, to];
  };
}

/** Sends so many commands, each client its next group once the last was answered. */
export async function closedLoop(
  submit: Submit,
  count: number,
  commands: number,
  { group, window }: Load,
): Promise<Reached> {
  const next = createSource(count, group);
  const measured = measureCpu();
  const taken: number[] = [];
  let sent = 0;
  async function client(): Promise<void> {
    while (sent < commands) {
      const [from, to] = next();
      sent += to - from;
      const started = performance.now();
      await submit(from, to);
      taken.push(performance.now() - started);
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.floor(window / group)) }, client));
  const { seconds, cpuUs } = measured(sent);
  return { offered: sent / seconds, rate: sent / seconds, cpuUs, ...latencies(taken) };
}

/** Sends at a rate for some time, whatever is answered; in the end waits for all answers. */
export async function openLoop(
  submit: Submit,
  count: number,
  rate: number,
  seconds: number,
  { group }: Pick<Load, "group">,
): Promise<Reached> {
  const next = createSource(count, group);
  const measured = measureCpu();
  const taken: number[] = [];
  const started = performance.now();
  const commands = rate * seconds;
  let [sent, answered, failed] = [0, 0, false];
  const pending: Promise<void>[] = [];
  async function answerTo(from: number, to: number, due: number): Promise<void> {
    try {
      await submit(from, to);
      answered += to - from;
      taken.push(performance.now() - due);
    } catch {
      failed = true;
    }
  }
  while (sent < commands && sent - answered < MOST_WAITING) {
    const elapsed = performance.now() - started;
    while (sent < commands && sent < (rate * elapsed) / 1_000 && sent - answered < MOST_WAITING) {
      const due = started + (sent / rate) * 1_000;
      const [from, to] = next();
      sent += to - from;
      pending.push(answerTo(from, to, due));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const offeredAll = sent >= commands;
  const inTime = answered;
  const secondsSending = (performance.now() - started) / 1_000;
  await Promise.all(pending);
  const { cpuUs } = measured(sent);
  // What was still waiting when the last was due has not been kept up with, but for what the last moments bring.
  const total = (performance.now() - started) / 1_000;
  const reachedRate =
    offeredAll && !failed ? sent / Math.max(seconds, total - 0.05) : inTime / secondsSending;
  return { offered: rate, rate: Math.min(rate, reachedRate), cpuUs, ...latencies(taken) };
}

function latencies(taken: readonly number[]): Pick<Reached, "p50" | "p99" | "most"> {
  const sorted = Float64Array.from(taken);
  sorted.sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}

function measureCpu(): (commands: number) => { seconds: number; cpuUs: number } {
  const started = performance.now();
  const cpu = process.cpuUsage();
  return (commands) => {
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - started) / 1_000, cpuUs: (user + system) / commands };
  };
}

/**
 * Interleaved measurement: round after round every subject runs once, in turn, on fresh state, so that whatever
 * disturbs the machine disturbs them alike. Compare ratios; a figure by itself is only as good as its machine.
 */
import { watchPauses } from "./pauses.ts";

export interface Subject {
  readonly name: string;
  /** Commands one run executes: the divisor of its time. */
  readonly commands: number;
  /** Builds fresh state, untimed; only the run it returns is timed. */
  readonly prepare: () => Run;
}

export type Run = () => void | Promise<void>;

export interface Schedule {
  readonly rounds: number;
  /** Rounds run first and thrown away, so that the code is compiled. */
  readonly warmUps: number;
}

/** Nanoseconds per command are CPU time of the whole process, its collector and compiler threads included. */
export interface SubjectRow {
  readonly name: string;
  readonly nsPerCommand: number;
  readonly nsLeast: number;
  readonly nsMost: number;
  readonly wallNsPerCommand: number;
  /** Longest pause for garbage in any timed run, ms. */
  readonly longestPauseMs: number;
  /** Median over the rounds of all such pauses in one run, ms. */
  readonly pausesMs: number;
}

export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Measurement {
  readonly rows: readonly SubjectRow[];
  /** Time of one subject over another's: the median of the ratios within each round, never across rounds. */
  readonly ratio: (name: string, base: string, clock: Clock) => Ratio;
}

/** `cpu` counts what every thread of the process worked, `wall` what a waiting client sees on a quiet machine. */
export type Clock = "cpu" | "wall";

interface Sample {
  readonly cpu: number;
  readonly wall: number;
  readonly longestPauseMs: number;
  readonly pausesMs: number;
}

const SETTLE_MS = 100;

export async function measure(subjects: readonly Subject[], schedule: Schedule): Promise<Measurement> {
  const samples = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
  for (let round = -schedule.warmUps; round < schedule.rounds; round += 1) {
    for (const subject of subjects) {
      const sample = await timeOnce(subject);
      if (round >= 0) samplesOf(subject.name).push(sample);
    }
  }

  function samplesOf(name: string): Sample[] {
    const found = samples.get(name);
    if (found === undefined) throw new Error(`no subject is named ${name}`);
    return found;
  }

  function ratio(name: string, base: string, clock: Clock): Ratio {
    const bases = samplesOf(base);
    const ratios = samplesOf(name).map((sample, round) => sample[clock] / bases[round]![clock]);
    return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
  }

  return { rows: subjects.map(({ name }) => rowOf(name, samplesOf(name))), ratio };
}

/** Middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values);
  sorted.sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

async function timeOnce({ commands, prepare }: Subject): Promise<Sample> {
  const run = prepare();
  await collectGarbage();
  const pauses = watchPauses();
  const startedMs = performance.now();
  const started = process.cpuUsage();
  await run();
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

/** Nobody is charged for what an earlier run left behind, nor for the threads that sweep it up afterwards. */
async function collectGarbage(): Promise<void> {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

function rowOf(name: string, samples: readonly Sample[]): SubjectRow {
  const nanoseconds = samples.map(({ cpu }) => cpu);
  return {
    name,
    nsPerCommand: median(nanoseconds),
    nsLeast: Math.min(...nanoseconds),
    nsMost: Math.max(...nanoseconds),
    wallNsPerCommand: median(samples.map(({ wall }) => wall)),
    longestPauseMs: Math.max(...samples.map(({ longestPauseMs }) => longestPauseMs)),
    pausesMs: median(samples.map(({ pausesMs }) => pausesMs)),
  };
}

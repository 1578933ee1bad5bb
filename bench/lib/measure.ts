/**
 * Interleaved measurement: round after round every subject runs once, in turn, on fresh state, so that whatever
 * disturbs the machine disturbs them alike. Each subject has a process of its own, which lives through all rounds: what the compiler
 * learnt from one subject must not slow down another. Compare ratios; a figure by itself is only as good as its machine.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Flow } from "./flow.ts";
import type { Latency } from "./latency.ts";
import type { Message, Sample } from "./performer.ts";

/** A subject, and the flow its process is given before the first round. */
export interface Entrant {
  readonly name: string;
  readonly flow: Flow;
  /** What is run, and the subject it knows there; this very program and `name` if not told. */
  readonly elsewhere?: { readonly program: string; readonly subject: string };
}

export interface Schedule {
  readonly rounds: number;
  /** Rounds run first and thrown away, so that the code is compiled. */
  readonly warmUps: number;
  /** The subject of whose single commands the latency is measured afterwards, if any. */
  readonly latencyOf?: string;
}

/** Nanoseconds per command are CPU time of the subject's whole process, its collector and compiler threads included. */
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
  readonly latency: Latency | undefined;
}

/** `cpu` counts what every thread of the process worked, `wall` what a waiting client sees on a quiet machine. */
export type Clock = "cpu" | "wall";

export async function measure(entrants: readonly Entrant[], schedule: Schedule): Promise<Measurement> {
  const samples = new Map<string, Sample[]>(entrants.map(({ name }) => [name, []]));
  const performers = new Map(entrants.map((entrant) => [entrant.name, startPerformer(entrant)]));
  for (let round = -schedule.warmUps; round < schedule.rounds; round += 1) {
    for (const [name, performer] of performers) {
      const sample = await ask<Sample>(performer, "time");
      if (round >= 0) samplesOf(name).push(sample);
    }
  }
  const timed = schedule.latencyOf === undefined ? undefined : performers.get(schedule.latencyOf);
  const latency = timed === undefined ? undefined : await ask<Latency>(timed, "timeEach");
  for (const performer of performers.values()) performer.disconnect();

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

  return { rows: entrants.map(({ name }) => rowOf(name, samplesOf(name))), ratio, latency };
}

/** Middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values);
  sorted.sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** A subject as it was in an earlier program, if there is one. */
export function asOf(
  program: string | undefined,
  { name, subject, flow }: Entrant & { readonly subject: string },
): readonly Entrant[] {
  return program === undefined ? [] : [{ name, flow, elsewhere: { program, subject } }];
}

/** Starts a program once more, as one subject. */
function startPerformer({ name, flow, elsewhere }: Entrant): ChildProcess {
  const { program, subject } = elsewhere ?? { program: process.argv[1]!, subject: name };
  const performer = fork(program, ["--subject", subject], { serialization: "advanced" });
  performer.on("exit", (code) => {
    if (code !== 0) throw new Error(`the process of "${name}" ended with code ${code}`);
  });
  // Programs of old ask for it by another name.
  const message: Message = { flow };
  performer.send(elsewhere === undefined ? message : { ...message, input: flow });
  return performer;
}

async function ask<Answer>(performer: ChildProcess, question: "time" | "timeEach"): Promise<Answer> {
  performer.send({ question } satisfies Message);
  const [answer] = await once(performer, "message");
  return answer as Answer;
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

/** One episode: a fresh venue of a profile, so many commands, and the first difference if there is any. */
import type { Handlers } from "@bulkhead/engine";
import { Coverage } from "./coverage.ts";
import type { Difference } from "./difference.ts";
import { Session } from "./session.ts";
import { type Recorded, type Reproduction, idOf } from "./shrink.ts";
import type { Profile } from "./workload/profile.ts";
import { Workload } from "./workload/workload.ts";

export interface EpisodeOptions {
  readonly profile: Profile;
  readonly seed: number;
  readonly episode: number;
  readonly commands: number;
  readonly handlers?: Handlers | undefined;
  /** Told now and then how many commands are done. */
  readonly progress?: (commands: number) => void;
}

export interface Episode {
  readonly commands: number;
  readonly coverage: Coverage;
  readonly stateHash: string;
  readonly failure?: Reproduction;
}

/** Commands between comparisons of the whole state, between audits and snapshots, and between checks of the state hash. */
const STATE_EVERY = 5_000;
const AUDIT_EVERY = 25_000;
export const HASH_EVERY = 97;
const PROGRESS_EVERY = 1_000;

export function runEpisode(options: EpisodeOptions): Episode {
  const { profile, seed, episode, commands, handlers, progress } = options;
  const workload = new Workload(profile, seed, episode);
  const session = new Session({ profile, handlers, hashEvery: HASH_EVERY });
  const coverage = new Coverage();
  const steps: Recorded[] = [];
  while (steps.length < commands) {
    const step = workload.next();
    const { answer, difference } = session.apply(step);
    steps.push({ step, id: idOf(answer) });
    coverage.count(step, answer);
    if (answer !== undefined) workload.learn(step, answer);
    const found = difference ?? lookAround(session, steps.length, commands);
    if (found !== undefined) {
      const failure = { steps, difference: found };
      return { commands: steps.length, coverage, stateHash: session.stateHash, failure };
    }
    if (steps.length % PROGRESS_EVERY === 0) progress?.(steps.length);
  }
  return { commands, coverage, stateHash: session.stateHash };
}

function lookAround(session: Session, done: number, commands: number): Difference | undefined {
  if (done % STATE_EVERY !== 0 && done !== commands) return undefined;
  const difference = session.compareStates();
  if (difference !== undefined || (done % AUDIT_EVERY !== 0 && done !== commands)) return difference;
  return session.audit() ?? session.moveToSnapshot();
}

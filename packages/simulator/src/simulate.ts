/** A simulation: episodes of one seed over all profiles, until enough commands are done or a difference is found. */
import type { Handlers } from "@bulkhead/engine";
import { Coverage } from "./coverage.ts";
import { HASH_EVERY, runEpisode } from "./episode.ts";
import { type Reproduction, shrink } from "./shrink.ts";
import { PROFILES, type Profile } from "./workload/profile.ts";

export interface SimulationOptions {
  readonly commands: number;
  readonly seed: number;
  /** Every episode's profile; by default they take turns. */
  readonly profile?: Profile | undefined;
  readonly handlers?: Handlers | undefined;
  /** Milliseconds to spend on shrinking what fails. */
  readonly patienceMs?: number;
  /** Told now and then how many commands are done. */
  readonly progress?: (commands: number) => void;
}

export interface Failure extends Reproduction {
  readonly profile: string;
  readonly episode: number;
  /** Commands before shrinking. */
  readonly length: number;
}

export interface Simulation {
  readonly commands: number;
  /** Differences between engine and auditor, found before the first one stopped the run: 0 or 1. */
  readonly differences: number;
  /** The same of invariants: the engine's own, by its judge or its audit, and the auditor's. */
  readonly violations: number;
  readonly seconds: number;
  readonly seed: number;
  /** Of the last episode's venue. */
  readonly stateHash: string;
  readonly coverage: Coverage;
  readonly failure?: Failure;
}

/** An episode ends before its venue and its list of steps grow large. */
const EPISODE = 50_000;
const PATIENCE_MS = 60_000;

export function simulate(options: SimulationOptions): Simulation {
  const { commands, seed, handlers, patienceMs = PATIENCE_MS, progress } = options;
  const startedMs = performance.now();
  const coverage = new Coverage();
  const length = Math.min(
    EPISODE,
    Math.ceil(commands / (options.profile === undefined ? PROFILES.length : 1)),
  );
  let done = 0;
  let stateHash = "";
  let failure: Failure | undefined;
  for (let episode = 0; done < commands && failure === undefined; episode++) {
    const profile = options.profile ?? inTurn(episode);
    const before = done;
    const played = runEpisode({
      profile,
      seed,
      episode,
      commands: Math.min(length, commands - done),
      handlers,
      progress: (count) => progress?.(before + count),
    });
    done += played.commands;
    stateHash = played.stateHash;
    coverage.add(played.coverage);
    if (played.failure === undefined) continue;
    const shrunk = shrink({ profile, handlers, hashEvery: HASH_EVERY }, played.failure, patienceMs);
    failure = { ...shrunk, profile: profile.name, episode, length: played.commands };
  }
  const isViolation =
    failure !== undefined && /violation|audit|invariant_broken/.test(failure.difference.kind);
  return {
    commands: done,
    differences: failure === undefined ? 0 : 1,
    violations: isViolation ? 1 : 0,
    seconds: (performance.now() - startedMs) / 1000,
    seed,
    stateHash,
    coverage,
    ...(failure && { failure }),
  };
}

function inTurn(episode: number): Profile {
  return PROFILES[episode % PROFILES.length] as Profile;
}

/** An engine and an auditor side by side: every step goes to both, and what they say of it is compared. */
import { createHash } from "node:crypto";
import {
  type Capacities,
  DecodeError,
  Engine,
  type EngineOptions,
  FRAME_WORDS,
  type Handlers,
  encodeCommand,
  hex,
  refusalOf,
} from "@bulkhead/engine";
import { Auditor } from "./auditor/auditor.ts";
import { compareAnswers } from "./compareAnswers.ts";
import { compareStates } from "./compareStates.ts";
import type { Difference } from "./difference.ts";
import type { Step } from "./step.ts";
import type { Answer } from "./workload/memory.ts";
import type { Profile } from "./workload/profile.ts";

export interface SessionOptions {
  readonly profile: Profile;
  /** The engine's handlers, if they are not to be its own. */
  readonly handlers?: Handlers | undefined;
  /** One step in so many is checked to leave the state hash as it was, if it is refused or malformed. */
  readonly hashEvery: number;
}

/** What happened to a step: an answer, unless its words were refused as malformed. */
export interface Applied {
  readonly answer?: Answer;
  readonly difference?: Difference | undefined;
}

export class Session {
  readonly #engineOptions: Omit<EngineOptions, "capacities">;
  readonly #hashEvery: number;
  readonly #auditor: Auditor;
  readonly #frame = new Float64Array(FRAME_WORDS);
  #engine: Engine;
  #steps = 0;

  constructor(options: SessionOptions) {
    const { profile, handlers, hashEvery } = options;
    this.#hashEvery = hashEvery;
    this.#engineOptions = { hash: sha256, ...(handlers && { handlers }) };
    this.#engine = new Engine({ capacities: capacitiesOf(profile), ...this.#engineOptions });
    const { ticks, ...tier } = profile.tier;
    this.#auditor = new Auditor({
      capacities: { ...profile.vault, ...tier, ladderTicks: ticks, tiers: profile.tiers },
    });
  }

  get stateHash(): string {
    return hex(this.#engine.stateHash());
  }

  apply(step: Step): Applied {
    this.#steps++;
    try {
      return "command" in step
        ? this.#command(step.command)
        : { difference: this.#malformed(step.malformed) };
    } catch (error) {
      return { difference: thrown("command" in step ? step.command.kind : "malformed", error) };
    }
  }

  /** Compares all there is to know of the two states. */
  compareStates(): Difference | undefined {
    try {
      return compareStates(this.#auditor.state(), this.#engine.venue);
    } catch (error) {
      return thrown("queries", error);
    }
  }

  /** Asks both for broken claims about their own states. It walks every price of every market: not often. */
  audit(): Difference | undefined {
    const [finding] = this.#engine.audit();
    if (finding !== undefined) {
      const { invariant, where, expected, found } = finding;
      return { kind: `audit: invariant ${invariant}`, expected: `${where}: ${expected}`, found };
    }
    const [violation] = this.#auditor.violations();
    if (violation === undefined) return undefined;
    return { kind: `violation: claim ${violation.split(" ")[0]}`, expected: "none", found: violation };
  }

  /** Goes on with an engine restored from a snapshot, which must be as the one that wrote it. */
  moveToSnapshot(): Difference | undefined {
    const before = this.stateHash;
    const restored = Engine.restore(this.#engine.snapshot(), this.#engineOptions);
    const kept = restored.sequence === this.#engine.sequence;
    this.#engine = restored;
    if (kept && this.stateHash === before) return undefined;
    return { kind: "snapshot", expected: before, found: `${this.stateHash} at ${restored.sequence}` };
  }

  #command(command: Extract<Step, { command: unknown }>["command"]): Applied {
    const engine = this.#engine;
    const isSampled = this.#steps % this.#hashEvery === 0;
    const before = isSampled ? this.stateHash : "";
    encodeCommand(command, this.#frame);
    const code = engine.apply(this.#frame);
    const { venue } = engine;
    const answer: Answer = {
      outcome: refusalOf(code),
      facts: venue.facts,
      events: venue.events.words,
      eventCount: venue.events.count,
    };
    const difference = compareAnswers(command.kind, this.#auditor.predict(command), code, venue);
    if (difference !== undefined || code === 0 || !isSampled) return { answer, difference };
    return { answer, difference: this.#mustBe(before, `${command.kind}: state after a refusal`) };
  }

  #malformed(words: readonly number[]): Difference | undefined {
    const before = this.stateHash;
    const { sequence } = this.#engine;
    try {
      this.#engine.apply(Float64Array.from(words));
      return { kind: "malformed: accepted as a command", expected: "DecodeError", found: words.join(" ") };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
    if (this.#engine.sequence !== sequence) {
      return { kind: "malformed: sequence", expected: `${sequence}`, found: `${this.#engine.sequence}` };
    }
    return this.#mustBe(before, "malformed: state");
  }

  #mustBe(before: string, kind: string): Difference | undefined {
    const after = this.stateHash;
    return after === before ? undefined : { kind, expected: before, found: after };
  }
}

/** Nothing but malformed words may make an engine throw. */
function thrown(what: string, error: unknown): Difference {
  const { name, message } = error instanceof Error ? error : { name: "a value", message: String(error) };
  return { kind: `${what}: ${name} thrown`, expected: "an answer", found: message };
}

/** The platform's hash is faster than the engine's own. */
function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

function capacitiesOf({ tiers, tier, vault }: Profile): Capacities {
  return { ...vault, tiers: Array.from({ length: tiers }, () => tier) };
}

/** What an incident is: its facts, its story with and without the defence it lacked, and what must hold when it is played again. */
import type { RefusalName } from "@bulkhead/engine";
import { type Telling, finish } from "../telling/beat.ts";
import type { AttackedLayer } from "../telling/layers.ts";
import type { Figures } from "./losses.ts";
import type { Stage } from "./stage.ts";

/** Something that was reported at the time. */
export interface Fact {
  readonly text: string;
  readonly source: string;
}

/** A story once played. */
export interface Play<Seen> {
  readonly figures: Figures;
  readonly seen: Seen;
}

/** What a claim comes to. */
export interface Finding {
  readonly held: boolean;
  readonly measured: string;
}

/** A claim about the defended play; `bare` is the undefended one, beside it. */
export interface Claim<Seen> {
  readonly text: string;
  readonly judge: (play: Play<Seen>, bare: Play<Seen>) => Finding;
}

export interface Plot<Seen> {
  readonly id: string;
  readonly name: string;
  /** When it began, as `2022-10-11`. */
  readonly date: string;
  /** The layer that failed, by the name that drills give it. */
  readonly layer: AttackedLayer;
  /** How the money was lost. */
  readonly mechanism: string;
  /** What was lost then, in a few words. */
  readonly lost: string;
  /** What stops it here, and is off in the undefended play. */
  readonly wall: string;
  readonly facts: readonly Fact[];
  /** Beats are the same in number with the defence and without it, so that the two can be watched side by side. */
  readonly play: (isDefended: boolean) => Telling<{ readonly stage: Stage; readonly seen: Seen }>;
  readonly claims: readonly Claim<Seen>[];
}

/** What a play came to, comparable between plays; money in micro-dollars. */
export interface Outcome extends Figures {
  readonly commands: number;
  /** What the full audit finds at the end. */
  readonly auditFindings: number;
  readonly refusals: Readonly<Partial<Record<RefusalName, number>>>;
  readonly stateHash: string;
}

export interface AssertReport {
  readonly text: string;
  readonly held: boolean;
  readonly measured: string;
  /** The same claim about the undefended play: at least one of an incident must fail there. */
  readonly undefended: Finding;
}

export interface IncidentReport extends Omit<Plot<never>, "play" | "claims"> {
  readonly defended: Outcome;
  readonly undefended: Outcome;
  readonly asserts: readonly AssertReport[];
}

/** What a play with the defence, or without it, came to. */
export interface Ending {
  readonly outcome: Outcome;
  readonly asserts: readonly (Finding & { readonly text: string })[];
}

/** An incident that can be played. */
export interface Incident extends Omit<Plot<never>, "play" | "claims"> {
  /** What is claimed of the defended play. */
  readonly claims: readonly string[];
  run(): IncidentReport;
  /** One of the two plays, to be watched. */
  tell(isDefended: boolean): Telling<Ending>;
}

export function incident<Seen>({ play, claims, ...plot }: Plot<Seen>): Incident {
  return {
    ...plot,
    claims: claims.map(({ text }) => text),
    run: () => {
      const [defended, undefended] = [performed(finish(play(true))), performed(finish(play(false)))];
      return {
        ...plot,
        defended: defended.outcome,
        undefended: undefended.outcome,
        asserts: claims.map(({ text, judge }) => ({
          text,
          ...judge(defended.play, undefended.play),
          undefended: judge(undefended.play, undefended.play),
        })),
      };
    },
    *tell(isDefended) {
      const own = performed(yield* play(isDefended));
      const bare = isDefended ? whenAsked(() => performed(finish(play(false))).play) : own.play;
      return {
        outcome: own.outcome,
        asserts: claims.map(({ text, judge }) => ({ text, ...judge(own.play, bare) })),
      };
    },
  };
}

/** Most claims ask nothing of the play beside theirs, which is only played for those that do. */
function whenAsked<Seen>(play: () => Play<Seen>): Play<Seen> {
  let played: Play<Seen> | undefined;
  const get = (): Play<Seen> => (played ??= play());
  return {
    get figures() {
      return get().figures;
    },
    get seen() {
      return get().seen;
    },
  };
}

/** True if all that must hold holds and the books are right, and the same story without the defence loses money and fails a claim. */
export function isWalled({ asserts, defended, undefended }: IncidentReport): boolean {
  const hasTeeth = undefended.loss > 0 && asserts.some((each) => !each.undefended.held);
  return hasTeeth && defended.auditFindings === 0 && asserts.every(({ held }) => held);
}

/** What a story has come to at its end. */
function performed<Seen>({ stage, seen }: { readonly stage: Stage; readonly seen: Seen }): {
  readonly play: Play<Seen>;
  readonly outcome: Outcome;
} {
  const figures = stage.figures();
  const refusals = [...stage.refusals];
  refusals.sort(([a], [b]) => (a < b ? -1 : 1));
  const outcome = {
    ...figures,
    commands: stage.engine.sequence,
    auditFindings: stage.engine.audit().length,
    refusals: Object.fromEntries(refusals),
    stateHash: stage.stateHash(),
  };
  return { play: { figures, seen }, outcome };
}

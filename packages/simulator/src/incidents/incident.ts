/** What an incident is: its facts, its story with and without the defence it lacked, and what must hold when it is played again. */
import type { RefusalName } from "@bulkhead/engine";
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
  /** How the money was lost. */
  readonly mechanism: string;
  /** What stops it here, and is off in the undefended play. */
  readonly wall: string;
  readonly facts: readonly Fact[];
  readonly play: (isDefended: boolean) => { readonly stage: Stage; readonly seen: Seen };
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

/** An incident that can be played. */
export interface Incident extends Omit<Plot<never>, "play" | "claims"> {
  run(): IncidentReport;
}

export function incident<Seen>({ play, claims, ...plot }: Plot<Seen>): Incident {
  const run = (): IncidentReport => {
    const [defended, undefended] = [performed(play(true)), performed(play(false))];
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
  };
  return { ...plot, run };
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

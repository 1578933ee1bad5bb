/** What can go wrong between a client and a node: the node says no, or nobody answers. */
import type { RefusalName } from "@bulkhead/engine";
import type { Problem, ProblemKind } from "@bulkhead/protocol";

/** The node answered with a problem: what was asked was not done. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly status: number;
  /** The last part of the problem's type: a kind of problem, or a refusal's name with dashes. */
  readonly kind: ProblemKind | (string & {});
  /** The venue's reason, if it was the venue that refused. */
  readonly refusal: RefusalName | undefined;
  /** The numbers that explain it. */
  readonly facts: Readonly<Record<string, number>>;
  /** What each of them counts. */
  readonly units: NonNullable<Problem["units"]>;
  /** Where the fault lies in what was sent. */
  readonly path: string | undefined;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
    this.problem = problem;
    this.status = problem.status;
    this.kind = problem.type.slice(problem.type.lastIndexOf("/") + 1);
    this.refusal = problem.refusal as RefusalName | undefined;
    this.facts = problem.facts ?? {};
    this.units = problem.units ?? {};
    this.path = problem.path;
  }
}

/** No answer came: of a command it is not known whether it was executed. */
export class Unanswered extends Error {
  /** Whether something may have happened all the same. */
  readonly mayHaveHappened: boolean;

  constructor(what: string, mayHaveHappened: boolean, cause?: unknown) {
    super(mayHaveHappened ? `${what}; it may have been executed all the same` : what, { cause });
    this.name = "Unanswered";
    this.mayHaveHappened = mayHaveHappened;
  }
}

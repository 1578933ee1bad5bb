/** From what was thrown to the problem a client is told. What is nobody's fault but the node's own is told in one word, and logged in full. */
import { DecodeError, UnknownId } from "@bulkhead/engine";
import { type Problem, type ProblemKind, decodeProblem, problemOf } from "@bulkhead/protocol";
import { LogError, type LogFault } from "@bulkhead/protocol/log";
import { DENIALS, Denied } from "../access/denial.ts";
import { NoRoom, Overloaded } from "../runner/runner.ts";

/** A problem that is known where it arises. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(told: Problem) {
    super(told.detail);
    this.name = "ProblemError";
    this.problem = told;
  }
}

/** Throws it. */
export function problem(...told: Parameters<typeof problemOf>): ProblemError {
  return new ProblemError(problemOf(...told));
}

const RETRY_MS = 1_000;
const OF_LOG: Readonly<Record<LogFault, ProblemKind>> = {
  full: "log-full",
  closed: "closing",
  failed: "log-failed",
  corrupt: "log-failed",
  mismatch: "log-failed",
  misuse: "log-failed",
};

const UNKNOWN = "Whether a command that was on its way has happened is known once the node is back";
const DETAIL_OF_LOG: Readonly<Partial<Record<LogFault, string>>> = {
  full: "It could not be kept: there is no room. Send it again once there is",
};

/** What a client is told of a fault; of one that is the node's own, nothing about its inside. */
export function problemFor(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof DecodeError) return decodeProblem(error);
  if (error instanceof Denied) return denialProblem(error);
  if (error instanceof UnknownId) return problemOf("not-found", error.message);
  if (error instanceof Overloaded) return problemOf("overloaded", error.message, { retryAfterMs: RETRY_MS });
  if (error instanceof NoRoom) return problemOf("log-full", error.message, { retryAfterMs: RETRY_MS });
  if (error instanceof LogError)
    return problemOf(OF_LOG[error.fault], DETAIL_OF_LOG[error.fault] ?? UNKNOWN, { retryAfterMs: RETRY_MS });
  return problemOf("internal", "The fault was logged");
}

function denialProblem({ denial, message, facts }: Denied): Problem {
  const { retryAfterMs, ...rest } = facts;
  return {
    ...problemOf(DENIALS[denial], message, {
      ...(Object.keys(rest).length > 0 && { facts: rest }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    }),
    denial,
  };
}

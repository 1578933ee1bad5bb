/**
 * Problems: what a node answers when it does not do what was asked, as `application/problem+json` (RFC 9457). A refusal by the engine is a
 * problem too: the request was understood, and changed nothing; its number, name and facts come along.
 */
import {
  type DecodeError,
  FACT_UNITS,
  type FactUnit,
  type OutcomeCode,
  REFUSALS,
  type RefusalName,
  refusalOf,
} from "@bulkhead/engine";
import { z } from "zod";

const STATUS = {
  decode: [400, "The request cannot be read"],
  unauthenticated: [401, "Nobody is known to have sent this"],
  "signature-wrong": [401, "The signature is not of this key over this request"],
  "nonce-out-of-window": [401, "The nonce is too far from the node's clock"],
  "nonce-used": [401, "The nonce is not above the last one of this signer"],
  "session-unknown": [401, "There is no such session, or it has ended"],
  forbidden: [403, "The signer may not do this"],
  "not-found": [404, "There is nothing of this name"],
  "method-not-allowed": [405, "This path knows no such method"],
  conflict: [409, "It has happened already"],
  "too-large": [413, "The request is larger than a node takes"],
  "range-not-there": [416, "There are no such bytes"],
  refused: [422, "The venue refused the command; it changed nothing"],
  "rate-limited": [429, "More requests than this sender may make"],
  internal: [500, "The node met a fault of its own"],
  overloaded: [503, "More commands wait than a node takes in"],
  "log-full": [503, "The node's log is full; nothing is taken in until there is room"],
  "log-failed": [503, "The node's log failed; nothing is taken in"],
  closing: [503, "The node is closing"],
  "not-ready": [503, "The node is not ready yet"],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;

/** Kinds of problems, by the last part of their type. */
export type ProblemKind = keyof typeof STATUS;

export const PROBLEM_KINDS = Object.keys(STATUS) as readonly ProblemKind[];

/** What each number of a refusal counts, by the names of the numbers. */
export const UNITS = z.record(z.string(), z.enum(Object.keys(FACT_UNITS) as [FactUnit, ...FactUnit[]])).meta({
  description: "What each of the facts counts; docs/reference/refusals.md tells what the words mean",
});

export const PROBLEM = z.looseObject({
  type: z.string().meta({ description: "Relative URI: /problems/<kind>; of a refusal, /problems/<refusal>" }),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().meta({ description: "What is wrong with this request, for people" }),
  code: z.int().optional().meta({ description: "Of a refusal: its stable number" }),
  refusal: z.string().optional().meta({ description: "Of a refusal: its name" }),
  facts: z
    .record(z.string(), z.number())
    .optional()
    .meta({ description: "The numbers that explain a refusal, in the engine's units" }),
  units: UNITS.optional(),
  path: z.string().optional().meta({ description: "Where the fault lies in the request" }),
  sequence: z.int().optional().meta({ description: "Of a refusal: the number the command was given" }),
  retryAfterMs: z.int().optional().meta({ description: "When to try again" }),
});

/** A problem as JSON. */
export type Problem = z.infer<typeof PROBLEM>;

/** What a problem tells beside its kind. */
export type ProblemFacts = Partial<Pick<Problem, "facts" | "path" | "sequence" | "retryAfterMs">>;

export function statusOf(kind: ProblemKind): number {
  return STATUS[kind][0];
}

export function titleOf(kind: ProblemKind): string {
  return STATUS[kind][1];
}

export function problemOf(kind: ProblemKind, detail: string, more: ProblemFacts = {}): Problem {
  const [status, title] = STATUS[kind];
  return { type: `/problems/${kind}`, title, status, detail, ...more };
}

export function decodeProblem({ message, path }: DecodeError): Problem {
  return problemOf("decode", message, { path });
}

/**
 * A refusal, as a problem.
 * @param code - of the refusal; not 0
 * @param facts - those of its receipt, in order
 */
export function refusalProblem(code: OutcomeCode, facts: ArrayLike<number>, sequence?: number): Problem {
  const refusal = refusalOf(code) as RefusalName;
  const { meaning } = REFUSALS[refusal];
  const named = factsOf(refusal, facts);
  const numbers = Object.entries(named).map(([name, value]) => `${name} ${value}`);
  return {
    type: `/problems/${refusal.replaceAll("_", "-")}`,
    title: meaning,
    status: statusOf("refused"),
    detail: numbers.length === 0 ? meaning : `${meaning}: ${numbers.join(", ")}`,
    code,
    refusal,
    facts: named,
    units: factUnitsOf(refusal),
    ...(sequence !== undefined && { sequence }),
  };
}

/** What the facts of a refusal count; nothing of what is no refusal that this version knows. */
export function factUnitsOf(refusal: string): Record<string, FactUnit> {
  return { ...(REFUSALS as Readonly<Record<string, (typeof REFUSALS)[RefusalName]>>)[refusal]?.units };
}

/** The facts of a refusal by their names. */
export function factsOf(refusal: RefusalName, facts: ArrayLike<number>): Readonly<Record<string, number>> {
  const names: readonly string[] = REFUSALS[refusal].facts;
  return Object.fromEntries(names.map((name, index) => [name, facts[index] as number]));
}

/** What a route of the HTTP interface is: enough for the node to serve it, a client to call it and a document to describe it. */
import type { z } from "zod";
import type { ProblemKind } from "../problem.ts";
import type { Scope } from "../authority.ts";

/**
 * How a caller proves who he is.
 *
 * - `none`: he need not
 * - `read`: by the bearer token of a session with this scope, or by its signature
 * - a scope: by the signature of a session with it
 * - `command`: as the authority of the command he sends demands
 * - `wallet`: by the signature of a wallet, which the body contains
 */
export type RouteAuth = "none" | Scope | "command" | "wallet";

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With parameters as `:name`. */
  readonly path: string;
  readonly auth: RouteAuth;
  readonly tag: "venue" | "risk" | "account" | "orders" | "access" | "node";
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** Of the response, JSON if not told. */
  readonly contentType?: string;
  /** Of the response, 200 if not told. */
  readonly status?: 200 | 201;
  /** Beyond those that any route may answer with. */
  readonly problems: readonly ProblemKind[];
}

/** Problems that any route may answer with. */
export const COMMON_PROBLEMS: readonly ProblemKind[] = ["decode", "rate-limited", "internal", "not-ready"];

const SIGNED_PROBLEMS: readonly ProblemKind[] = [
  "unauthenticated",
  "signature-wrong",
  "nonce-out-of-window",
  "nonce-used",
  "session-unknown",
  "forbidden",
];

/** All that a route may answer with instead of its response. */
export function problemsOf({ auth, problems }: Route): readonly ProblemKind[] {
  return [...COMMON_PROBLEMS, ...(auth === "none" ? [] : SIGNED_PROBLEMS), ...problems];
}

/** Problems of whatever sends a command to the engine. */
export const COMMAND_PROBLEMS: readonly ProblemKind[] = [
  "refused",
  "too-large",
  "overloaded",
  "log-full",
  "log-failed",
  "closing",
];

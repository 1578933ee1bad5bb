/** What goes back and forth between a node and the thread its views live on. */
import { inspect } from "node:util";
import { DecodeError } from "@bulkhead/engine";
import type { ExecutedBatch } from "./runner/executed.ts";
import type { Questions } from "./views/queries.ts";

export interface ViewsThreadData {
  /** The venue's. */
  readonly directory: string;
  readonly database: string;
}

export type ViewsCall =
  | { readonly kind: "sequence" | "catchUp" | "close" }
  | { readonly kind: "apply"; readonly batches: readonly ExecutedBatch[] }
  | { readonly kind: "ask"; readonly name: keyof Questions; readonly question: Questions[keyof Questions] };

/** An error as a message can carry it. */
export interface DescribedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Of a decode error. */
  readonly path?: string;
  readonly problem?: string;
  readonly found?: string;
}

/** Characters of an error's message. */
const MOST_TOLD = 200;

/** Views that failed, or whose thread ended. */
export class ViewsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ViewsError";
  }
}

export function describeError(error: unknown): DescribedError {
  if (error instanceof DecodeError) {
    const { name, message, path } = error;
    const found = String(error.found);
    const problem = message.slice(path.length + 2, message.length - `; found ${found}`.length);
    return { name, message, path, problem, found };
  }
  // What PGlite throws of a disk without room is no error, and says nothing of itself as a string.
  if (!(error instanceof Error)) return { name: "Error", message: inspect(error).slice(0, MOST_TOLD) };
  const { name, message, stack, cause } = error;
  // A database's own words are in the cause; of the statement the beginning says which it was, and the rest may be megabytes of values.
  const statement = message.length > MOST_TOLD ? `${message.slice(0, MOST_TOLD)} …` : message;
  const reason = cause instanceof Error ? `${statement}: ${cause.message}` : statement;
  return {
    name,
    message: reason,
    ...(stack !== undefined && { stack: stack.replace(message, () => reason) }),
  };
}

export function errorFrom({ name, message, stack, path, problem, found }: DescribedError): Error {
  if (path !== undefined && problem !== undefined) return new DecodeError(path, problem, found);
  const error = new ViewsError(`${name}: ${message}`);
  if (stack !== undefined) error.stack = stack;
  return error;
}

import type { RefusalName } from "@bulkhead/engine";

/**
 * Thrown by a guard, caught where the command (or a fired order) began; carries what explains the refusal. It is an answer and
 * no error: tracing the stack would cost more than the rest of the prediction.
 */
export class Refused {
  readonly refusal: RefusalName;
  readonly facts: readonly bigint[];

  constructor(refusal: RefusalName, facts: readonly bigint[]) {
    this.refusal = refusal;
    this.facts = facts;
  }
}

/** Ends the command with a refusal. */
export function refuse(refusal: RefusalName, ...facts: readonly (number | bigint)[]): never {
  throw new Refused(refusal, facts.map(BigInt));
}

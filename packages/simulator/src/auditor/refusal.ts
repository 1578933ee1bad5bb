import type { RefusalName } from "@bulkhead/engine";

/** Thrown by a guard, caught where the command (or a fired order) began; carries what explains the refusal. */
export class Refused extends Error {
  readonly refusal: RefusalName;
  readonly facts: readonly bigint[];

  constructor(refusal: RefusalName, facts: readonly bigint[]) {
    super(refusal);
    this.refusal = refusal;
    this.facts = facts;
  }
}

/** Ends the command with a refusal. */
export function refuse(refusal: RefusalName, ...facts: readonly (number | bigint)[]): never {
  throw new Refused(refusal, facts.map(BigInt));
}

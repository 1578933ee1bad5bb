/**
 * A claim about the engine that did not hold. Never the user's fault: the command in progress is rolled back
 * and its compartment put under quarantine. Facts are the numbers needed to understand the case, by name.
 */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
  readonly claim: string;
  readonly facts: Readonly<Record<string, number>>;

  /**
   * @param claim - what should have been true, as a sentence: "mark price is positive"
   * @param facts - the numbers at hand, each under its name
   */
  constructor(claim: string, facts: Readonly<Record<string, number>> = {}) {
    const entries = Object.entries(facts).map(([name, value]) => `${name} = ${value}`);
    super(entries.length === 0 ? claim : `${claim}: ${entries.join(", ")}`);
    this.claim = claim;
    this.facts = facts;
  }
}

/**
 * A number would have left the exact range, ±(2^53 − 1). Nothing was written, so nothing is wrong with what is there: the command is
 * refused and no compartment suspected.
 */
export class Inexact extends InvariantViolation {}

/** What a value outside the exact range amounts to: NaN comes of a mistake, everything else of size. */
export function rangeFault(claim: string, value: number): InvariantViolation {
  return Number.isNaN(value) ? new InvariantViolation(claim, { value }) : new Inexact(claim, { value });
}

/**
 * States what must be true here. Up to two facts follow as name and value, so that nothing is allocated while
 * it holds:
 *
 *     invariant(held >= amount, "withdrawals are covered", "held", held, "amount", amount);
 *
 * @throws {InvariantViolation} if `condition` is false
 */
export function invariant(
  condition: boolean,
  claim: string,
  name?: string,
  value?: number,
  otherName?: string,
  otherValue?: number,
): asserts condition {
  if (!condition) throw violation(claim, name, value, otherName, otherValue);
}

/** Kept apart so that `invariant` stays small enough to be compiled into its callers. */
function violation(
  claim: string,
  name: string | undefined,
  value: number | undefined,
  otherName: string | undefined,
  otherValue: number | undefined,
): InvariantViolation {
  const facts: Record<string, number> = {};
  if (name !== undefined && value !== undefined) facts[name] = value;
  if (otherName !== undefined && otherValue !== undefined) facts[otherName] = otherValue;
  return new InvariantViolation(claim, facts);
}

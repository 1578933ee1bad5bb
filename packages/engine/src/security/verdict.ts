/** A broken invariant: its number, what should have been found, and what was. 0 = none. */
export class Verdict {
  invariant = 0;
  expected = 0;
  found = 0;

  /** Notes the first breach; later ones do not overwrite it. */
  breach(invariant: number, expected: number, found: number): void {
    if (this.invariant !== 0) return;
    this.invariant = invariant;
    this.expected = expected;
    this.found = found;
  }
}

/** Where the engine and the auditor part ways. */
export interface Difference {
  /** What differs, of which command; the same for the same fault, whatever the numbers. */
  readonly kind: string;
  readonly expected: string;
  readonly found: string;
}

/** Facts or words as a line. */
export function listed(values: Iterable<number | bigint>): string {
  return [...values].join(" ");
}

import type { Arena } from "../kernel/arena.ts";

/** What a cell held before the command: the oldest value the journal knows, or the present one. */
export function cellBefore({ numAt, numOld, numCount, f64 }: Arena, cell: number): number {
  for (let record = 0; record < numCount; record++)
    if (numAt[record] === cell) return numOld[record] as number;
  return f64[cell] as number;
}

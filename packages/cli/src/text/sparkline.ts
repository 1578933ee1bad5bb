/** A line of numbers as a line of blocks. */

const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** How the values that share a column become one. */
export type Fold = (values: readonly number[]) => number;

export const last: Fold = (values) => values.at(-1) ?? 0;
export const most: Fold = (values) => Math.max(...values);

/** At most `width` columns, the lowest value an eighth high, the highest full. */
export function sparkline(values: readonly number[], width: number, fold: Fold): string {
  const columns = columnsOf(values, width).map(fold);
  const low = Math.min(...columns);
  const span = Math.max(...columns) - low;
  return columns.map((value) => BLOCKS[span === 0 ? 0 : Math.round(((value - low) / span) * TOP)]).join("");
}

const TOP = BLOCKS.length - 1;

function columnsOf(values: readonly number[], width: number): (readonly number[])[] {
  const columns = Math.min(width, values.length);
  return Array.from({ length: columns }, (_, column) =>
    values.slice(
      Math.floor((column * values.length) / columns),
      Math.floor(((column + 1) * values.length) / columns),
    ),
  );
}

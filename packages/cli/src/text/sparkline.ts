/** A line of numbers as a line of blocks. */

const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** How the values that share a column become one. */
export type Fold = (values: readonly number[]) => number;

export const last: Fold = (values) => values.at(-1) ?? 0;
export const most: Fold = (values) => Math.max(...values);

/** At most `width` columns, the lowest value an eighth high, the highest full; NaN leaves a gap. */
export function sparkline(values: readonly number[], width: number, fold: Fold): string {
  const columns = columnsOf(values, width).map(fold);
  const shown = columns.filter((value) => !Number.isNaN(value));
  const low = Math.min(...shown);
  const span = Math.max(...shown) - low;
  const blockOf = (value: number): string =>
    BLOCKS[span === 0 ? 0 : Math.round(((value - low) / span) * TOP)] ?? " ";
  return columns.map((value) => (Number.isNaN(value) ? " " : blockOf(value))).join("");
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

/** Rows of text in aligned columns: the first to the left, the others to the right unless said otherwise. */
export type Align = "left" | "right";

const GAP = "  ";

export function table(rows: readonly (readonly string[])[], aligns: readonly Align[] = []): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? "";
        const align = aligns[column] ?? (column === 0 ? "left" : "right");
        return align === "left" ? cell.padEnd(width) : cell.padStart(width);
      })
      .join(GAP)
      .trimEnd(),
  );
}

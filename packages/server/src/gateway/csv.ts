/** Rows as a table for spreadsheets (RFC 4180). */

/** A cell that begins with one of these is a formula to a spreadsheet; what people chose must not become one. */
const FORMULA = /^[=+@\t\r]|^-(?!\d)/;

/** @param columns - names of the fields, in order */
export function csvOf<Field extends string>(
  columns: readonly Field[],
  rows: readonly Readonly<Record<Field, string | number | null>>[],
): string {
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(","));
  return `${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

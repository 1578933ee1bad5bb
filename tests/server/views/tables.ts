/** Everything the views have stored, to compare two of them row by row. */
import { openDatabase } from "../../../packages/server/src/views/database.ts";
import { TABLES } from "../../../packages/server/src/views/schema.ts";

/** Rows of every table, in an order that depends on nothing but them. */
export async function contents(place: string): Promise<Record<string, unknown[]>> {
  const database = await openDatabase(place);
  try {
    const found: Record<string, unknown[]> = {};
    for (const [name, table] of Object.entries(TABLES))
      found[name] = inOrder(await database.sql.select().from(table));
    return found;
  } finally {
    await database.close();
  }
}

/** Told rows by their command and number within it, others by what is in them. */
export function inOrder<Row extends object>(rows: readonly Row[]): Row[] {
  const keys = new Map(rows.map((row) => [row, keyOf(row)]));
  return rows.toSorted((a, b) => ((keys.get(a) ?? "") < (keys.get(b) ?? "") ? -1 : 1));
}

function keyOf(row: object): string {
  const fields = Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const { sequence, ordinal } = row as { sequence?: number; ordinal?: number };
  const place = [sequence ?? 0, ordinal ?? 0].map((each) => String(each).padStart(16, "0"));
  return `${place.join("")}${JSON.stringify(fields)}`;
}

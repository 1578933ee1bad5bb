/** Everything the views have stored, to compare two of them row by row. */
import { is } from "drizzle-orm";
import { PgTable, getTableConfig } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import { openDatabase } from "../../../packages/server/src/views/database.ts";
import { TABLES } from "../../../packages/server/src/views/schema.ts";

/** Rows of every table in the order of its columns. */
export async function contents(place: string): Promise<Record<string, unknown[]>> {
  const database = await openDatabase(place);
  try {
    const found: Record<string, unknown[]> = {};
    for (const [name, table] of Object.entries(TABLES)) {
      if (!is(table, PgTable)) continue;
      const { columns } = getTableConfig(table);
      const order = columns.map((column) => sql`${column}`);
      found[name] = await database.sql
        .select()
        .from(table)
        .orderBy(...order);
    }
    return found;
  } finally {
    await database.close();
  }
}

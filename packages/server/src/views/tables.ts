/** The tables as a database has them: made from the schema, and made anew when they are of another format or another log. */
import { eq, getTableColumns, sql } from "drizzle-orm";
import { type PgTable, getTableConfig } from "drizzle-orm/pg-core";
import type { Sql } from "./database.ts";
import { FORMAT, type RowOf, SCHEMA, TABLES, progress } from "./schema.ts";

const ONLY = 1;

/**
 * Makes the tables ready for a log.
 * @param genesis - of the log, in hexadecimal
 * @param isAnew - even if they are fit for it
 */
export async function prepareTables(database: Sql, genesis: string, isAnew = false): Promise<void> {
  await database.transaction(async (transaction) => {
    const found = isAnew ? undefined : await progressIn(transaction);
    if (found?.format === FORMAT && found.genesis === genesis) return;
    await transaction.execute(sql.raw(`drop schema if exists "${SCHEMA}" cascade`));
    await transaction.execute(sql.raw(`create schema "${SCHEMA}"`));
    for (const table of Object.values(TABLES))
      for (const statement of statementsFor(table)) await transaction.execute(sql.raw(statement));
    await transaction.insert(progress).values({ id: ONLY, format: FORMAT, genesis, sequence: 0, time: 0 });
  });
}

/** How far the views are; undefined if there are none. */
async function progressIn(database: Sql): Promise<RowOf<"progress"> | undefined> {
  // A failed statement would end the transaction: whether the table is there is asked first.
  const there = await database
    .select({ name: sql<string>`tablename` })
    .from(sql`pg_catalog.pg_tables`)
    .where(sql`schemaname = ${SCHEMA} and tablename = 'progress'`);
  if (there.length === 0) return undefined;
  return readProgress(database).catch(() => undefined);
}

/** How far the views are, in tables that were prepared. */
export async function readProgress(database: Sql): Promise<RowOf<"progress">> {
  const [row] = await database.select().from(progress).where(eq(progress.id, ONLY));
  if (row === undefined) throw new Error("the views have no progress: their tables were not prepared");
  return row;
}

const quoted = (names: readonly string[]): string => names.map((each) => `"${each}"`).join(", ");

/** What makes a table and its indexes. */
function statementsFor(table: PgTable): string[] {
  const { name, columns, primaryKeys, indexes } = getTableConfig(table);
  const full = `"${SCHEMA}"."${name}"`;
  const parts = columns.map(
    (column) =>
      `"${column.name}" ${column.getSQLType()}${column.notNull ? " not null" : ""}${column.primary ? " primary key" : ""}`,
  );
  for (const key of primaryKeys)
    parts.push(`primary key (${quoted(key.columns.map((column) => column.name))})`);
  return [
    `create table ${full} (${parts.join(", ")})`,
    ...indexes.map(({ config }) => {
      const over = config.columns.map((column) => ("name" in column ? (column.name ?? "") : ""));
      return `create ${config.unique ? "unique " : ""}index "${config.name ?? ""}" on ${full} (${quoted(over)})`;
    }),
  ];
}

/** The names of a table's key. */
export function keyOf(table: PgTable): string[] {
  const { primaryKeys, columns } = getTableConfig(table);
  const [key] = primaryKeys;
  return (key?.columns ?? columns.filter((column) => column.primary)).map((column) => column.name);
}

/** A table's columns, by the names of a row's fields. */
export function columnsOf(table: PgTable): { field: string; name: string; type: string }[] {
  return Object.entries(getTableColumns(table)).map(([field, column]) => ({
    field,
    name: column.name,
    type: column.getSQLType(),
  }));
}

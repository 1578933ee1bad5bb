/**
 * Writes a harvest: many rows per statement, a column at a time. Each column goes over the wire as one array in text, which costs the database
 * a fraction of as many parameters as there are values.
 */
import { and, eq, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Sql } from "./database.ts";
import type { Harvest } from "./projection/moment.ts";
import { STATE, STORY, type StateName, type StoryName, candles, progress, refusals } from "./schema.ts";
import { columnsOf, keyOf } from "./tables.ts";

/** Rows in a statement. */
const CHUNK = 5_000;

/** Somebody else has written to the views since they were read. */
export class Overtaken extends Error {
  constructor(sequence: number) {
    super(`the views are no longer at command ${sequence}: another process writes to them`);
    this.name = "Overtaken";
  }
}

/**
 * Writes everything of a harvest, and how far the views are then, in one transaction: all of it is there, or none.
 * @param after - sequence before; @param sequence - sequence then
 * @throws {Overtaken} if the views are not at `after`
 */
export async function writeHarvest(
  database: Sql,
  harvest: Harvest,
  after: number,
  sequence: number,
  time: number,
): Promise<void> {
  await database.transaction(async (transaction) => {
    const moved = await transaction
      .update(progress)
      .set({ sequence, time })
      .where(and(eq(progress.id, 1), eq(progress.sequence, after)))
      .returning({ id: progress.id });
    if (moved.length === 0) throw new Overtaken(after);
    for (const name of Object.keys(STATE) as StateName[])
      await writeRows(transaction, STATE[name], [...harvest.state[name]], replaced(STATE[name]));
    for (const name of Object.keys(STORY) as StoryName[])
      await writeRows(transaction, STORY[name], harvest.story[name], "");
    await writeRows(transaction, candles, [...harvest.candles.values()], JOINED_CANDLES);
    await writeRows(transaction, refusals, [...harvest.refusals.values()], ADDED_REFUSALS);
  });
}

/** New values take the place of what is stored. */
function replaced(table: PgTable): string {
  const key = keyOf(table);
  const others = columnsOf(table).filter(({ name }) => !key.includes(name));
  const set = others.map(({ name }) => `"${name}" = excluded."${name}"`).join(", ");
  return `${onConflict(table)} do update set ${set}`;
}

const JOINED_CANDLES = `${onConflict(candles)} do update set
  high = greatest(stored.high, excluded.high), low = least(stored.low, excluded.low), close = excluded.close,
  volume = stored.volume + excluded.volume, quote_volume = stored.quote_volume + excluded.quote_volume,
  trades = stored.trades + excluded.trades`;

const ADDED_REFUSALS = `${onConflict(refusals)} do update set count = stored.count + excluded.count`;

function onConflict(table: PgTable): string {
  return `on conflict (${keyOf(table)
    .map((name) => `"${name}"`)
    .join(", ")})`;
}

async function writeRows(
  transaction: Sql,
  table: PgTable,
  rows: readonly object[],
  conflict: string,
): Promise<void> {
  const columns = columnsOf(table);
  const names = sql.raw(columns.map(({ name }) => `"${name}"`).join(", "));
  for (let from = 0; from < rows.length; from += CHUNK) {
    const chunk = rows.slice(from, from + CHUNK) as readonly Readonly<Record<string, unknown>>[];
    const arrays = columns.map(
      ({ field, type }) => sql`${arrayOf(chunk, field, type === "text")}::text::${sql.raw(type)}[]`,
    );
    await transaction.execute(
      sql`insert into ${table} as stored (${names}) select * from unnest(${sql.join(arrays, sql`, `)}) ${sql.raw(conflict)}`,
    );
  }
}

/** A column of some rows as PostgreSQL writes arrays. */
function arrayOf(rows: readonly Readonly<Record<string, unknown>>[], field: string, isText: boolean): string {
  const values = rows.map((row) => row[field]);
  if (!isText) return `{${values.join(",")}}`;
  return `{${values.map((value) => `"${String(value).replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`;
}

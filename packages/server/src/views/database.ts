/**
 * Where the views are kept: PGlite, embedded, in a directory; or a PostgreSQL by its URL. The same schema and the same SQL on both.
 * PGlite is PostgreSQL in WebAssembly: it computes on the thread that opened it, so a node opens it on one of its own.
 */
import { PGlite } from "@electric-sql/pglite";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { drizzle as drizzlePostgres } from "drizzle-orm/postgres-js";
import postgres from "postgres";

/** Either database, or a transaction on it. */
export type Sql = PgDatabase<PgQueryResultHKT>;

export interface Database {
  readonly sql: Sql;
  close(): Promise<void>;
}

/** Connections to a PostgreSQL: one writes, the others answer. */
const CONNECTIONS = 5;

/**
 * Opens a database.
 * @param place - `postgres://…` or `postgresql://…`; a directory for an embedded one, made if it is not there; `memory:` for one that is gone
 * when it is closed
 */
export async function openDatabase(place: string): Promise<Database> {
  return /^postgres(?:ql)?:\/\//.test(place) ? openPostgres(place) : openPglite(place);
}

async function openPostgres(url: string): Promise<Database> {
  const client = postgres(url, { max: CONNECTIONS, onnotice: () => undefined });
  const sql: Sql = drizzlePostgres(client);
  return { sql, close: () => client.end({ timeout: 5 }) };
}

async function openPglite(place: string): Promise<Database> {
  const client = await (place === "memory:" ? PGlite.create() : PGlite.create(place));
  const sql: Sql = drizzlePglite(client);
  return { sql, close: () => client.close() };
}

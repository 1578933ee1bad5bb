/**
 * What can be asked of the views. Stories are told the latest first, a page at a time, by key: a page costs the same wherever it lies, and
 * what is added meanwhile moves nothing.
 */
import { DecodeError } from "@bulkhead/engine";
import { type SQL, and, asc, count, desc, eq, gt, gte, inArray, lt, lte, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { type Place, cursorOf, placeOf } from "./cursor.ts";
import type { Sql } from "./database.ts";
import { INTERVALS } from "./projection/candles.ts";
import * as tables from "./schema.ts";
import type { RowOf, StateName, StoryName } from "./schema.ts";
import { type Statement, statementOf } from "./statement.ts";
import { readProgress } from "./tables.ts";

/** What of a story is wanted. */
export interface Paging {
  /** Rows, 1 to 1,000; 100 unless it is said. */
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly cursor?: string;
  /** Ms, both included. */
  readonly from?: number;
  readonly until?: number;
  /** The oldest first, instead of the latest. */
  readonly isAscending?: boolean;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; absent at the end. */
  readonly next?: string;
  /** Every command up to this one is in the answer. */
  readonly sequence: number;
}

/** A withdrawal, with its place in the queue now; 0 = nothing of it waits. */
export type QueuedWithdrawal = RowOf<"withdrawals"> & { readonly place: number };

/** A layer at the end of an interval, and what moved it within. */
export interface FundPoint {
  /** Beginning, ms. */
  readonly start: number;
  readonly layer: number;
  readonly balance: number;
  readonly paidIn: number;
  readonly paidOut: number;
}

type OfAccount = Paging & { readonly account: number; readonly tier?: number; readonly market?: number };
type OfMarket = Paging & { readonly tier: number; readonly market?: number };

/** Every question by its name, and what it takes. */
export interface Questions {
  /** Open and waiting orders, or all that ever were. */
  readonly orders: OfAccount & { readonly isOpen: boolean };
  readonly order: { readonly sequence: number } | { readonly tier: number; readonly order: number };
  readonly fills: OfAccount;
  readonly ledger: OfAccount;
  readonly withdrawals: Paging & { readonly account: number };
  readonly fundingPayments: OfAccount;
  readonly liquidationsOf: OfAccount;
  readonly haircuts: OfAccount;
  readonly statement: { readonly account: number; readonly from: number; readonly until: number };
  readonly trades: OfMarket;
  readonly candles: {
    readonly tier: number;
    readonly market: number;
    readonly interval: keyof typeof INTERVALS;
    readonly from?: number;
    readonly until?: number;
    readonly limit?: number;
  };
  readonly fundingRates: OfMarket;
  readonly liquidations: Paging & { readonly tier?: number; readonly market?: number };
  readonly breakers: OfMarket;
  readonly postures: Paging & { readonly tier: number };
  readonly losses: Paging & { readonly tier: number; readonly default?: number };
  /** Tier 0: the second tranche (layer 4) and the mutual fund (5). */
  readonly funds: Paging & { readonly tier: number; readonly layer?: number };
  /** What layers held at the end of intervals in which anything moved them, the latest first. */
  readonly fundHistory: {
    readonly tier: number;
    readonly layer?: number;
    readonly interval: keyof typeof INTERVALS;
    readonly from?: number;
    readonly until?: number;
    readonly limit?: number;
  };
  readonly timeline: Paging & { readonly tier?: number; readonly kind?: string };
  readonly proposals: Paging & { readonly tier?: number; readonly isPending?: boolean };
  readonly parameterChanges: OfMarket;
  /** By UTC day, command and code. */
  readonly refusals: { readonly from: number; readonly until: number };
}

export interface Answers {
  readonly orders: Page<RowOf<"orders">>;
  readonly order: RowOf<"orders"> | undefined;
  readonly fills: Page<RowOf<"fills">>;
  readonly ledger: Page<RowOf<"ledger">>;
  readonly withdrawals: Page<QueuedWithdrawal>;
  readonly fundingPayments: Page<RowOf<"fundingPayments">>;
  readonly liquidationsOf: Page<RowOf<"liquidations">>;
  readonly haircuts: Page<RowOf<"haircuts">>;
  readonly statement: Statement;
  readonly trades: Page<RowOf<"trades">>;
  readonly candles: readonly RowOf<"candles">[];
  readonly fundingRates: Page<RowOf<"fundingRates">>;
  readonly liquidations: Page<RowOf<"liquidations">>;
  readonly breakers: Page<RowOf<"breakerMoves">>;
  readonly postures: Page<RowOf<"postureMoves">>;
  readonly losses: Page<RowOf<"losses">>;
  readonly funds: Page<RowOf<"funds">>;
  readonly fundHistory: readonly FundPoint[];
  readonly timeline: Page<RowOf<"timeline">>;
  readonly proposals: Page<RowOf<"proposals">>;
  readonly parameterChanges: Page<RowOf<"parameterChanges">>;
  readonly refusals: readonly RowOf<"refusals">[];
}

type Answering = {
  readonly [Name in keyof Questions]: (database: Sql, question: Questions[Name]) => Promise<Answers[Name]>;
};

const MOST_ROWS = 1_000;
const USUAL_ROWS = 100;
const LIVING = ["open", "waiting"];

/** Answers a question. @throws {DecodeError} if its cursor, limit or interval is none */
export function ask<Name extends keyof Questions>(
  database: Sql,
  name: Name,
  question: Questions[Name],
): Promise<Answers[Name]> {
  return ANSWERS[name](database, question);
}

const ANSWERS: Answering = {
  orders: (database, question) =>
    pageOfState(database, "orders", question, [
      ...ofAccount(tables.orders, question),
      question.isOpen ? inArray(tables.orders.status, LIVING) : undefined,
    ]),
  order: async (database, question) => {
    const { orders } = tables;
    const isIt =
      "sequence" in question
        ? eq(orders.sequence, question.sequence)
        : and(eq(orders.tier, question.tier), eq(orders.order, question.order));
    const [row] = await database.select().from(orders).where(isIt).limit(1);
    return row;
  },
  fills: (database, question) => pageOfStory(database, "fills", question, ofAccount(tables.fills, question)),
  ledger: (database, question) =>
    pageOfStory(database, "ledger", question, ofAccount(tables.ledger, question)),
  withdrawals: async (database, question) => {
    const page = await pageOfState(database, "withdrawals", question, [
      eq(tables.withdrawals.account, question.account),
    ]);
    const rows: QueuedWithdrawal[] = [];
    for (const row of page.rows) rows.push({ ...row, place: await placeInQueue(database, row) });
    return { ...page, rows };
  },
  fundingPayments: (database, question) =>
    pageOfStory(database, "fundingPayments", question, ofAccount(tables.fundingPayments, question)),
  liquidationsOf: (database, question) =>
    pageOfStory(database, "liquidations", question, ofAccount(tables.liquidations, question)),
  haircuts: (database, question) =>
    pageOfStory(database, "haircuts", question, [
      eq(tables.haircuts.account, question.account),
      maybe(tables.haircuts.tier, question.tier),
    ]),
  statement: (database, { account, from, until }) => statementOf(database, account, from, until),
  trades: (database, question) =>
    pageOfStory(database, "trades", question, ofMarket(tables.trades, question)),
  candles: (database, { tier, market, interval, from, until, limit }) => {
    const { candles } = tables;
    const length = lengthOf(interval);
    const isIt = [eq(candles.tier, tier), eq(candles.market, market), eq(candles.interval, length)];
    return database
      .select()
      .from(candles)
      .where(and(...isIt, ...within(candles.start, from, until)))
      .orderBy(desc(candles.start))
      .limit(rowsWanted(limit));
  },
  fundingRates: (database, question) =>
    pageOfStory(database, "fundingRates", question, ofMarket(tables.fundingRates, question)),
  liquidations: (database, question) =>
    pageOfStory(database, "liquidations", question, ofMarket(tables.liquidations, question)),
  breakers: (database, question) =>
    pageOfStory(database, "breakerMoves", question, ofMarket(tables.breakerMoves, question)),
  postures: (database, question) =>
    pageOfStory(database, "postureMoves", question, [eq(tables.postureMoves.tier, question.tier)]),
  losses: (database, question) =>
    pageOfStory(database, "losses", question, [
      eq(tables.losses.tier, question.tier),
      maybe(tables.losses.default, question.default),
    ]),
  funds: (database, question) =>
    pageOfStory(database, "funds", question, [
      eq(tables.funds.tier, question.tier),
      maybe(tables.funds.layer, question.layer),
    ]),
  fundHistory: historyOfFunds,
  timeline: (database, question) =>
    pageOfStory(database, "timeline", question, [
      maybe(tables.timeline.tier, question.tier),
      maybe(tables.timeline.kind, question.kind),
    ]),
  proposals: (database, question) =>
    pageOfState(database, "proposals", question, [
      maybe(tables.proposals.tier, question.tier),
      question.isPending === true ? inArray(tables.proposals.status, ["pending", "contested"]) : undefined,
    ]),
  parameterChanges: (database, question) =>
    pageOfStory(database, "parameterChanges", question, ofMarket(tables.parameterChanges, question)),
  refusals: (database, { from, until }) =>
    database
      .select()
      .from(tables.refusals)
      .where(and(...within(tables.refusals.day, from, until)))
      .orderBy(asc(tables.refusals.day), asc(tables.refusals.command), asc(tables.refusals.code)),
};

function lengthOf(interval: keyof typeof INTERVALS): number {
  const length = INTERVALS[interval] as number | undefined;
  if (length === undefined)
    throw new DecodeError("interval", `one of ${Object.keys(INTERVALS).join(", ")} is required`, interval);
  return length;
}

/** What was moved before the intervals that are wanted is not looked at. */
async function historyOfFunds(
  database: Sql,
  { tier, layer, interval, from = 0, until = Number.MAX_SAFE_INTEGER, limit }: Questions["fundHistory"],
): Promise<readonly FundPoint[]> {
  const { funds } = tables;
  const length = lengthOf(interval);
  const wanted = rowsWanted(limit);
  const { time } = await readProgress(database);
  const end = Math.min(until, time);
  const begin = Math.max(from, end - (end % length) - (wanted - 1) * length);
  const start = sql<number>`${funds.time} - ${funds.time} % ${sql.raw(String(length))}`.mapWith(Number);
  const isMoved = and(eq(funds.tier, tier), maybe(funds.layer, layer), ...within(funds.time, begin, end));
  return database
    .select({
      start: start.as("start"),
      layer: funds.layer,
      balance:
        sql<number>`(array_agg(${funds.balance} order by ${funds.sequence} desc, ${funds.ordinal} desc))[1]`
          .mapWith(Number)
          .as("balance"),
      paidIn: sql<number>`sum(greatest(${funds.amount}, 0))`.mapWith(Number).as("paid_in"),
      paidOut: sql<number>`sum(greatest(-${funds.amount}, 0))`.mapWith(Number).as("paid_out"),
    })
    .from(funds)
    .where(isMoved)
    .groupBy(sql`1`, funds.layer)
    .orderBy(sql`1 desc`, asc(funds.layer))
    .limit(wanted);
}

type Conditions = readonly (SQL | undefined)[];

const maybe = (column: PgColumn, value: number | string | undefined): SQL | undefined =>
  value === undefined ? undefined : eq(column, value);

function ofAccount(
  table: { account: PgColumn; tier: PgColumn; market: PgColumn },
  { account, tier, market }: OfAccount,
): Conditions {
  return [eq(table.account, account), maybe(table.tier, tier), maybe(table.market, market)];
}

function ofMarket(
  table: { tier: PgColumn; market: PgColumn },
  { tier, market }: { readonly tier?: number; readonly market?: number },
): Conditions {
  return [maybe(table.tier, tier), maybe(table.market, market)];
}

function within(column: PgColumn, from: number | undefined, until: number | undefined): Conditions {
  return [
    from === undefined ? undefined : gte(column, from),
    until === undefined ? undefined : lte(column, until),
  ];
}

function rowsWanted(limit: number | undefined): number {
  if (limit === undefined) return USUAL_ROWS;
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MOST_ROWS))
    throw new DecodeError("limit", `an integer from 1 to ${MOST_ROWS} is required`, limit);
  return limit;
}

/** A page of rows that are known by sequence and ordinal. */
async function pageOfStory<Name extends StoryName>(
  database: Sql,
  name: Name,
  paging: Paging,
  conditions: Conditions,
): Promise<Page<RowOf<Name>>> {
  const table = tables.STORY[name];
  const { sequence, ordinal, time } = table;
  const { cursor, isAscending = false } = paging;
  const beyond =
    cursor === undefined ? undefined : beyondPlace(sequence, ordinal, placeOf(cursor), isAscending);
  const order = isAscending ? asc : desc;
  return readPage(
    database,
    paging,
    table,
    [...conditions, ...within(time, paging.from, paging.until), beyond],
    [order(sequence), order(ordinal)],
  );
}

/** A page of rows of the state that are known by the command that made them. */
async function pageOfState<Name extends StateName & ("orders" | "withdrawals" | "proposals")>(
  database: Sql,
  name: Name,
  paging: Paging,
  conditions: Conditions,
): Promise<Page<RowOf<Name>>> {
  const table = tables.STATE[name];
  const { sequence, time } = table;
  const { cursor, isAscending = false } = paging;
  const place = cursor === undefined ? undefined : placeOf(cursor).sequence;
  const beyond = place === undefined ? undefined : isAscending ? gt(sequence, place) : lt(sequence, place);
  const all = [...conditions, ...within(time, paging.from, paging.until), beyond];
  return readPage(database, paging, table, all, [isAscending ? asc(sequence) : desc(sequence)]);
}

function beyondPlace(first: PgColumn, second: PgColumn, place: Place, isAscending: boolean): SQL {
  const { sequence, ordinal } = place;
  const at = sql`(${sequence}::bigint, ${ordinal}::bigint)`;
  return isAscending ? sql`(${first}, ${second}) > ${at}` : sql`(${first}, ${second}) < ${at}`;
}

async function readPage<Row>(
  database: Sql,
  { limit }: Paging,
  table: PgTable,
  conditions: Conditions,
  order: readonly SQL[],
): Promise<Page<Row>> {
  const wanted = rowsWanted(limit);
  const { sequence } = await readProgress(database);
  // One more than is wanted says whether there is another page.
  const found = await database
    .select()
    .from(table)
    .where(and(...conditions))
    .orderBy(...order)
    .limit(wanted + 1);
  const rows = found.slice(0, wanted) as (Row & { sequence: number; ordinal?: number })[];
  const last = rows.at(-1);
  if (found.length <= wanted || last === undefined) return { rows, sequence };
  return { rows, sequence, next: cursorOf({ sequence: last.sequence, ordinal: last.ordinal ?? 0 }) };
}

/** How many wait up to and with this one: the queue is in the order of the requests. */
async function placeInQueue(database: Sql, { queued, sequence }: RowOf<"withdrawals">): Promise<number> {
  if (queued === 0) return 0;
  const { withdrawals } = tables;
  const [ahead] = await database
    .select({ place: count() })
    .from(withdrawals)
    .where(and(gt(withdrawals.queued, 0), lte(withdrawals.sequence, sequence)));
  return ahead?.place ?? 0;
}

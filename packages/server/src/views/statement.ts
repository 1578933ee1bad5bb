/** A statement of account: what was there at the beginning of a period, what moved it, what was there at its end. */
import { and, desc, eq, gte, lt, lte, sum } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import type { Sql } from "./database.ts";
import { ledger, positions } from "./schema.ts";
import type { RowOf } from "./schema.ts";

/** What lies in one place: a balance in the vault (tier 0, bucket 0), or in a bucket. */
export interface Holding {
  readonly tier: number;
  readonly bucket: number;
  readonly asset: number;
  /** In the asset's units. */
  readonly amount: number;
}

/** What entries of a kind add up to in an asset over the period. A decimal integer: sums may pass 2^53. */
export interface Total {
  readonly asset: number;
  readonly kind: string;
  readonly amount: string;
}

export interface Statement {
  readonly account: number;
  /** Ms; the beginning is included, the end is not. */
  readonly from: number;
  readonly until: number;
  readonly opening: readonly Holding[];
  readonly totals: readonly Total[];
  readonly closing: readonly Holding[];
  /** As they are now. */
  readonly positions: readonly RowOf<"positions">[];
}

export async function statementOf(
  database: Sql,
  account: number,
  from: number,
  until: number,
): Promise<Statement> {
  const totals = await database
    .select({ asset: ledger.asset, kind: ledger.kind, amount: sum(ledger.amount) })
    .from(ledger)
    .where(and(eq(ledger.account, account), gte(ledger.time, from), lt(ledger.time, until)))
    .groupBy(ledger.asset, ledger.kind)
    .orderBy(ledger.asset, ledger.kind);
  const own = await database.select().from(positions).where(eq(positions.account, account));
  return {
    account,
    from,
    until,
    opening: await holdingsBefore(database, account, lt(ledger.time, from)),
    totals: totals.map(({ asset, kind, amount }) => ({ asset, kind, amount: amount ?? "0" })),
    closing: await holdingsBefore(database, account, lte(ledger.time, until - 1)),
    positions: own.filter(({ lots, cost }) => lots !== 0 || cost !== 0),
  };
}

/** The balance of each place after its last entry before a time. */
async function holdingsBefore(database: Sql, account: number, before: SQL): Promise<Holding[]> {
  const { tier, bucket, asset, balance, sequence, ordinal } = ledger;
  const found = await database
    .selectDistinctOn([tier, bucket, asset], { tier, bucket, asset, amount: balance })
    .from(ledger)
    .where(and(eq(ledger.account, account), before))
    .orderBy(tier, bucket, asset, desc(sequence), desc(ordinal));
  return found.filter(({ amount }) => amount !== 0);
}

/**
 * The views: read models in SQL, made from executed batches in order. A group of batches and how far it leads are written in one
 * transaction; so after any crash every command is in them once, and they go on where they were.
 */
import { gt, inArray, sql } from "drizzle-orm";
import type { ExecutedBatch } from "../runner/executed.ts";
import { type Database, type Sql, openDatabase } from "./database.ts";
import { emptyHarvest, sizeOf } from "./projection/moment.ts";
import { project } from "./projection/project.ts";
import { type Answers, type Questions, ask } from "./queries.ts";
import * as tables from "./schema.ts";
import { prepareTables, readProgress } from "./tables.ts";
import { type World, worldOf } from "./world.ts";
import { writeHarvest } from "./write.ts";

/** The port: what the node asks of its read models. */
export interface Views {
  /** Sequence of the last command they have taken in. */
  sequence(): Promise<number>;
  /**
   * Takes in batches. Those that are in the views already are passed over; the first of the others goes on from `sequence`.
   * @returns the sequence then
   * @throws {GapError} if commands are missing before them
   */
  apply(batches: readonly ExecutedBatch[]): Promise<number>;
  /** Answers one of the questions of queries.ts. */
  ask<Name extends keyof Questions>(name: Name, question: Questions[Name]): Promise<Answers[Name]>;
  close(): Promise<void>;
}

/** Batches that do not go on from where the views are. */
export class GapError extends Error {
  constructor(sequence: number, first: number) {
    super(`the views have taken in commands up to ${sequence}; the batch begins with ${first}`);
    this.name = "GapError";
  }
}

export interface ViewsOptions {
  /** As `openDatabase` has it. */
  readonly database: string;
  /** Of the log they are made from, in hexadecimal. Views of another log are dropped. */
  readonly genesis: string;
  /** Makes them anew, whatever is there. */
  readonly isAnew?: boolean;
}

/** Rows that are written in one transaction, unless a single batch makes more. */
const GROUP_ROWS = 40_000;

/** Opens the views, and makes their tables if there are none that fit. */
export async function openViews({ database: place, genesis, isAnew }: ViewsOptions): Promise<Views> {
  const database = await openDatabase(place);
  try {
    await prepareTables(database.sql, genesis, isAnew);
    return viewsOn(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

function viewsOn(database: Database): Views {
  /** Where the views are; undefined until that is read, and after a transaction of which nobody knows what became. */
  let known: { world: World; sequence: number } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function applyNow(batches: readonly ExecutedBatch[]): Promise<number> {
    known ??= await load(database.sql);
    try {
      let next = 0;
      while (next < batches.length) next = await applyGroup(known, batches, next);
      return known.sequence;
    } catch (error) {
      known = undefined;
      throw error;
    }
  }

  /** @returns the first batch that is still to be taken in */
  async function applyGroup(
    at: { world: World; sequence: number },
    batches: readonly ExecutedBatch[],
    from: number,
  ): Promise<number> {
    const harvest = emptyHarvest();
    const after = at.sequence;
    let [next, sequence, time] = [from, after, 0];
    for (; next < batches.length && sizeOf(harvest) < GROUP_ROWS; next++) {
      const batch = batches[next] as ExecutedBatch;
      const end = batch.first + batch.count - 1;
      if (end <= sequence) continue;
      if (batch.first > sequence + 1) throw new GapError(sequence, batch.first);
      project(at.world, harvest, batch, sequence);
      sequence = end;
      time = timeOf(batch);
    }
    if (sequence > after) await writeHarvest(database.sql, harvest, after, sequence, time);
    at.sequence = sequence;
    return next;
  }

  return {
    sequence: async () => known?.sequence ?? (await readProgress(database.sql)).sequence,
    apply: (batches) => {
      const applied = last.then(() => applyNow(batches));
      last = applied.catch(() => undefined);
      return applied;
    },
    ask: (name, question) => ask(database.sql, name, question),
    close: async () => {
      await last;
      await database.close();
    },
  };
}

/** Of the last command of a batch. */
function timeOf({ frames, count }: ExecutedBatch): number {
  const words = frames.length / count;
  return frames[(count - 1) * words + 1] as number;
}

async function load(database: Sql): Promise<{ world: World; sequence: number }> {
  const { orders, withdrawals, proposals } = tables;
  const { sequence } = await readProgress(database);
  const world = worldOf({
    tiers: await database.select().from(tables.tiers),
    markets: await database.select().from(tables.markets),
    buckets: await database.select().from(tables.buckets),
    holdings: await database.select().from(tables.holdings),
    positions: await database.select().from(tables.positions),
    balances: await database.select().from(tables.balances),
    layers: await database.select().from(tables.layers),
    orders: await database
      .select()
      .from(orders)
      .where(inArray(orders.status, ["open", "waiting"])),
    withdrawals: await database
      .select()
      .from(withdrawals)
      .where(gt(sql`${withdrawals.queued} + ${withdrawals.released}`, 0)),
    proposals: await database
      .select()
      .from(proposals)
      .where(inArray(proposals.status, ["pending", "contested"])),
  });
  return { world, sequence };
}

/**
 * The views on both databases: the same rows, however the batches are cut, interrupted and taken up again; and answers that are what the
 * engine says.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { balancesView, hex, throttleView, venueView, withdrawalView } from "@bulkhead/engine";
import { directoryOf } from "@bulkhead/protocol";
import { type ExecutedBatch, type Views, fillsCsv, genesisOf, ledgerCsv, openViews } from "@bulkhead/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../../packages/server/src/views/database.ts";
import { emptyHarvest } from "../../../packages/server/src/views/projection/moment.ts";
import { project } from "../../../packages/server/src/views/projection/project.ts";
import { emptyWorld } from "../../../packages/server/src/views/world.ts";
import { type PostgresServer, postgresBinaries, startPostgres } from "./postgresServer.ts";
import { type Story, play } from "./stories.ts";
import { contents, inOrder } from "./tables.ts";

const seed = Number(process.env["SIMULATION_SEED"] ?? Date.now() % 1_000_000);
const COMMANDS = 3_000;
const binaries = postgresBinaries();
if (binaries === undefined)
  console.warn(
    "\n!!! No PostgreSQL was found below /usr/lib/postgresql or in POSTGRES_BIN: the views are tested on PGlite ALONE.\n",
  );

/** The first from a seed on at whose end somebody waits to withdraw. */
function storyWithQueue(from: number): Story {
  const story = play("run", from, COMMANDS, [128]);
  return throttleView(story.engine.venue).queueLength > 0 ? story : storyWithQueue(from + 1);
}

let server: PostgresServer | undefined;
const folder = mkdtempSync(join(tmpdir(), "bulkhead-views-"));
let folders = 0;

/** A database PGlite has made, to copy: that takes it seconds, each time. */
const made = join(folder, "made");

beforeAll(async () => {
  await (await openDatabase(made)).close();
  if (binaries !== undefined) server = await startPostgres(binaries);
}, 120_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** A new place for views to be kept in. */
const KINDS = {
  PGlite: () => {
    const place = join(folder, `pglite${++folders}`);
    cpSync(made, place, { recursive: true });
    return place;
  },
  PostgreSQL: () => (server as PostgresServer).newDatabase(),
} as const;

const kinds = (Object.keys(KINDS) as (keyof typeof KINDS)[]).filter(
  (kind) => kind === "PGlite" || binaries !== undefined,
);

test.runIf(process.env["CI"] !== undefined)("PostgreSQL is there to be tested on", () => {
  expect(binaries, "install postgresql, or set POSTGRES_BIN").toBeDefined();
});

const openAt = (place: string, { capacities }: Story): Promise<Views> =>
  openViews({ database: place, genesis: hex(genesisOf(capacities)) });

/** Applies batches in groups of so many. */
async function applyAll(views: Views, batches: readonly ExecutedBatch[], size: number): Promise<void> {
  for (let from = 0; from < batches.length; from += size) await views.apply(batches.slice(from, from + size));
}

describe.each(kinds)("views on %s", { timeout: 300_000 }, (kind) => {
  test.each(["ruin", "run", "governed"])(
    `have the rows of the projection, however they were interrupted (%s, seed ${seed})`,
    async (name) => {
      const story = play(name, seed, COMMANDS, [7, 64, 1, 300]);
      const { batches } = story;
      const place = KINDS[kind]();
      let views = await openAt(place, story);
      await applyAll(views, batches.slice(0, 11), 3);
      await views.close();
      // Opened again, it goes on from its rows; what it has seen is passed over.
      views = await openAt(place, story);
      expect(await views.sequence()).toBe(batches[10]!.first + batches[10]!.count - 1);
      await views.apply(batches.slice(5, 20));
      await applyAll(views, batches, 1_000);
      await views.close();

      const world = emptyWorld();
      const harvest = emptyHarvest();
      for (const batch of batches) project(world, harvest, batch);
      const found = await contents(place);
      for (const [table, rows] of Object.entries(harvest.story))
        expect(found[table]).toEqual(sorted(rows as Told[]));
      for (const [table, rows] of Object.entries(harvest.state))
        expect(found[table]).toEqual(inOrder([...rows]));
      expect(found["candles"]).toEqual(inOrder([...harvest.candles.values()]));
      expect(found["refusals"]).toEqual(inOrder([...harvest.refusals.values()]));
    },
  );

  test("take nothing in after a gap, and go on where it is filled", async () => {
    const story = play("calm", seed, 500, [50]);
    const views = await openAt(KINDS[kind](), story);
    await views.apply(story.batches.slice(0, 2));
    await expect(views.apply(story.batches.slice(3))).rejects.toThrow(/up to 100; the batch begins with 151/);
    expect(await views.apply(story.batches)).toBe(500);
    await views.close();
  });

  test("are made anew for another log", async () => {
    const story = play("calm", seed, 300, [50]);
    const place = KINDS[kind]();
    let views = await openAt(place, story);
    await views.apply(story.batches);
    await views.close();
    views = await openViews({ database: place, genesis: "00" });
    expect(await views.sequence()).toBe(0);
    expect((await views.ask("trades", { tier: 1 })).rows).toEqual([]);
    await views.close();
  });

  test(`answer in pages what the rows say (seed ${seed})`, async () => {
    const story = storyWithQueue(seed);
    const { engine, batches } = story;
    const views = await openAt(KINDS[kind](), story);
    await applyAll(views, batches, 50);
    const world = emptyWorld();
    const harvest = emptyHarvest();
    for (const batch of batches) project(world, harvest, batch);
    const { accounts, clock } = venueView(engine.venue);
    let [pages, waiting] = [0, 0];
    for (let account = 1; account <= accounts; account++) {
      const own = harvest.story.ledger.filter((row) => row.account === account);
      const told: unknown[] = [];
      for (let cursor: string | undefined; ; pages++) {
        const page = await views.ask("ledger", { account, limit: 37, ...(cursor && { cursor }) });
        expect(page.sequence).toBe(COMMANDS);
        told.push(...page.rows);
        if (page.next === undefined) break;
        cursor = page.next;
      }
      expect(told).toEqual(sorted(own).toReversed());
      const { rows } = await views.ask("withdrawals", { account });
      for (const { withdrawal, place, queued, released } of rows) {
        if (queued + released === 0) continue;
        expect(place).toBe(withdrawalView(engine.venue, withdrawal)!.place);
        if (place > 0) waiting++;
      }
      const statement = await views.ask("statement", { account, from: 0, until: clock + 1 });
      const inVault = statement.closing.filter(({ bucket }) => bucket === 0);
      const balances = balancesView(engine.venue, account).filter(({ amount }) => amount !== 0);
      expect(inVault.map(({ asset, amount }) => ({ asset, amount }))).toEqual(
        balances.toSorted((a, b) => a.asset - b.asset),
      );
      expect(statement.opening).toEqual([]);
    }
    expect(pages).toBeGreaterThan(0);
    expect(waiting).toBeGreaterThan(0);
    // As CSV the same entries, the oldest first, in decimals.
    const names = directoryOf({
      assets: [{ symbol: "USD", asset: 1, decimals: 6 }],
      tiers: [{ tier: 1, name: 'High, "wild"' }],
      instruments: [],
    });
    const lines: string[] = [];
    for await (const part of ledgerCsv(views, names, { account: 1 })) lines.push(...part.split("\r\n"));
    const entries = lines.filter((line) => line !== "").slice(1);
    const own = sorted(harvest.story.ledger.filter(({ account }) => account === 1));
    expect(entries.length).toBe(own.length);
    own.forEach((row, index) => {
      const line = entries[index]!;
      expect(line.split(",")[1]).toBe(String(row.sequence));
      if (row.asset === 1) expect(line).toContain(`,USD,${row.kind},${(row.amount / 1e6).toFixed(6)},`);
      if (row.tier === 1) expect(line).toContain(`"High, ""wild""/${row.bucket}"`);
    });
    let fills = 0;
    for await (const part of fillsCsv(views, names, { account: 1 })) fills += part.split("\r\n").length - 1;
    expect(fills - 1).toBe(harvest.story.fills.filter(({ account }) => account === 1).length);
    await expect(async () => views.ask("fills", { account: 1, cursor: "x" })).rejects.toThrow(/cursor/);
    await expect(async () => views.ask("fills", { account: 1, limit: 0 })).rejects.toThrow(/limit/);
    await views.close();
  });
});

interface Told {
  readonly sequence: number;
  readonly ordinal: number;
}

const sorted = <Row extends Told>(rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => a.sequence - b.sequence || a.ordinal - b.ordinal);

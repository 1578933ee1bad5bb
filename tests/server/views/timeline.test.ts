/** The timeline and the history of funds: what they tell is what the other stories tell, added up otherwise; the same on both databases. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAME_WORDS, hex } from "@bulkhead/engine";
import { type ExecutedBatch, genesisOf, openViews } from "@bulkhead/server";
import { PROFILES } from "@bulkhead/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Harvest, emptyHarvest } from "../../../packages/server/src/views/projection/moment.ts";
import { project } from "../../../packages/server/src/views/projection/project.ts";
import { emptyWorld } from "../../../packages/server/src/views/world.ts";
import { type PostgresServer, postgresBinaries, startPostgres } from "./postgresServer.ts";
import { type Story, play } from "./stories.ts";

const seed = Number(process.env["SIMULATION_SEED"] ?? Date.now() % 1_000_000);
const COMMANDS = 6_000;
const HOUR = 3_600_000;
const binaries = postgresBinaries();
const folder = mkdtempSync(join(tmpdir(), "bulkhead-timeline-"));
let server: PostgresServer | undefined;

beforeAll(async () => {
  if (binaries !== undefined) server = await startPostgres(binaries);
}, 120_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

function harvestOf({ batches }: Story): Harvest {
  const [world, harvest] = [emptyWorld(), emptyHarvest()];
  for (const batch of batches) project(world, harvest, batch);
  return harvest;
}

type Facts = Readonly<Record<string, unknown>>;

/** Of one kind, with what all rows have left out of the others. */
function told({ story }: Harvest, kind: string): Facts[] {
  return story.timeline
    .filter((row) => row.kind === kind)
    .map(({ sequence, time, tier, market, facts }) => ({
      sequence,
      time,
      tier,
      ...(market !== 0 && { market }),
      ...(JSON.parse(facts) as object),
    }));
}

function without(row: object, ...names: readonly string[]): Facts {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}
const bare = (row: object): Facts => without(row, "ordinal");
const times = (kinds: Map<string, number>, kind: string, more: number): Map<string, number> =>
  kinds.set(kind, (kinds.get(kind) ?? 0) + more);

/** Per command, tier and default: what was given up in all, and by how many. */
function haircutsOf({ story }: Harvest): Facts[] {
  const sums = new Map<
    string,
    { sequence: number; time: number; tier: number; default: number; amount: number; winners: number }
  >();
  for (const { sequence, time, tier, default: id, amount } of story.haircuts) {
    const key = [sequence, tier, id, Math.sign(amount)].join();
    const sum = sums.get(key) ?? { sequence, time, tier, default: id, amount: 0, winners: 0 };
    sums.set(key, { ...sum, amount: sum.amount + amount, winners: sum.winners + 1 });
  }
  return [...sums.values()];
}

test(`what is notable is told once, with its numbers (seed ${seed})`, () => {
  const met = new Map<string, number>();
  for (const { name } of PROFILES) {
    const harvest = harvestOf(play(name, seed, COMMANDS, [512]));
    const { story, state } = harvest;
    expect(told(harvest, "breaker")).toEqual(story.breakerMoves.map(bare));
    expect(told(harvest, "posture")).toEqual(story.postureMoves.map(bare));
    expect(told(harvest, "quarantine")).toEqual(story.quarantines.map(bare));
    expect(told(harvest, "layer")).toEqual(
      story.losses.map((row) => without(row, "ordinal", "bucket", "account")),
    );
    expect(told(harvest, "haircut")).toEqual(haircutsOf(harvest));
    const tornUp = story.liquidations.filter(({ how }) => how === "tear-up");
    expect(told(harvest, "tear-up").map((row) => without(row, "positions"))).toEqual(
      tornUp.map(({ sequence, time, tier, market, lots, price }) => ({
        sequence,
        time,
        tier,
        market,
        lots,
        price,
      })),
    );
    const others = told(harvest, "tear-up").reduce((sum, { positions }) => sum + Number(positions), 0);
    expect(others).toBe(story.liquidations.filter(({ how }) => how === "torn-up").length);
    const changed = story.parameterChanges.filter(({ cause }) => cause !== "set-up");
    expect(told(harvest, "parameter")).toEqual(
      changed.map((row) => without(row, "ordinal", ...(row.market === 0 ? ["market"] : []))),
    );
    const proposals = told(harvest, "proposal");
    expect(proposals.filter(({ status }) => status === "made").length).toBe(state.proposals.size);
    for (const { status, proposal, nonce, tier, command } of state.proposals) {
      const of = proposals.filter(
        (each) => each["proposal"] === proposal && each["nonce"] === nonce && each["tier"] === tier,
      );
      expect(of.at(-1)).toMatchObject({ status: status === "pending" ? "made" : status, command });
    }
    for (const { kind } of story.timeline) times(met, kind, 1);
  }
  expect([...met.keys()].toSorted()).toEqual(
    expect.arrayContaining(["haircut", "layer", "parameter", "proposal", "tear-up"]),
  );
});

const kinds = ["PGlite", ...(binaries === undefined ? [] : ["PostgreSQL"])];

describe.each(kinds)("on %s", { timeout: 300_000 }, (kind) => {
  test(`pages of the timeline and points of the funds are what the rows say (seed ${seed})`, async () => {
    const story = play("ruin", seed, COMMANDS, [512]);
    const place = kind === "PGlite" ? join(folder, "pglite") : (server as PostgresServer).newDatabase();
    const views = await openViews({ database: place, genesis: hex(genesisOf(story.capacities)) });
    await views.apply(story.batches);
    const { timeline, funds } = harvestOf(story).story;

    const rows: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await views.ask("timeline", {
        tier: 1,
        limit: 7,
        ...(cursor !== undefined && { cursor }),
      });
      rows.push(...page.rows);
      cursor = page.next;
    } while (cursor !== undefined);
    expect(rows).toEqual(timeline.filter(({ tier }) => tier === 1).toReversed());
    const layers = await views.ask("timeline", { kind: "layer", limit: 1_000 });
    expect(layers.rows).toEqual(
      timeline
        .filter((row) => row.kind === "layer")
        .toReversed()
        .slice(0, 1_000),
    );

    for (const tier of [0, 1]) {
      const own = funds.filter((row) => row.tier === tier);
      const points = new Map<
        string,
        { start: number; layer: number; balance: number; paidIn: number; paidOut: number }
      >();
      for (const { time, layer, balance, amount } of own) {
        const start = time - (time % HOUR);
        const { paidIn, paidOut } = points.get(`${start} ${layer}`) ?? { paidIn: 0, paidOut: 0 };
        const moved = { paidIn: paidIn + Math.max(amount, 0), paidOut: paidOut + Math.max(-amount, 0) };
        points.set(`${start} ${layer}`, { start, layer, balance, ...moved });
      }
      const expected = [...points.values()].toSorted((a, b) => b.start - a.start || a.layer - b.layer);
      const found = await views.ask("fundHistory", { tier, interval: "1h", limit: 1_000 });
      expect(found.length).toBeGreaterThan(0);
      // The simulator's clock leaps: what lies further back than the intervals that were asked for is not told.
      const last = (story.batches.at(-1) as ExecutedBatch).frames.at(1 - FRAME_WORDS) ?? 0;
      const begin = last - (last % HOUR) - 999 * HOUR;
      expect(found).toEqual(expected.filter(({ start }) => start >= begin).slice(0, 1_000));
      const [first] = found;
      expect(
        await views.ask("fundHistory", {
          tier,
          interval: "1h",
          limit: 1,
          ...(first && { until: first.start + HOUR }),
        }),
      ).toHaveLength(1);
    }
    await expect(async () => views.ask("fundHistory", { tier: 1, interval: "2h" as "1h" })).rejects.toThrow(
      /interval/,
    );
    await views.close();
  });
});

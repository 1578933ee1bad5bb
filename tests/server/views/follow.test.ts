/** Views that follow a node: live, from behind, out of breath, and after their thread was killed, they end where the node is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAME_WORDS, type Capacities, hex } from "@bulkhead/engine";
import {
  Runner,
  type ExecutedBatch,
  catchUpWith,
  follow,
  genesisOf,
  lookInto,
  openViews,
  replayed,
  startViews,
  takeOver,
  viewsIn,
} from "@bulkhead/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PostgresServer, postgresBinaries, startPostgres } from "./postgresServer.ts";
import { type Story, play } from "./stories.ts";
import { contents } from "./tables.ts";

const seed = Number(process.env["SIMULATION_SEED"] ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), "bulkhead-follow-"));
const binaries = postgresBinaries();
let server: PostgresServer | undefined;
let venues = 0;

beforeAll(async () => {
  if (binaries !== undefined) server = await startPostgres(binaries);
}, 120_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function openVenue(
  capacities: Capacities,
): Promise<{ path: string; runner: Runner; close: () => Promise<void> }> {
  const path = join(folder, `venue${++venues}`);
  const directory = await takeOver(path, capacities);
  const { runner } = await Runner.open(directory, { capacities, segmentBytes: 64 * 4_096 });
  const close = async (): Promise<void> => {
    await runner.close();
    await directory.release();
  };
  return { path, runner, close };
}

/** Frames of some of a story's batches, each to be submitted in a row. */
const framesOf = ({ batches }: Story, from: number, until: number): Float64Array[] =>
  batches.slice(from, until).map(({ frames }) => frames);

async function submit(runner: Runner, groups: readonly Float64Array[]): Promise<void> {
  for (const frames of groups) await runner.submitAll(frames);
}

/** A place beside: PostgreSQL if there is one, for it is made at once; then what is compared has gone through both. */
const aside = (): string => server?.newDatabase() ?? join(folder, `aside${++venues}`);

/** What views made in one go from the log have. */
async function rebuilt(path: string): Promise<Record<string, unknown[]>> {
  const place = aside();
  const directory = await lookInto(path);
  const genesis = hex(genesisOf(directory.capacities));
  const views = await openViews({ database: place, genesis });
  await catchUpWith(views, directory);
  await views.close();
  return contents(place);
}

describe("a log executed again", () => {
  test("tells what came of its commands from any command on, snapshots or not", async () => {
    const story = play("storm", seed, 900, [30]);
    const { path, runner, close } = await openVenue(story.capacities);
    const live: ExecutedBatch[] = [];
    runner.listen((batch) => live.push(batch));
    await submit(runner, framesOf(story, 0, 20));
    await runner.snapshot();
    await submit(runner, framesOf(story, 20, 30));
    const directory = await lookInto(path);
    for (const after of [0, 17, 599, 600, 615, 899, 900]) {
      const told: number[] = [];
      const events: number[] = [];
      for await (const batch of replayed(directory, after)) {
        if (told.length === 0) expect(batch.first).toBe(after + 1);
        for (let at = 0; at < batch.frames.length; at += FRAME_WORDS)
          told.push(batch.codes[at / FRAME_WORDS]!);
        events.push(...batch.events);
      }
      const codes = live.flatMap((batch) => [...batch.codes]);
      expect(told).toEqual(codes.slice(after));
      const wanted = live.flatMap((batch) => {
        const skip = Math.min(batch.count, Math.max(0, after + 1 - batch.first));
        const from = skip === 0 ? 0 : batch.eventEnds[skip - 1]!;
        return [...batch.events.subarray(from * 12)];
      });
      expect(events).toEqual(wanted);
    }
    await close();
  });
});

describe.each(["PGlite", "PostgreSQL"] as const)("views that follow a node, on %s", (kind) => {
  test.runIf(kind === "PGlite" || binaries !== undefined)(
    `have what a rebuild has, though killed and overtaken on the way (seed ${seed})`,
    async () => {
      const story = play("ruin", seed, 2_000, [20]);
      const { path, runner, close } = await openVenue(story.capacities);
      // They start behind.
      await submit(runner, framesOf(story, 0, 20));
      const database = kind === "PostgreSQL" ? (server as PostgresServer).newDatabase() : undefined;
      const views = await startViews({ directory: path, ...(database && { database }) });
      const reports: unknown[] = [];
      let fail: ((error: unknown) => void) | undefined;
      const failed = new Promise((_, reject) => {
        fail = reject;
      });
      const following = follow({
        listen: (listener) => runner.listen(listener),
        views,
        report: (error) => {
          reports.push(error);
          fail?.(error);
        },
        maxWaiting: 400,
        retryMs: 50,
      });
      // So much at once that some is let go.
      await Promise.all(framesOf(story, 20, 40).map((frames) => runner.submitAll(frames)));
      await Promise.race([following.reached(800), failed]);
      fail = undefined;
      for (let from = 40; from < 90; from += 10) {
        await submit(runner, framesOf(story, from, from + 10));
        await views.kill();
      }
      await runner.snapshot();
      await submit(runner, framesOf(story, 90, 100));
      await following.reached(2_000);
      await following.stop();
      expect(following.standing().taken).toBe(2_000);
      expect((await views.ask("trades", { tier: 1, limit: 1 })).sequence).toBe(2_000);
      await views.close();
      await close();
      expect(await contents(database ?? viewsIn(path))).toEqual(await rebuilt(path));
    },
    300_000,
  );
});

test("a failure of the views is reported, tried again, and never told to the node", async () => {
  const story = play("calm", seed, 400, [20]);
  const { path, runner, close } = await openVenue(story.capacities);

  const directory = await lookInto(path);
  const inner = await openViews({ database: aside(), genesis: hex(genesisOf(story.capacities)) });
  let failing = 3;
  const reports: unknown[] = [];
  const following = follow({
    listen: (listener) => runner.listen(listener),
    views: {
      ...inner,
      apply: async (batches) => {
        if (failing-- > 0) throw new Error("the disk is on fire");
        return inner.apply(batches);
      },
      catchUp: () => catchUpWith(inner, directory),
    },
    report: (error) => reports.push(error),
    retryMs: 1,
  });
  // Nothing is behind now: what comes next is applied, and fails.
  await expect.poll(() => following.standing().isCatchingUp, { timeout: 60_000 }).toBe(false);

  await submit(runner, framesOf(story, 0, 20));

  await following.reached(400);
  expect(reports.length).toBeGreaterThan(0);
  expect(runner.log.last).toBe(400);
  await following.stop();
  await inner.close();
  await close();
}, 120_000);

/** Commands that did nothing. */
const batchOf = (first: number, count = 1): ExecutedBatch => ({
  first,
  count,
  frames: new Float64Array(count * FRAME_WORDS),
  codes: new Uint16Array(count),
  facts: new Float64Array(),
  events: new Float64Array(),
  eventEnds: new Uint32Array(count),
});
/** Time for whatever is to happen at once. */
const breathe = () => new Promise((resolve) => setTimeout(resolve, 20));

test("views take many small batches together, at once when somebody waits or many wait, and no failure is tried again sooner for that", async () => {
  let listener: ((batch: ExecutedBatch) => void) | undefined;
  const groups: number[][] = [];
  let failures = 0;
  const take = async (batches: readonly ExecutedBatch[]): Promise<number> => {
    groups.push(batches.map(({ first }) => first));
    const { first, count } = batches.at(-1)!;
    return first + count - 1;
  };
  const following = follow({
    listen: (each) => {
      listener = each;
      return () => undefined;
    },
    views: {
      sequence: async () => 0,
      apply: take,
      catchUp: async () => {
        if (failures++ < 1) throw new Error("not yet");
        return 0;
      },
      ask: () => Promise.reject(new Error("nobody asks")),
      close: async () => undefined,
    },
    report: () => undefined,
    retryMs: 2_000,
    // No test lasts so long: what is taken is taken because of what else happens.
    paceMs: 3_600_000,
  });
  await breathe();
  // Batches come while a failure is waited out.
  expect(failures).toBe(1);
  listener!(batchOf(1));
  await breathe();
  expect([failures, groups]).toEqual([1, []]);
  await following.reached(1);
  expect(failures).toBe(2);
  for (let first = 2; first <= 9; first++) {
    listener!(batchOf(first));
    await Promise.resolve();
  }
  await breathe();
  const before = groups.flat();
  await following.reached(9);
  expect(before).toEqual([1]);
  expect(groups.slice(1)).toEqual([[2, 3, 4, 5, 6, 7, 8, 9]]);
  listener!(batchOf(10));
  await breathe();
  listener!(batchOf(11, 16_384));
  await breathe();
  expect(groups.slice(2)).toEqual([[10, 11]]);
  listener!(batchOf(16_395));
  await breathe();
  expect(groups).toHaveLength(3);
  // Whoever stops does not wait for the end of a rest.
  await following.stop();
});

test("embedded views are opened by one process at a time", async () => {
  const story = play("calm", seed, 60, [20]);
  const { path, close } = await openVenue(story.capacities);
  const views = await startViews({ directory: path });
  await expect(startViews({ directory: path })).rejects.toThrow(/views is in use by process/);
  await views.close();
  await (await startViews({ directory: path })).close();
  await close();
});

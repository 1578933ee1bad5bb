/** The watchtower: follows a node through rotation, restarts and torn tails, and raises the alarm at the first thing that is not so. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Alarm,
  HALT_FILE,
  Runner,
  SegmentLog,
  type WatchOptions,
  type WatchStatus,
  genesisOf,
  isHalted,
  raiseHalt,
  watch,
} from "@bulkhead/server";
import { describe, expect, test, vi } from "vitest";
import { spoil } from "./memoryDisk.ts";
import { type Disks, capacities, disks, frameOf, story } from "./story.ts";

const SEGMENT = 16 * 4_096;
const open = (storages: Disks) => Runner.open(storages, { capacities, segmentBytes: SEGMENT, retryMs: 5 });

/** Accounts one after another, and now and then a refusal. */
function* commands(): Generator<Float64Array> {
  yield* story([]);
  for (let time = 2_000; ; time++) yield frameOf({ kind: "openAccount", time: time % 5 === 0 ? 1 : time });
}

/** A watch that looks often. */
function begin(storages: Disks, options: Partial<WatchOptions> = {}) {
  const stopping = new AbortController();
  let status: WatchStatus | undefined;
  const alarm = watch(
    { capacities, ...storages },
    {
      signal: stopping.signal,
      pollMs: 1,
      endMs: 10,
      onStatus: (now) => {
        status = now;
      },
      ...options,
    },
  );
  return {
    alarm,
    status: () => status,
    at: (sequence: number) => vi.waitFor(() => expect(status).toMatchObject({ sequence, isAtEnd: true })),
    stop: async (): Promise<Alarm | undefined> => {
      stopping.abort();
      return alarm;
    },
  };
}

async function submit(runner: Runner, source: Generator<Float64Array>, count: number): Promise<void> {
  for (let each = 0; each < count; each++) await runner.submit(source.next().value as Float64Array);
}

describe("a watchtower", () => {
  test("follows a node that rotates, restarts, is killed and leaves a torn tail", async () => {
    const storages = disks();
    const tower = begin(storages, { auditEvery: 20 });
    const source = commands();
    let { runner } = await open(storages);
    await submit(runner, source, 40);
    await tower.at(40);
    await runner.close();
    ({ runner } = await open(storages));
    await submit(runner, source, 10);
    await tower.at(50);
    // The next batch is cut short, and seen so for a while.
    storages.log.fault = (operation) => (operation === "write" ? 200 : undefined);
    const group = Array.from({ length: 100 }, () => source.next().value as Float64Array);
    await expect(Promise.all(group.map((frame) => runner.submit(frame)))).rejects.toThrow("EIO");
    await new Promise((resolve) => setTimeout(resolve, 40));
    storages.log.crash(() => true);
    const back = await open(storages);
    expect(back.recovery).toMatchObject({ wasTorn: true });
    await submit(back.runner, commands(), 30);
    await tower.at(80);
    expect((await storages.log.list()).filter((name) => name.endsWith("log")).length).toBeGreaterThan(2);
    const status = tower.status()!;
    expect(status.audits).toBeGreaterThanOrEqual(3);
    expect(status.refused).toBeGreaterThan(0);
    expect(await tower.stop()).toBeUndefined();
  });

  test("begins with a snapshot, and audits it first", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    const source = commands();
    await submit(runner, source, 30);
    await runner.snapshot();
    await submit(runner, source, 5);
    const tower = begin(storages, { fromSnapshot: true });
    await tower.at(35);
    expect(tower.status()).toMatchObject({ batches: 6, audits: 1, auditedAt: 30 });
    await submit(runner, source, 5);
    await tower.at(40);
    expect(await tower.stop()).toBeUndefined();
  });

  test("audits what happens by time too, and not while nothing does", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    const source = commands();
    const tower = begin(storages, { auditMs: 20 });
    await submit(runner, source, 5);
    await vi.waitFor(() => expect(tower.status()).toMatchObject({ auditedAt: 5 }));
    const { audits } = tower.status()!;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(tower.status()).toMatchObject({ audits });
    await tower.stop();
  });

  test("raises the alarm when a node writes receipts that do not come of its commands", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    const tower = begin(storages);
    await submit(runner, commands(), 20);
    await runner.close();
    await tower.at(20);
    // Somebody who has the node's log, and its keys, writes on.
    const { log } = await SegmentLog.open(storages.log, {
      genesis: genesisOf(capacities),
      segmentBytes: SEGMENT,
    });
    const batches: Parameters<typeof log.append>[0][] = [];
    for await (const batch of log.read(20)) batches.push(batch);
    await log.append({ ...batches[0]!, first: 21 });
    expect(await tower.alarm).toMatchObject({
      kind: "divergence",
      sequence: 20,
      problem: expect.stringContaining("commands 21 to 21"),
    });
  });

  test("raises the alarm at a batch that is damaged, while the node goes on beyond it", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    const source = commands();
    await submit(runner, source, 3);
    await spoil(storages.log, "0000000000000001.log", 4_096 * 2 + 100);
    const tower = begin(storages);
    expect(await tower.alarm).toMatchObject({
      kind: "damage",
      sequence: 1,
      problem: expect.stringContaining("command 2 was to be in the batch at byte 8192, which is damaged"),
    });
  });

  test("raises the alarm at a state that breaks an invariant, whatever its receipts say", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    const source = commands();
    await submit(runner, source, 20);
    // Money that nobody paid in.
    const { engine } = runner;
    const { f64, marks } = engine.venue.vault.arena;
    const cell = f64.findIndex((value, at) => {
      if (value < 1e8) return false;
      f64[at] = value + 1;
      const isNoticed = engine.audit().length > 0;
      if (!isNoticed) f64[at] = value;
      return isNoticed;
    });
    marks[Math.floor(cell / 512)] = 255;
    await runner.snapshot();
    const alarm = await begin(storages, { fromSnapshot: true }).alarm;
    expect(alarm).toMatchObject({ kind: "invariant", sequence: 20 });
    expect(alarm!.findings.length).toBeGreaterThan(0);
  });

  test("raises the alarm at a log of another venue, or that begins too late", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    await submit(runner, commands(), 40);
    const stopping = new AbortController();
    const other = { ...capacities, accounts: capacities.accounts + 1 };
    expect(await watch({ capacities: other, ...storages }, { signal: stopping.signal })).toMatchObject({
      kind: "damage",
      problem: expect.stringContaining("other capacities"),
    });
    await runner.log.forget(30);
    expect(await begin(storages).alarm).toMatchObject({
      kind: "damage",
      problem: expect.stringMatching(/the log goes on with command \d+; what followed 0 is not there/),
    });
  });

  test("waits for a log that is not there yet, and stops when told to", async () => {
    const storages = disks();
    const tower = begin(storages);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(tower.status()).toBeUndefined();
    expect(await tower.stop()).toBeUndefined();
    const later = begin(storages);
    const { runner } = await open(storages);
    await submit(runner, commands(), 3);
    await later.at(3);
    await later.stop();
  });
});

describe("a halt", () => {
  const halt = { time: "2026-11-21T12:00:00.000Z", by: "test", kind: "damage", sequence: 7, reason: "why" };

  test("is there once it is raised, the first one, until it is taken away", async () => {
    const path = await mkdtemp(join(tmpdir(), "bulkhead-halt-"));
    const file = join(path, HALT_FILE);
    expect(await isHalted(path)).toBeUndefined();
    expect(await raiseHalt(file, halt)).toBe(true);
    expect(await raiseHalt(file, { ...halt, sequence: 8 })).toBe(false);
    expect(await isHalted(path)).toEqual(halt);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ format: 1, ...halt });
    for (const text of ["", "{", '{"format": 2}']) {
      await writeFile(file, text);
      expect(await isHalted(path)).toMatchObject({ kind: "unreadable" });
    }
    await rm(file);
    expect(await isHalted(path)).toBeUndefined();
    await rm(path, { recursive: true });
  });
});

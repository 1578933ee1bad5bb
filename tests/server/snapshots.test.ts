/** Snapshots: what was told to be kept is there after any crash, a damaged one costs time and nothing else, and commands go on meanwhile. */
import { EventEmitter, once } from "node:events";
import { hex } from "@bulkhead/engine";
import { Runner } from "@bulkhead/server";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { untilSeen } from "../untilSeen.ts";
import type { Operation } from "./memoryDisk.ts";
import { spoil } from "./memoryDisk.ts";
import { type Disks, capacities, disks, frameOf, orders, story, uninterrupted } from "./story.ts";

const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 100) / 2);
const SEGMENT = 16 * 4_096;

/** So few pages at a time that a small venue takes many turns. */
const open = (storages: Disks, snapshotSlice = 2) =>
  Runner.open(storages, { capacities, segmentBytes: SEGMENT, retryMs: 5, snapshotSlice });

/** Accounts, one every millisecond from a time on. */
function accounts(count: number, from = 2_000): Float64Array[] {
  return Array.from({ length: count }, (_, index) => frameOf({ kind: "openAccount", time: from + index }));
}

/** Plays commands in groups, with a snapshot after each. @returns the frames, and the sequences of the snapshots */
async function chained(storages: Disks, groups: number, size = 2) {
  const frames = [...story([]), ...accounts(groups * size)];
  const { runner } = await open(storages);
  const taken: number[] = [];
  const setUp = frames.length - groups * size;
  await Promise.all(frames.slice(0, setUp).map((frame) => runner.submit(frame)));
  for (let group = 0; group < groups; group++) {
    const at = setUp + group * size;
    await Promise.all(frames.slice(at, at + size).map((frame) => runner.submit(frame)));
    taken.push(await runner.snapshot());
  }
  await runner.close();
  return { frames, taken };
}

const snapshotNames = async ({ snapshots }: Disks): Promise<string[]> =>
  (await snapshots.list()).filter((name) => /\.(base|delta)$/.test(name));
const kinds = async (storages: Disks): Promise<string[]> =>
  (await snapshotNames(storages)).map((name) => name.slice(17));

const PAGE = 4_096;
/** Bytes of an entry of a file's table. */
const ENTRY = 20;

/** Numbers of the pages in a file, in its order. */
function numbersIn(file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset);
  const pages = view.getFloat64(24, true);
  return Array.from({ length: pages }, (_, slot) => view.getInt32((1 + pages) * PAGE + slot * ENTRY, true));
}

describe("snapshots", () => {
  test("are there after any failure and any crash, once they were told of", async () => {
    const seen = { fallen: 0, bases: 0, deltas: 0 };
    await untilSeen(seen, () =>
      fc.assert(
        fc.asyncProperty(
          orders,
          fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }),
          fc.nat(120),
          fc.boolean(),
          fc.infiniteStream(fc.boolean()),
          async (placed, groups, faultAt, isDone, coin) => {
            const frames = story(placed);
            const storages = disks();
            let { runner } = await open(storages);
            let operations = 0;
            storages.snapshots.fault = (operation: Operation, bytes) => {
              if (operations++ !== faultAt) return undefined;
              if (operation === "write") return isDone ? Math.floor(bytes / 2) : 0;
              return Number(isDone);
            };
            let [told, at] = [0, 0];
            for (let turn = 0; at < frames.length; turn++) {
              const group = frames.slice(at, at + (groups[turn % groups.length] as number));
              at += group.length;
              const answers = group.map((frame) => runner.submit(frame));
              const snapshot = runner.snapshot().then(
                (sequence) => (told = Math.max(told, sequence)),
                () => seen.fallen++,
              );
              await Promise.all(answers);
              await snapshot;
              if (turn % 5 !== 4) continue;
              // The power goes, in the middle of the day.
              storages.log.crash(() => coin.next().value!);
              storages.snapshots.crash(() => coin.next().value!);
              const back = await open(storages);
              expect(back.recovery.snapshot).toBeGreaterThanOrEqual(told);
              expect(back.runner.engine.sequence).toBe(at);
              expect(hex(back.runner.engine.stateHash())).toBe(uninterrupted(frames.slice(0, at)).hash);
              ({ runner } = back);
            }
            for (const kind of await kinds(storages)) seen[kind === "base" ? "bases" : "deltas"]++;
            const back = await open(storages);
            expect(back.recovery.snapshot).toBeGreaterThanOrEqual(told);
            expect(hex(back.runner.engine.stateHash())).toBe(uninterrupted(frames).hash);
          },
        ),
        { numRuns: RUNS },
      ),
    );
  });

  test("that are damaged anywhere but in a page that a later one brings are passed over for an older state and a longer replay", async () => {
    const storages = disks();
    const { frames, taken } = await chained(storages, 5);
    const { hash } = uninterrupted(frames);
    const names = await storages.snapshots.list();
    expect(names.map((name) => name.slice(17))).toEqual(["base", "delta", "delta", "delta", "delta"]);
    const content = names.map((name) => storages.snapshots.files.get(name)!.seen.slice());
    const isBroughtLater = (which: number, slot: number): boolean => {
      const [number, ...after] = numbersIn(content[which]!).slice(slot);
      return [...after, ...content.slice(which + 1).flatMap(numbersIn)].includes(number!);
    };
    const seen = { passedOver: 0, broughtLater: 0 };
    await untilSeen(seen, () =>
      fc.assert(
        fc.asyncProperty(fc.nat(names.length - 1), fc.nat(2 ** 30), async (which, at) => {
          const place = at % content[which]!.length;
          await spoil(storages.snapshots, names[which]!, place);
          try {
            const { runner, recovery } = await open(storages);
            expect(hex(runner.engine.stateHash())).toBe(hash);
            expect(recovery.replayed).toBe(frames.length - recovery.snapshot);
            const slot = Math.floor(place / PAGE) - 1;
            const isLater = slot >= 0 && isBroughtLater(which, slot);
            // Nothing is said by the rest of the first block.
            const isMissed = (place < 224 || place >= PAGE) && !isLater;
            if (isMissed) seen.passedOver++;
            if (isLater) seen.broughtLater++;
            expect(recovery.snapshot).toBe(isMissed ? (taken[which - 1] ?? 0) : taken.at(-1));
            await runner.close();
          } finally {
            await spoil(storages.snapshots, names[which]!, place);
          }
        }),
        { numRuns: RUNS * 2 },
      ),
    );
  });

  test("cut short, exchanged, or of another state under their name are passed over too", async () => {
    const storages = disks();
    const { taken } = await chained(storages, 4);
    const { files } = storages.snapshots;
    const names = [...files.keys()].toSorted();
    const whole = new Map(files);
    const newest = async (): Promise<number> => {
      const { runner, recovery } = await open(storages);
      await runner.close();
      for (const [name, stored] of whole) files.set(name, stored);
      return recovery.snapshot;
    };
    const cut = files.get(names[3]!)!.seen.slice(0, -1);
    files.set(names[3]!, { seen: cut, durable: cut });
    expect(await newest()).toBe(taken[2]);
    files.set(names[2]!, files.get(names[1]!)!);
    expect(await newest()).toBe(taken[1]);
    files.delete(names[0]!);
    expect(await newest()).toBe(0);
    expect(await newest()).toBe(taken[3]);
  });

  test("begin a new chain once the present one is long, and keep the one before", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    const chains = new Set<string>();
    let time = 1;
    while (chains.size < 4) {
      await runner.submit(frameOf({ kind: "openAccount", time: time++ }));
      await runner.snapshot();
      const names = await storages.snapshots.list();
      const bases = names.filter((name) => name.endsWith("base"));
      for (const base of bases) chains.add(base);
      expect(names[0]).toBe(bases[0]);
      expect(bases.length).toBe(Math.min(2, chains.size));
      expect(names.indexOf(bases[1] ?? "") - 1).toBeLessThanOrEqual(8);
    }
    // A chain that is lost leaves the one before it.
    const names = await storages.snapshots.list();
    const lost = names.findLastIndex((name) => name.endsWith("base"));
    await spoil(storages.snapshots, names[lost]!, 5_000);
    const back = await open(storages);
    expect(back.recovery.snapshot).toBe(Number(names[lost - 1]!.slice(0, 16)));
    expect(hex(back.runner.engine.stateHash())).toBe(hex(runner.engine.stateHash()));
  });

  test("go on from what was whole, and begin a new chain after one that failed", async () => {
    const storages = disks();
    const { taken } = await chained(storages, 3);
    await spoil(storages.snapshots, (await storages.snapshots.list())[2]!, 5_000);
    const { runner, recovery } = await open(storages);
    expect(recovery.snapshot).toBe(taken[1]);
    await runner.snapshot();
    expect((await kinds(storages)).at(-1)).toBe("delta");
    expect((await open(storages)).recovery.snapshot).toBe(taken[2]);
    await runner.submit(frameOf({ kind: "openAccount", time: 5_000 }));
    storages.snapshots.fault = (operation) => (operation === "sync" ? 0 : undefined);
    await expect(runner.snapshot()).rejects.toThrow("EIO");
    storages.snapshots.fault = () => undefined;
    expect(await runner.snapshot()).toBe(taken[2]! + 1);
    expect((await kinds(storages)).at(-1)).toBe("base");
    expect((await open(storages)).recovery).toMatchObject({ snapshot: taken[2]! + 1, replayed: 0 });
  });

  test("have never seen more than the log", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    await Promise.all(story([]).map((frame) => runner.submit(frame)));
    await runner.snapshot();
    const { last } = runner.log;
    const hold = new EventEmitter();
    storages.log.held = once(hold, "over").then(() => undefined);
    storages.log.fault = () => 0;
    const answers = Promise.allSettled([
      runner.submit(frameOf({ kind: "openAccount", time: 5_000 })),
      runner.snapshot(),
    ]);
    await vi.waitFor(async () => expect(await storages.snapshots.list()).toContain("unfinished"));
    // Long enough for the snapshot to be whole but for its name.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await snapshotNames(storages)).toEqual([expect.stringContaining(`${last}.base`)]);
    hold.emit("over");
    expect((await answers).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(runner.engine.sequence).toBe(last + 1);
    expect(await snapshotNames(storages)).toHaveLength(1);
    storages.log.held = undefined;
    storages.log.crash(() => false);
    expect((await open(storages)).recovery).toMatchObject({ snapshot: last, replayed: 0 });
  });

  test("are not written again while nothing happens, nor of a venue that has seen nothing", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    expect(await runner.snapshot()).toBe(0);
    await runner.submit(frameOf({ kind: "openAccount", time: 1 }));
    expect(await Promise.all([runner.snapshot(), runner.snapshot()])).toEqual([1, 1]);
    expect(await storages.snapshots.list()).toEqual(["0000000000000001.base"]);
  });
});

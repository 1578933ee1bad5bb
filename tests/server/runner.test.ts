/** The runner: what it has told is there again after any crash, and the state is that of a node that never stopped. */
import { DecodeError, hex, refusalOf } from "@bulkhead/engine";
import { Divergence, LogError, NoRoom, type Outcome, Runner, type RunnerOptions } from "@bulkhead/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { usd } from "../engine/venue.ts";
import { untilSeen } from "../untilSeen.ts";
import { MemoryDisk } from "./memoryDisk.ts";
import { type Disks, capacities, disks, frameOf, orders, story, uninterrupted } from "./story.ts";

const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 100) / 4);
const SEGMENT = 16 * 4_096;
const open = (storages: Disks) => Runner.open(storages, { capacities, segmentBytes: SEGMENT, retryMs: 5 });
const submit = (to: Runner) => to.submit(frameOf({ kind: "openAccount", time: 1 }));
const settled = (submissions: readonly Promise<Outcome>[]) => Promise.allSettled(submissions);

/** A venue that was closed after a snapshot and some more commands. */
async function written(): Promise<{ storages: Disks; frames: Float64Array[] }> {
  const frames = story([{ trader: 1, side: 0, price: 100, lots: 5 }]);
  const storages = disks();
  const { runner } = await open(storages);
  await settled(frames.slice(0, 10).map((frame) => runner.submit(frame)));
  await runner.snapshot();
  await settled(frames.slice(10).map((frame) => runner.submit(frame)));
  await runner.close();
  return { storages, frames };
}

describe("a runner", () => {
  test("answers as the engine does, once the command is durable, and is the same after any crash", async () => {
    const seen = { lost: 0, kept: 0 };
    await untilSeen(seen, () =>
      fc.assert(
        fc.asyncProperty(
          orders,
          fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }),
          fc.nat(40),
          fc.boolean(),
          fc.constantFrom("all", "some", "none"),
          fc.infiniteStream(fc.boolean()),
          async (placed, groups, faultAt, snapshots, survivors, coin) => {
            const frames = story(placed);
            const storages = disks();
            const { runner } = await open(storages);
            let operations = 0;
            storages.log.fault = (operation, bytes) => {
              if (operations++ !== faultAt) return undefined;
              if (operation === "sync") throw new Error("EIO");
              return Math.floor(bytes / 2);
            };
            const told: Outcome[] = [];
            for (let at = 0, turn = 0; at < frames.length && runner.log.condition === "open"; turn++) {
              const group = frames.slice(at, at + (groups[turn % groups.length] as number));
              at += group.length;
              for (const each of await settled(group.map((frame) => runner.submit(frame))))
                if (each.status === "fulfilled") told.push(each.value);
              if (snapshots && turn % 3 === 1 && runner.log.condition === "open") await runner.snapshot();
            }
            expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, index) => index + 1));
            expect(told.map(({ code }) => code)).toEqual(uninterrupted(frames.slice(0, told.length)).codes);
            const survives = () => (survivors === "some" ? coin.next().value! : survivors === "all");
            storages.log.crash(survives);
            storages.snapshots.crash(survives);
            const back = await open(storages);
            const { sequence } = back.runner.engine;
            expect(sequence).toBeGreaterThanOrEqual(told.length);
            expect(hex(back.runner.engine.stateHash())).toBe(uninterrupted(frames.slice(0, sequence)).hash);
            if (sequence < frames.length) seen.lost++;
            if (sequence > told.length) seen.kept++;
            for (const each of await settled(
              frames.slice(sequence).map((frame) => back.runner.submit(frame)),
            ))
              expect(each.status).toBe("fulfilled");
            expect(hex(back.runner.engine.stateHash())).toBe(uninterrupted(frames).hash);
            await back.runner.close();
          },
        ),
        { numRuns: 2 * RUNS },
      ),
    );
  });

  test("takes in nothing that is no command", async () => {
    const { runner } = await open(disks());
    const wrong = frameOf({ kind: "openAccount", time: 1 });
    wrong[5] = Number.NaN;
    const [bad, good] = await settled([
      runner.submit(wrong),
      runner.submit(frameOf({ kind: "openAccount", time: 1 })),
    ]);
    expect(bad).toMatchObject({ status: "rejected", reason: expect.any(DecodeError) });
    expect(good).toMatchObject({ status: "fulfilled", value: { sequence: 1, code: 0 } });
    expect(runner.log.last).toBe(1);
  });

  test("executes nothing that a full disk has no room for, tells its state meanwhile, and goes on by itself", async () => {
    const seen = { told: 0, refused: 0, behindOthers: 0 };
    await untilSeen(seen, () =>
      fc.assert(
        fc.asyncProperty(
          orders,
          fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 }),
          fc.nat(2),
          async (placed, groups, segments) => {
            const waiting = story(placed);
            const storages = disks();
            storages.log.room = SEGMENT * (1 + segments);
            const { runner } = await open(storages);
            const told: Float64Array[] = [];
            for (let turn = 0; waiting.length > 0; turn++) {
              const group = waiting.splice(0, groups[turn % groups.length] as number);
              const submissions = group.map(async (frame, index) => {
                // Some come while others are on their way to the disk.
                for (let turns = 5 * index; turns > 0; turns--) await Promise.resolve();
                return runner.submit(frame);
              });
              const refused: Float64Array[] = [];
              for (const [index, each] of (await settled(submissions)).entries()) {
                const frame = group[index]!;
                if (each.status === "fulfilled") told[each.value.sequence - 1] = frame;
                else {
                  expect(each.reason).toBeInstanceOf(NoRoom);
                  refused.push(frame);
                }
              }
              seen.refused += refused.length;
              if (refused.length > 0 && refused.length < group.length) seen.behindOthers++;
              expect([...told.keys()].filter((index) => told[index] === undefined)).toEqual([]);
              expect(await runner.read(({ sequence }) => sequence)).toBe(told.length);
              expect(runner.log.last).toBe(told.length);
              if (refused.length === 0) continue;
              expect(runner.log.condition).toBe("full");
              expect(await settled([runner.submit(group[0]!)])).toMatchObject([
                { status: "rejected", reason: { fault: "full" } },
              ]);
              expect(await runner.snapshot()).toBe(told.length);
              storages.log.room = SEGMENT;
              while (runner.log.condition === "full") await new Promise((resolve) => setTimeout(resolve, 1));
              waiting.unshift(...refused);
            }
            seen.told += told.length;
            const { hash } = uninterrupted(told);
            expect(hex(runner.engine.stateHash())).toBe(hash);
            await runner.close();
            const back = await open(storages);
            expect(hex(back.runner.engine.stateHash())).toBe(hash);
            await back.runner.close();
          },
        ),
        { numRuns: RUNS },
      ),
    );
  });

  test("that is closed while its log is full has lost nothing, and goes on when it is opened with room", async () => {
    const storages = disks();
    storages.log.room = SEGMENT;
    const { runner } = await open(storages);
    let told = 0;
    while (runner.log.condition === "open")
      await submit(runner).then(
        () => told++,
        (error: unknown) => expect(error).toBeInstanceOf(NoRoom),
      );
    await runner.close();
    // Without room it opens all the same, and can be asked.
    const full = await open(storages);
    expect(await full.runner.read(({ sequence }) => sequence)).toBe(told);
    await expect(submit(full.runner)).rejects.toBeInstanceOf(NoRoom);
    await full.runner.close();
    storages.log.room = SEGMENT;
    const back = await open(storages);
    expect((await submit(back.runner)).sequence).toBe(told + 1);
    await back.runner.close();
  });
});

describe("a snapshot", () => {
  test("is taken while commands never stop coming", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    const enough = new AbortController();
    let time = 1;
    const pour = async () => {
      while (!enough.signal.aborted) await runner.submit(frameOf({ kind: "openAccount", time: time++ }));
    };
    const pouring = [pour(), pour(), pour()];
    const sequence = await runner.snapshot();
    enough.abort();
    await Promise.all(pouring);
    await runner.close();
    const back = await open(storages);
    expect(back.recovery).toMatchObject({ snapshot: sequence });
    expect(hex(back.runner.engine.stateHash())).toBe(hex(runner.engine.stateHash()));
  });

  test("is refused once the engine is ahead of its log, as is every command", async () => {
    const storages = disks();
    const { runner } = await open(storages);
    await runner.submit(frameOf({ kind: "openAccount", time: 1 }));
    storages.log.fault = () => {
      throw new Error("EIO");
    };
    const failed = { status: "rejected", reason: expect.any(LogError) };
    expect(await settled([runner.submit(frameOf({ kind: "openAccount", time: 2 }))])).toMatchObject([failed]);
    storages.log.fault = () => undefined;
    await expect(runner.snapshot()).rejects.toThrow(LogError);
    expect(await settled([runner.submit(frameOf({ kind: "openAccount", time: 3 }))])).toMatchObject([failed]);
    storages.log.crash(() => true);
    expect((await open(storages)).recovery).toMatchObject({ snapshot: 0 });
  });

  test("of another venue is not begun with", async () => {
    const { storages } = await written();
    const other = disks();
    const { runner } = await Runner.open(other, {
      capacities: { ...capacities, accounts: capacities.accounts + 1 },
      segmentBytes: SEGMENT,
    });
    await settled(story([]).map((frame) => runner.submit(frame)));
    await runner.snapshot();
    await runner.close();
    const { recovery } = await open({ log: storages.log, snapshots: other.snapshots });
    expect(recovery).toMatchObject({ snapshot: 0 });
  });
});

describe("recovery", () => {
  test("begins at the newest snapshot, and at an older state if that is damaged", async () => {
    const { storages, frames } = await written();
    const whole = await open(storages);
    expect(whole.recovery).toMatchObject({ snapshot: 10, replayed: frames.length - 10, wasTorn: false });
    const [name] = [...storages.snapshots.files.keys()];
    storages.snapshots.files.get(name!)!.seen[9_000]! ^= 1;
    const damaged = await open(storages);
    expect(damaged.recovery).toMatchObject({ snapshot: 0, replayed: frames.length });
    expect(hex(damaged.runner.engine.stateHash())).toBe(hex(whole.runner.engine.stateHash()));
  });

  test("refuses a log that is shorter than a snapshot, and a venue of other capacities", async () => {
    const { storages } = await written();
    const other = { ...capacities, accounts: capacities.accounts + 1 };
    await expect(Runner.open(storages, { capacities: other, segmentBytes: SEGMENT })).rejects.toThrow(
      LogError,
    );
    const empty = { log: new MemoryDisk(), snapshots: storages.snapshots };
    await expect(open(empty)).rejects.toThrow(/the log ends with command 0, a snapshot has seen 10/);
  });

  test("judges once more where the judge refused something then", async () => {
    const storages = disks();
    const options: RunnerOptions = {
      capacities,
      segmentBytes: SEGMENT,
      judge: (own) => ({
        verdict: own.verdict,
        judge: (vault, tier, events, now) => {
          own.judge(vault, tier, events, now);
          if (now === 7_777) own.verdict.breach(1, 0, 1);
          return own.verdict;
        },
      }),
    };
    const { runner } = await Runner.open(storages, options);
    await settled(story([]).map((frame) => runner.submit(frame)));
    await runner.snapshot();
    const { code } = await runner.submit(frameOf({ kind: "openAccount", time: 7_777 }));
    expect(refusalOf(code as never)).toBe("invariant_broken");
    await runner.submit(frameOf({ kind: "openAccount", time: 7_778 }));
    const hash = hex(runner.engine.stateHash());
    await runner.close();
    const back = await Runner.open(storages, options);
    expect(hex(back.runner.engine.stateHash())).toBe(hash);
    expect(back.recovery).toMatchObject({ replayed: 2 });
  });

  test("stops where the engine answers otherwise than the log says", async () => {
    const { storages } = await written();
    const { SegmentLog, genesisOf } = await import("@bulkhead/server");
    const genesis = genesisOf(capacities);
    const { log } = await SegmentLog.open(storages.log, { genesis, segmentBytes: SEGMENT });
    const forged = new MemoryDisk();
    const { log: copy } = await SegmentLog.open(forged, { genesis, segmentBytes: SEGMENT });
    for await (const batch of log.read(1)) {
      const records = batch.records.slice();
      // The first deposit is a micro-dollar larger: the record of command 6, as found by its amount.
      const at = Buffer.from(records).indexOf(Buffer.from(Float64Array.of(usd(1_000)).buffer));
      if (batch.first === 1) new DataView(records.buffer).setFloat64(at, usd(1_000) + 1, true);
      await copy.append({ ...batch, records });
    }
    const opened = Runner.open(
      { log: forged, snapshots: new MemoryDisk() },
      { capacities, segmentBytes: SEGMENT },
    );
    await expect(opened).rejects.toThrow(Divergence);
    await expect(opened).rejects.toThrow(
      /commands 1 to 10: the engine's receipts are not those the log was written with/,
    );
  });
});

test("refusals are recorded like everything else", async () => {
  const storages = disks();
  const { runner } = await open(storages);
  const { code } = await runner.submit(frameOf({ kind: "listTier", time: 5, minInitialMargin: 10_000 }));
  const again = await runner.submit(frameOf({ kind: "listTier", time: 4, minInitialMargin: 10_000 }));
  expect([refusalOf(code as never), refusalOf(again.code as never)]).toContain("clock_went_back");
  const back = await open(storages);
  expect(back.runner.engine.sequence).toBe(2);
});

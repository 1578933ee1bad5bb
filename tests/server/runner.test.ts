/** The runner: what it has told is there again after any crash, and the state is that of a node that never stopped. */
import { DecodeError, hex, refusalOf } from "@bulkhead/engine";
import { Divergence, LogError, type Outcome, Runner, type RunnerOptions } from "@bulkhead/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { usd } from "../engine/venue.ts";
import { MemoryDisk } from "./memoryDisk.ts";
import { type Disks, capacities, disks, frameOf, orders, story, uninterrupted } from "./story.ts";

const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 100) / 4);
const SEGMENT = 16 * 4_096;
const open = (storages: Disks) => Runner.open(storages, { capacities, segmentBytes: SEGMENT, retryMs: 5 });
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
    let [lost, kept] = [0, 0];
    await fc.assert(
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
          if (sequence < frames.length) lost++;
          if (sequence > told.length) kept++;
          for (const each of await settled(frames.slice(sequence).map((frame) => back.runner.submit(frame))))
            expect(each.status).toBe("fulfilled");
          expect(hex(back.runner.engine.stateHash())).toBe(uninterrupted(frames).hash);
          await back.runner.close();
        },
      ),
      { numRuns: RUNS },
    );
    expect(Math.min(lost, kept)).toBeGreaterThan(0);
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

  test("waits for room on a full disk, refuses what comes meanwhile, and loses nothing", async () => {
    const storages = disks();
    storages.log.room = SEGMENT;
    const { runner } = await open(storages);
    const frames = story([]);
    const told: Outcome[] = [];
    let waiting: Promise<unknown> | undefined;
    let asked: Promise<unknown> | undefined;
    for (let index = 0; waiting === undefined; index++) {
      const submission = runner.submit(
        frames[index] ?? frameOf({ kind: "openAccount", time: 2_000 + index }),
      );
      const answered = submission.then((outcome) => told.push(outcome));
      // Asked while the batch is on its way to the disk.
      for (let turn = 0; turn < 4; turn++) await Promise.resolve();
      asked = runner.read(() => 0);
      asked.catch(() => undefined);
      await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 20))]);
      if (runner.log.condition === "full") waiting = answered;
    }
    const [refused] = await settled([runner.submit(frameOf({ kind: "openAccount", time: 9_000 }))]);
    expect(refused).toMatchObject({ status: "rejected", reason: { fault: "full" } });
    await expect(asked).rejects.toMatchObject({ fault: "full" });
    await expect(runner.read(() => 0)).rejects.toMatchObject({ fault: "full" });
    storages.log.room = SEGMENT * 2;
    await waiting;
    expect(runner.log.condition).toBe("open");
    expect(await runner.read(({ sequence }) => sequence)).toBe(runner.log.last);
    await runner.submit(frameOf({ kind: "openAccount", time: 9_000 }));
    expect((await open(storages)).runner.engine.sequence).toBe(told.length + 1);
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

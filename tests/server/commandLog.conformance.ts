/** What the node asks of whatever keeps its commands: every adapter of the port, and every place it can stand on, passes these tests. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Batch, type CommandLog, LogError } from "@bulkhead/server";
import { untilSeen } from "../untilSeen.ts";

/** A place where a log is kept, and what can happen to it there. */
export interface LogBench {
  /** Opens the log that is kept there, or begins one. @param genesis - what it is of */
  readonly open: (genesis?: Uint8Array) => Promise<{ readonly log: CommandLog; readonly wasTorn: boolean }>;
  /** Records of a batch that is larger than any the log takes. */
  readonly tooLarge: number;
  /** Lets everything from the next write on fail: with nothing or half of it done; or from the next sync on. */
  readonly fail: (how: "write" | "short" | "sync") => void;
  /** Whoever has it open is gone, and so are the faults. @param stays - asked about each piece that was written and is not durable */
  readonly crash: (stays: () => boolean) => Promise<void>;
  /** Leaves room for so many more segments. */
  readonly leaveRoom: (segments: number) => void;
  /** Puts a batch in the place of the durable one with its sequences and size, by someone who can make it look right in itself. */
  readonly forge: (batch: Batch) => Promise<void>;
  /** What was given up, from the archive. */
  readonly archived: () => Promise<readonly Batch[]>;
  readonly end: () => Promise<void>;
}

export const GENESIS: Uint8Array = new Uint8Array(32).fill(7);
/** Segments of the logs under test hold seven of these. */
export const BLOCK = 4_096;
export const BLOCKS = 8;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 100);

/** A batch of so many commands and bytes, told apart from others by its content. */
export function batchOf(first: number, count: number, bytes: number): Batch {
  const records = Uint8Array.from({ length: bytes }, (_, index) => (first * 31 + index * 7) % 251);
  return { first, count, records, head: new Uint8Array(32).fill(first % 256) };
}

export async function all(
  log: { read: (sequence: number) => AsyncIterable<Batch> },
  from = 1,
): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const each of log.read(from)) found.push(each);
  return found;
}

/** Batches, one a line; those of the same line are the same. */
export function linesOf(batches: readonly Batch[]): string {
  return batches
    .map(({ first, count, records, head }) => {
      const digest = createHash("sha256").update(records).update(head).digest("hex");
      return `${first}+${count} ${digest}`;
    })
    .join("\n");
}

/** Why a log did not do it. */
export async function faultOf(action: Promise<unknown>): Promise<string> {
  const error: unknown = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LogError);
  return (error as LogError).fault;
}

/** Appends small batches of one command each up to a sequence. */
async function fill(log: CommandLog, upTo: number): Promise<Batch[]> {
  const given: Batch[] = [];
  while (log.last < upTo) {
    given.push(batchOf(log.last + 1, 1, 100));
    await log.append(given.at(-1)!);
  }
  return given;
}

async function readAll(bench: LogBench): Promise<Batch[]> {
  const { log } = await bench.open();
  return all(log).finally(async () => log.close());
}

const shapes = fc.array(
  fc.record({ count: fc.integer({ min: 1, max: 9 }), bytes: fc.integer({ min: 0, max: 3 * BLOCK }) }),
  { maxLength: 12 },
);

/** Registers the tests for a log in a place. @param runs - share of the usual number of random cases */
export function describeCommandLog(where: string, begin: () => Promise<LogBench>, runs = 1): void {
  const numRuns = Math.ceil(RUNS * runs);

  /** Runs a scene in a place of its own. */
  async function inPlace(scene: (bench: LogBench) => Promise<void>): Promise<void> {
    const bench = await begin();
    try {
      await scene(bench);
    } finally {
      await bench.end();
    }
  }

  describe(`a log ${where}`, () => {
    let bench: LogBench;
    beforeEach(async () => {
      bench = await begin();
    });
    afterEach(async () => bench.end());

    test("begins empty", async () => {
      const { log, wasTorn } = await bench.open();
      expect([log.first, log.last, log.condition, wasTorn]).toEqual([1, 0, "open", false]);
      expect(await all(log)).toEqual([]);
      await log.close();
    });

    test("gives back what was appended, from any command on, over segments and openings", async () => {
      await fc.assert(
        fc.asyncProperty(shapes, fc.nat(12), async (sizes, reopenAt) =>
          inPlace(async (place) => {
            let { log } = await place.open();
            const given: Batch[] = [];
            for (const [index, { count, bytes }] of sizes.entries()) {
              if (index === reopenAt) {
                await log.close();
                ({ log } = await place.open());
              }
              given.push(batchOf(log.last + 1, count, bytes));
              await log.append(given.at(-1)!);
            }
            for (const [index, { first, count }] of given.entries()) {
              expect(linesOf(await all(log, first))).toBe(linesOf(given.slice(index)));
              expect((await all(log, first + count - 1))[0]?.first).toBe(first);
            }
            expect(await all(log, log.last + 1)).toEqual([]);
            await log.close();
            const again = await place.open();
            expect(again.wasTorn).toBe(false);
            expect(again.log.last).toBe(given.reduce((sum, { count }) => sum + count, 0));
            expect(linesOf(await all(again.log))).toBe(linesOf(given));
            await again.log.close();
          }),
        ),
        { numRuns: Math.ceil(numRuns / 3) },
      );
    });

    test("has taken a batch's bytes once it is durable: they are the caller's again", async () => {
      const { log } = await bench.open();
      const given = batchOf(1, 2, 300);
      const copy = { ...given, records: given.records.slice(), head: given.head.slice() };
      await log.append(copy);
      copy.records.fill(0);
      copy.head.fill(0);
      await log.append(batchOf(3, 1, 10));
      expect(linesOf(await all(log))).toBe(linesOf([given, batchOf(3, 1, 10)]));
      await log.close();
    });

    test("reads no further than what was durable when it was asked, and the rest when asked again", async () => {
      const { log } = await bench.open();
      await fill(log, 3);
      const found: number[] = [];
      for await (const { first } of log.read(1)) {
        found.push(first);
        if (log.last < 9) await fill(log, log.last + 1);
      }
      expect(found).toEqual([1, 2, 3]);
      expect(await all(log)).toHaveLength(6);
      await log.close();
    });

    test("takes only what goes on from its last command, and says what does not", async () => {
      const { log } = await bench.open();
      await log.append(batchOf(1, 4, 50));
      const wrong = [
        batchOf(1, 1, 10),
        batchOf(4, 1, 10),
        batchOf(6, 1, 10),
        batchOf(5, 0, 10),
        batchOf(5, 1, bench.tooLarge),
        { ...batchOf(5, 1, 10), head: new Uint8Array(4) },
      ];
      for (const each of wrong) expect(await faultOf(log.append(each))).toBe("misuse");
      await expect(log.append(batchOf(9, 2, 30))).rejects.toThrow(/2 from 9 with 30 bytes .* from 4/);
      const both = [log.append(batchOf(5, 1, 10)), log.append(batchOf(6, 1, 10))];
      expect(await faultOf(both[1]!)).toBe("misuse");
      await both[0];
      expect([log.last, log.condition]).toEqual([5, "open"]);
      expect(linesOf(await all(log))).toBe(linesOf([batchOf(1, 4, 50), batchOf(5, 1, 10)]));
      await log.close();
    });

    test("takes nothing once it is closed, and may be closed twice", async () => {
      const { log } = await bench.open();
      await log.append(batchOf(1, 1, 10));
      await log.close();
      await log.close();
      expect(log.condition).toBe("closed");
      expect(await faultOf(log.append(batchOf(2, 1, 10)))).toBe("closed");
    });

    test("of something else is not opened, and is not changed by the attempt", async () => {
      const { log } = await bench.open();
      const given = await fill(log, 9);
      await log.close();
      expect(await faultOf(bench.open(new Uint8Array(32)))).toBe("mismatch");
      const again = await bench.open();
      expect(linesOf(await all(again.log))).toBe(linesOf(given));
      await again.log.close();
    });

    test("has every batch it told of after a crash, and besides at most the one it had not", async () => {
      const seen = { torn: 0, kept: 0 };
      await untilSeen(seen, () =>
        fc.assert(
          fc.asyncProperty(
            shapes,
            fc.integer({ min: 1, max: 3 * BLOCK }),
            fc.constantFrom("write" as const, "sync" as const, "short" as const),
            fc.infiniteStream(fc.boolean()),
            async (sizes, lastBytes, how, coin) =>
              inPlace(async (place) => {
                const { log } = await place.open();
                const told: Batch[] = [];
                for (const { count, bytes } of sizes) {
                  told.push(batchOf(log.last + 1, count, bytes));
                  await log.append(told.at(-1)!);
                }
                const untold = batchOf(log.last + 1, 3, lastBytes);
                place.fail(how);
                expect(await faultOf(log.append(untold))).toBe("failed");
                expect([log.condition, log.last]).toEqual(["failed", untold.first - 1]);
                expect(await faultOf(log.append(untold))).toBe("failed");
                expect(linesOf(await all(log))).toBe(linesOf(told));
                await place.crash(() => coin.next().value!);
                const back = await place.open();
                if (back.wasTorn) seen.torn++;
                const found = await all(back.log);
                expect([linesOf(told), linesOf([...told, untold])]).toContain(linesOf(found));
                if (found.length > told.length) seen.kept++;
                // What was cut off is gone for good, whatever is written in its place.
                await place.crash(() => true);
                const cleared = await place.open();
                expect(cleared.wasTorn).toBe(false);
                const next = batchOf(cleared.log.last + 1, 1, 100);
                await cleared.log.append(next);
                await place.crash(() => false);
                const last = await place.open();
                expect(last.wasTorn).toBe(false);
                expect(linesOf(await all(last.log))).toBe(linesOf([...found, next]));
                await last.log.close();
              }),
          ),
          { numRuns },
        ),
      );
    });

    test("has every batch it told of, though nothing survives that was not made durable", async () => {
      await fc.assert(
        fc.asyncProperty(shapes, async (sizes) =>
          inPlace(async (place) => {
            const { log } = await place.open();
            const told: Batch[] = [];
            for (const { count, bytes } of sizes) {
              told.push(batchOf(log.last + 1, count, bytes));
              await log.append(told.at(-1)!);
            }
            await place.crash(() => false);
            const { log: back } = await place.open();
            expect(linesOf(await all(back))).toBe(linesOf(told));
            await back.close();
          }),
        ),
        { numRuns: Math.ceil(numRuns / 2) },
      );
    });

    test("shows every batch that another was put in the place of", async () => {
      for (const [victim, upTo] of [
        [2, 5],
        [7, 9],
        [1, 2],
      ] as const) {
        await inPlace(async (place) => {
          const { log } = await place.open();
          const given = await fill(log, upTo);
          await log.close();
          const records = given[victim - 1]!.records.slice();
          records[50]! ^= 1;
          await place.forge({ ...given[victim - 1]!, records });
          expect(await faultOf(readAll(place))).toBe("corrupt");
        });
      }
    });

    test("is full before anything is lost, and goes on once there is room", async () => {
      bench.leaveRoom(2);
      const { log } = await bench.open();
      const given: Batch[] = [];
      while (log.condition === "open") {
        const next = batchOf(log.last + 1, 1, 100);
        const outcome = await log.append(next).catch((error: unknown) => error);
        if (outcome === undefined) given.push(next);
        else expect((outcome as LogError).fault).toBe("full");
      }
      expect(given.length).toBeGreaterThan(0);
      expect(linesOf(await all(log))).toBe(linesOf(given));
      expect(await faultOf(log.append(batchOf(log.last + 1, 1, 100)))).toBe("full");
      expect([log.hasRoom(0), await faultOf(log.makeRoom(0))]).toEqual([false, "full"]);
      expect(linesOf(await all(log))).toBe(linesOf(given));
      bench.leaveRoom(1);
      given.push(...(await fill(log, log.last + 1)));
      expect(log.condition).toBe("open");
      await log.close();
      const again = await bench.open();
      expect(linesOf(await all(again.log))).toBe(linesOf(given));
      await again.log.close();
    });

    test("that is full is open again by itself once there is room", async () => {
      bench.leaveRoom(1);
      const { log } = await bench.open();
      while (log.condition === "open")
        await log.makeRoom(100).then(
          () => fill(log, log.last + 1),
          (error: LogError) => expect(error.fault).toBe("full"),
        );
      expect(log.last).toBe(BLOCKS - 1);
      bench.leaveRoom(1);
      await expect.poll(() => log.condition).toBe("open");
      expect(log.hasRoom(100)).toBe(true);
      await log.close();
    });

    test("takes what it said there is room for, whatever becomes of the disk, also behind a batch on its way", async () => {
      const seen = { said: 0, made: 0, refused: 0 };
      await untilSeen(seen, () =>
        fc.assert(
          fc.asyncProperty(
            fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 3 * BLOCK }), room: fc.nat(2) }), {
              minLength: 1,
              maxLength: 30,
            }),
            async (steps) =>
              inPlace(async (place) => {
                const { log } = await place.open();
                const given: Batch[] = [];
                let underWay = Promise.resolve();
                for (const { bytes, room } of steps) {
                  const isSaid = log.hasRoom(bytes);
                  if (isSaid) seen.said++;
                  else {
                    const refusal: unknown = await log.makeRoom(bytes).catch((error: unknown) => error);
                    seen[refusal === undefined ? "made" : "refused"]++;
                    if (refusal !== undefined) {
                      expect([refusal, log.condition]).toMatchObject([{ fault: "full" }, "full"]);
                      place.leaveRoom(room);
                      continue;
                    }
                  }
                  place.leaveRoom(room);
                  await underWay;
                  given.push(batchOf(log.last + 1, 1, bytes));
                  underWay = log.append(given.at(-1)!);
                }
                await underWay;
                await log.close();
                const again = await place.open();
                expect(linesOf(await all(again.log))).toBe(linesOf(given));
                await again.log.close();
              }),
          ),
          { numRuns },
        ),
      );
    });

    test("gives up whole segments to the archive first, never the one being written", async () => {
      const { log } = await bench.open();
      const given = await fill(log, 20);
      await log.forget(1);
      expect([log.first, await bench.archived()]).toEqual([1, []]);
      await log.forget(13);
      const { first } = log;
      expect(first).toBeGreaterThan(1);
      expect(first).toBeLessThanOrEqual(13);
      await log.forget(1_000);
      expect(log.first).toBeLessThanOrEqual(20);
      const kept = await all(log);
      expect(kept[0]?.first).toBe(log.first);
      expect(linesOf([...(await bench.archived()), ...kept])).toBe(linesOf(given));
      given.push(...(await fill(log, 30)));
      await log.close();
      const again = await bench.open();
      expect(linesOf([...(await bench.archived()), ...(await all(again.log))])).toBe(linesOf(given));
      await again.log.close();
    });
  });
}

/** The embedded log: nothing acknowledged is lost or changed, whatever the disk does; damage is told, never guessed away. */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Batch, LogError, SegmentLog, type Storage, openDirectory } from "@bulkhead/server";
import { MemoryDisk } from "./memoryDisk.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 100) * 3;
const GENESIS = new Uint8Array(32).fill(7);
const BLOCK = 4_096;
const SMALL = 8 * BLOCK;

const open = (storage: Storage, segmentBytes = SMALL, archive?: Storage) =>
  SegmentLog.open(storage, { genesis: GENESIS, segmentBytes, ...(archive && { archive }) });

/** A batch of so many commands and bytes, told apart from others by its content. */
function batch(first: number, count: number, bytes: number): Batch {
  const records = Uint8Array.from({ length: bytes }, (_, index) => (first * 31 + index * 7) % 251);
  return { first, count, records, head: new Uint8Array(32).fill(first % 256) };
}

async function all(log: { read: (sequence: number) => AsyncIterable<Batch> }, from = 1): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const each of log.read(from)) found.push(each);
  return found;
}

/** A batch in a line; two of the same line are the same. */
const lineOf = ({ first, count, records, head }: Batch): string =>
  `${first}+${count} ${createHash("sha256").update(records).update(head).digest("hex")}`;
const linesOf = (batches: readonly Batch[]): string => batches.map(lineOf).join("\n");

const fault = async (action: Promise<unknown>): Promise<string> => {
  const error: unknown = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LogError);
  return (error as LogError).fault;
};

/** Damages a byte that is on the platter. */
function spoil(disk: MemoryDisk, name: string, at: number): void {
  const stored = disk.files.get(name)!;
  stored.durable[at]! ^= 1;
  stored.seen[at]! ^= 1;
}

/** A log of nine batches in two segments. */
async function written(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const { log } = await open(disk);
  for (let index = 0; index < 9; index++) await log.append(batch(log.last + 1, 2, 100));
  return disk;
}

const shapes = fc.array(
  fc.record({ count: fc.integer({ min: 1, max: 9 }), bytes: fc.integer({ min: 0, max: 3 * BLOCK }) }),
  {
    maxLength: 12,
  },
);

describe("whatever was appended", () => {
  test.each([
    { where: "in memory", storage: async () => new MemoryDisk(), end: async () => {} },
    (() => {
      let path = "";
      return {
        where: "in a directory",
        storage: async () => openDirectory((path = await mkdtemp(join(tmpdir(), "bulkhead-log-"))), "write"),
        end: async () => rm(path, { recursive: true }),
      };
    })(),
  ])("is read again, over segments and openings, $where", async ({ storage, end }) => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.nat(12), async (sizes, reopenAt) => {
        const disk = await storage();
        let { log } = await open(disk);
        const given: Batch[] = [];
        for (const [index, { count, bytes }] of sizes.entries()) {
          if (index === reopenAt) {
            await log.close();
            ({ log } = await open(disk));
          }
          given.push(batch(log.last + 1, count, bytes));
          await log.append(given.at(-1)!);
        }
        expect(linesOf(await all(log))).toBe(linesOf(given));
        const middle = given[Math.floor(given.length / 2)];
        if (middle !== undefined)
          expect(linesOf(await all(log, middle.first + middle.count - 1))).toBe(
            linesOf(given.slice(given.indexOf(middle))),
          );
        await log.close();
        const again = await open(disk);
        expect(again.wasTorn).toBe(false);
        expect(again.log.last).toBe(given.reduce((sum, { count }) => sum + count, 0));
        expect(linesOf(await all(again.log))).toBe(linesOf(given));
        await again.log.close();
        await end();
      }),
      { numRuns: 30 },
    );
  });

  test("is there after a crash, and nothing else but one batch that nobody was told of", async () => {
    let torn = 0;
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.integer({ min: 1, max: 3 * BLOCK }),
        fc.constantFrom("write", "sync", "short"),
        fc.infiniteStream(fc.boolean()),
        async (sizes, lastBytes, when, coin) => {
          const disk = new MemoryDisk();
          const { log } = await open(disk);
          const told: Batch[] = [];
          for (const { count, bytes } of sizes) {
            told.push(batch(log.last + 1, count, bytes));
            await log.append(told.at(-1)!);
          }
          const untold = batch(log.last + 1, 3, lastBytes);
          disk.fault = (operation, bytes) => {
            if (when === "sync" && operation === "sync") throw new Error("the power goes");
            if (operation === "write" && when !== "sync") return when === "short" ? Math.floor(bytes / 2) : 0;
            return undefined;
          };
          expect(await fault(log.append(untold))).toBe("failed");
          expect(log.condition).toBe("failed");
          expect(await fault(log.append(untold))).toBe("failed");
          expect(linesOf(await all(log))).toBe(linesOf(told));
          disk.crash(() => coin.next().value!);
          const again = await open(disk);
          if (again.wasTorn) torn++;
          const found = await all(again.log);
          expect([linesOf(told), linesOf([...told, untold])]).toContain(linesOf(found));
          const next = batch(again.log.last + 1, 1, 100);
          await again.log.append(next);
          expect(linesOf(await all((await open(disk)).log))).toBe(linesOf([...found, next]));
        },
      ),
      { numRuns: RUNS },
    );
    expect(torn).toBeGreaterThan(0);
  });
});

describe("damage", () => {
  test("to a batch that is not the last is told at opening, with the place", async () => {
    const disk = await written();
    const name = (await disk.list()).filter((each) => each.endsWith(".log")).at(-1)!;
    spoil(disk, name, BLOCK + 120);
    await expect(open(disk)).rejects.toThrow(
      /command 15 was to be in the batch at byte 4096, which is damaged; at byte 8192 the log goes on with command 17/,
    );
    expect(await fault(open(disk))).toBe("corrupt");
  });

  test("in an earlier segment is told when it is read, as is a segment that is missing", async () => {
    const disk = await written();
    const [first] = await disk.list();
    const { log } = await open(disk);
    spoil(disk, first!, 3 * BLOCK + 50);
    await expect(all(log)).rejects.toThrow(/command 5 was to be in the batch at byte 12288 of 32768/);
    expect(await all(log, 15)).toHaveLength(2);
    await disk.remove(first!);
    expect((await all(log, 15)).map((each) => each.first)).toEqual([15, 17]);
  });

  test("to a segment's first block, and a log of something else, are refused", async () => {
    const disk = await written();
    expect(await fault(SegmentLog.open(disk, { genesis: new Uint8Array(32), segmentBytes: SMALL }))).toBe(
      "mismatch",
    );
    spoil(disk, (await disk.list())[0]!, 20);
    expect(await fault(open(disk))).toBe("corrupt");
  });

  test("no command, whatever its bytes, passes for a batch of the segment", async () => {
    const disk = new MemoryDisk();
    const { log } = await open(disk);
    await log.append(batch(1, 1, 10));
    // The bytes of a whole batch, copied out of another log, begin a block of this one.
    const other = new MemoryDisk();
    await (await open(other)).log.append(batch(1, 1, 10));
    const foreign = other.files.get((await other.list())[0]!)!.seen.slice(BLOCK, 2 * BLOCK);
    const records = new Uint8Array(2 * BLOCK);
    records.set(foreign, BLOCK - 96);
    await log.append({ ...batch(2, 1, 0), records });
    const name = (await disk.list())[0]!;
    spoil(disk, name, 2 * BLOCK + 10);
    const again = await open(disk);
    expect(again).toMatchObject({ wasTorn: true, log: { last: 1 } });
  });
});

describe("a full disk", () => {
  test("is noticed before anything is lost, and the log goes on once there is room", async () => {
    const disk = new MemoryDisk();
    disk.room = 2 * SMALL;
    const { log } = await open(disk);
    while (log.condition === "open") {
      try {
        await log.append(batch(log.last + 1, 1, 100));
      } catch (error) {
        expect((error as LogError).fault).toBe("full");
        expect((error as LogError).message).toContain("ENOSPC");
      }
    }
    expect(log.last).toBe(14);
    expect(await all(log)).toHaveLength(14);
    disk.room = SMALL;
    await log.append(batch(15, 1, 100));
    expect(log.condition).toBe("open");
    expect(await all((await open(disk)).log)).toHaveLength(15);
  });
});

describe("what is given up", () => {
  test("goes to the archive first, whole segments only, and never the one being written", async () => {
    const [disk, archive] = [new MemoryDisk(), new MemoryDisk()];
    const { log } = await open(disk, SMALL, archive);
    for (let index = 0; index < 20; index++) await log.append(batch(log.last + 1, 1, 100));
    await log.forget(13);
    expect(log.first).toBe(8);
    expect((await all(log))[0]?.first).toBe(8);
    await log.forget(1_000);
    expect(log.first).toBe(15);
    expect(await archive.list()).toEqual(["0000000000000001.log", "0000000000000008.log"]);
    await expect(log.append(batch(21, 1, 100))).resolves.toBeUndefined();
  });
});

describe("misuse", () => {
  test("is refused with the numbers, and changes nothing", async () => {
    const disk = new MemoryDisk();
    const { log } = await open(disk);
    await log.append(batch(1, 4, 50));
    for (const wrong of [
      batch(1, 1, 10),
      batch(6, 1, 10),
      batch(5, 0, 10),
      batch(5, 1, SMALL),
      { ...batch(5, 1, 10), head: new Uint8Array(4) },
    ])
      expect(await fault(log.append(wrong))).toBe("misuse");
    const both = [log.append(batch(5, 1, 10)), log.append(batch(6, 1, 10))];
    expect(await fault(both[1]!)).toBe("misuse");
    await both[0];
    expect(log.last).toBe(5);
    await log.close();
    expect(await fault(log.append(batch(6, 1, 10)))).toBe("closed");
    expect(await disk.list()).toEqual(["0000000000000001.log"]);
  });
});

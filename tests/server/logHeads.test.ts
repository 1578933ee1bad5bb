/** Heads of a public log are those of its batches, and once somebody has walked a segment nobody reads much of it again. */
import { type PublicLog, SegmentLog, openPublicLog } from "@bulkhead/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LogHeads } from "../../packages/server/src/log/logHeads.ts";
import { GENESIS, batchOf } from "./commandLog.conformance.ts";
import { MemoryDisk } from "./memoryDisk.ts";

const BLOCK = 4_096;
const RUNS = Math.ceil(Number(process.env["FUZZ_RUNS"] ?? 200) / 10);
/** Read ahead: a block, then twice as much each time. */
const FARTHEST = 2 ** 20;

interface Bench {
  readonly log: SegmentLog;
  readonly disk: MemoryDisk;
  readonly publicLog: PublicLog;
  /** Bytes that were read of the log. */
  readonly read: () => number;
  /** Appends batches of so many commands each. */
  readonly append: (counts: readonly number[], bytes?: number) => Promise<void>;
  readonly batches: { readonly first: number; readonly count: number; readonly head: Uint8Array }[];
}

async function openBench(segmentBytes = 64 * BLOCK): Promise<Bench> {
  const disk = new MemoryDisk();
  const { log } = await SegmentLog.open(disk, { genesis: GENESIS, segmentBytes, retryMs: 5 });
  const inner = openPublicLog(log, disk);
  let read = 0;
  const batches: Bench["batches"] = [];
  return {
    log,
    disk,
    publicLog: {
      get first() {
        return inner.first;
      },
      get last() {
        return inner.last;
      },
      segments: () => inner.segments(),
      read: async function* (...of) {
        for await (const part of inner.read(...of)) {
          read += part.length;
          yield part;
        }
      },
    },
    read: () => read,
    append: async (counts, bytes = 900) => {
      for (const count of counts) {
        const batch = batchOf(log.last + 1, count, bytes);
        if (!log.hasRoom(bytes)) await log.makeRoom(bytes);
        await log.append(batch);
        batches.push({ first: batch.first, count, head: batch.head });
      }
    },
    batches,
  };
}

const bare = ({ first, count, head }: Bench["batches"][number]) => ({ first, count, head: [...head] });

async function expectHead(heads: LogHeads, { batches }: Bench, sequence: number): Promise<void> {
  const batch = batches.find(({ first, count }) => sequence >= first && sequence < first + count);
  const found = await heads.batchOf(sequence);
  expect(found && bare(found), `command ${sequence}`).toEqual(batch && bare(batch));
}

describe("heads of a public log", () => {
  test("are those of the batches, in whatever order they are asked for, while the log grows", async () => {
    const counts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 });
    const asked = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(counts, asked), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(1, BLOCK, 5 * BLOCK, 2 ** 30),
        async (phases, stride) => {
          const bench = await openBench(16 * BLOCK);
          const heads = new LogHeads(bench.publicLog, stride);
          for (const [batches, sequences] of phases) {
            await bench.append(batches);
            for (const sequence of sequences) await expectHead(heads, bench, sequence);
            await expectHead(heads, bench, bench.log.last);
          }
          await bench.log.close();
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  test("cost a stride and no segment, once somebody has come by", async () => {
    const bench = await openBench(1_024 * BLOCK);
    await bench.append(Array.from({ length: 900 }, () => 3));
    const { last } = bench.log;
    const heads = new LogHeads(bench.publicLog, 8 * BLOCK);
    const costOf = async (sequence: number): Promise<number> => {
      const before = bench.read();
      await expectHead(heads, bench, sequence);
      return bench.read() - before;
    };
    const whole = 900 * BLOCK;
    expect(await costOf(last - 10)).toBeGreaterThan(whole - FARTHEST);
    // A stride, read ahead at most twice as far; and the segment's first block.
    const near = 2 * 16 * BLOCK + BLOCK;
    for (const sequence of [last - 10, last - 11, 1, 1_000, 2_000, 2_600])
      expect(await costOf(sequence), `command ${sequence}`).toBeLessThan(near);
    // What was added since is walked from where the last walk came by.
    await bench.append(Array.from({ length: 10 }, () => 3));
    expect(await costOf(bench.log.last)).toBeLessThan(2 * near);
    await bench.log.close();
  });

  test("are gone with what was given up", async () => {
    const bench = await openBench(8 * BLOCK);
    await bench.append(Array.from({ length: 40 }, () => 1));
    const heads = new LogHeads(bench.publicLog, 1);
    await expectHead(heads, bench, 2);
    await bench.log.forget(30);
    const { first, last } = bench.log;
    expect(first).toBeGreaterThan(7);
    expect(await heads.batchOf(2)).toBeUndefined();
    expect(await heads.batchOf(last + 1)).toBeUndefined();
    for (let sequence = first; sequence <= last; sequence++) await expectHead(heads, bench, sequence);
    await bench.log.close();
  });

  test("are not told of a log that is damaged before them", async () => {
    const bench = await openBench();
    await bench.append([1, 1, 1, 1]);
    const name = bench.log.segments[0]!.name;
    const file = await bench.disk.open(name);
    await file.write(new Uint8Array(64).fill(255), 2 * BLOCK);
    await file.close();
    const heads = new LogHeads(bench.publicLog);
    await expectHead(heads, bench, 1);
    await expect(heads.batchOf(3)).rejects.toMatchObject({ name: "LogError", fault: "corrupt" });
    await bench.log.close();
  });
});

/** The embedded log: the suite of every log, in memory and in a directory; and what its own files are made of. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  type Batch,
  type LogNote,
  SegmentLog,
  type SegmentLogOptions,
  type Storage,
  openDirectory,
  readLog,
} from "@bulkhead/server";
import { HEADER_BYTES, PORTABLE, batchBytes, sealBatch, segmentsOf } from "@bulkhead/protocol/log";
import {
  BLOCK,
  BLOCKS,
  GENESIS,
  type LogBench,
  all,
  batchOf,
  describeCommandLog,
  faultOf,
} from "./commandLog.conformance.ts";
import { MemoryDisk, UnreliableDisk, spoil } from "./memoryDisk.ts";

const SMALL = BLOCKS * BLOCK;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const open = (
  storage: Storage,
  genesis = GENESIS,
  archive?: Storage,
  options: Partial<SegmentLogOptions> = {},
) =>
  SegmentLog.open(storage, {
    genesis,
    segmentBytes: SMALL,
    retryMs: 5,
    ...(archive && { archive }),
    ...options,
  });

function benchOn(
  disk: UnreliableDisk,
  archive: Storage,
  crash: LogBench["crash"],
  end: LogBench["end"],
): LogBench {
  return {
    open: (genesis) => open(disk, genesis, archive),
    tooLarge: SMALL,
    fail: (how) => {
      disk.fault = (operation, bytes) => {
        if (how === "sync") return operation === "sync" ? 0 : undefined;
        if (operation !== "write") return undefined;
        return how === "short" ? Math.floor(bytes / 2) : 0;
      };
    },
    crash,
    leaveRoom: (segments) => {
      disk.room = segments * SMALL;
    },
    forge: (batch) => forge(disk, batch),
    archived: async () => {
      const found: Batch[] = [];
      for await (const each of readLog(archive, 1)) found.push(each);
      return found;
    },
    end,
  };
}

/** With the segment's own salt and the link that was there: whole, if one does not look at what follows. */
async function forge(storage: Storage, batch: Batch): Promise<void> {
  const { name, header } = (await segmentsOf(storage, PORTABLE)).findLast(
    (each) => each.header.first <= batch.first,
  )!;
  const file = await storage.open(name);
  const bytes = new Uint8Array(batchBytes(batch.records.length));
  for (let at = BLOCK; ; at += BLOCK) {
    expect(at).toBeLessThan(file.bytes);
    await file.read(bytes, at);
    if (new DataView(bytes.buffer).getFloat64(8, true) !== batch.first) continue;
    const link = bytes.slice(32, 64);
    bytes.set(batch.records, HEADER_BYTES);
    sealBatch(bytes, { ...batch, bytes: batch.records.length, link }, header.salt, PORTABLE);
    await file.write(bytes, at);
    await file.sync();
    return file.close();
  }
}

describeCommandLog("in memory", async () => {
  const disk = new MemoryDisk();
  return benchOn(
    disk,
    new MemoryDisk(),
    async (stays) => disk.crash(stays),
    async () => {},
  );
});

/** A process that is killed leaves what it has written, synced or not. */
describeCommandLog(
  "in a directory",
  async () => {
    const path = await mkdtemp(join(tmpdir(), "bulkhead-log-"));
    const disk = new UnreliableDisk(await openDirectory(join(path, "log"), "write"));
    const archive = await openDirectory(join(path, "archive"), "write");
    return benchOn(
      disk,
      archive,
      () => disk.abandon(),
      async () => rm(path, { recursive: true }),
    );
  },
  0.2,
);

/** A log of nine batches in two segments. */
async function written(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const { log } = await open(disk);
  for (let index = 0; index < 9; index++) await log.append(batchOf(log.last + 1, 2, 100));
  return disk;
}

describe("damage to the files", () => {
  test("in a batch that is not the last is told at opening, with the place", async () => {
    const disk = await written();
    const name = (await disk.list()).filter((each) => each.endsWith(".log")).at(-1)!;
    await spoil(disk, name, BLOCK + 120);
    await expect(open(disk)).rejects.toThrow(
      /command 15 was to be in the batch at byte 4096, which is damaged; at byte 8192 the log goes on with command 17/,
    );
    expect(await faultOf(open(disk))).toBe("corrupt");
  });

  test("in an earlier segment is told when it is read, as is a segment that is missing", async () => {
    const disk = await written();
    const [first] = await disk.list();
    const { log } = await open(disk);
    await spoil(disk, first!, 3 * BLOCK + 50);
    await expect(all(log)).rejects.toThrow(/command 5 was to be in the batch at byte 12288 of 32768/);
    expect(await all(log, 15)).toHaveLength(2);
    await disk.remove(first!);
    expect((await all(log, 15)).map((each) => each.first)).toEqual([15, 17]);
  });

  test("to a segment's first block is told", async () => {
    const disk = await written();
    await spoil(disk, (await disk.list())[0]!, 20);
    expect(await faultOf(open(disk))).toBe("corrupt");
  });

  test("lets no command, whatever its bytes, pass for a batch of the segment", async () => {
    const disk = new MemoryDisk();
    const { log } = await open(disk);
    await log.append(batchOf(1, 1, 10));
    // The bytes of a whole batch, copied out of another log, begin a block of this one.
    const other = new MemoryDisk();
    await (await open(other)).log.append(batchOf(1, 1, 10));
    const foreign = other.files.get((await other.list())[0]!)!.seen.slice(BLOCK, 2 * BLOCK);
    const records = new Uint8Array(2 * BLOCK);
    records.set(foreign, BLOCK - 96);
    await log.append({ ...batchOf(2, 1, 0), records });
    await spoil(disk, (await disk.list())[0]!, 2 * BLOCK + 10);
    const again = await open(disk);
    expect(again).toMatchObject({ wasTorn: true, log: { last: 1 } });
  });
});

describe("segments", () => {
  test("are named by their first command; the one reserved for the next is taken away at closing", async () => {
    const [disk, archive] = [new MemoryDisk(), new MemoryDisk()];
    const { log } = await open(disk, GENESIS, archive);
    for (let index = 0; index < 20; index++) await log.append(batchOf(log.last + 1, 1, 100));
    await log.forget(13);
    expect(await archive.list()).toEqual(["0000000000000001.log"]);
    await log.close();
    expect(await disk.list()).toEqual(["0000000000000008.log", "0000000000000015.log"]);
  });

  test("are looked for while there is no room; what is short, gone and back is told once each", async () => {
    const disk = new MemoryDisk();
    disk.room = SMALL;
    const notes: LogNote[] = [];
    const { log } = await open(disk, GENESIS, undefined, { note: (note) => void notes.push(note) });
    const short = { kind: "scarce", last: 0, left: SMALL - BLOCK, error: expect.any(Error) };
    await expect.poll(() => notes).toEqual([short]);
    while (log.hasRoom(100)) await log.append(batchOf(log.last + 1, 1, 100));
    expect([log.last, log.condition]).toEqual([7, "open"]);
    for (let attempt = 0; attempt < 3; attempt++) expect(await faultOf(log.makeRoom(100))).toBe("full");
    const full = { kind: "full", last: 7, error: expect.objectContaining({ fault: "full" }) };
    expect(notes).toEqual([short, full]);
    expect((notes[1] as { error: Error }).error.message).toMatch(
      /no room for another segment of 32768 bytes, and 0 bytes are left in this one: ENOSPC/,
    );
    disk.room = SMALL;
    await expect.poll(() => notes.slice(2)).toEqual([{ kind: "recovered", last: 7 }]);
    expect([log.condition, await disk.list()]).toEqual(["open", ["0000000000000001.log", "spare"]]);
    disk.fault = () => 0;
    expect(await faultOf(log.append(batchOf(8, 1, 100)))).toBe("failed");
    expect(notes.slice(3)).toMatchObject([{ kind: "failed", last: 7, error: { fault: "failed" } }]);
    await log.close().catch(() => undefined);
  });

  test("that have no room fail before anything else does: what there is of it is left to others", async () => {
    const path = await mkdtemp(join(tmpdir(), "bulkhead-room-"));
    closers.push(() => rm(path, { recursive: true }));
    const storage = await openDirectory(path, "write");
    await expect(storage.create("spare", 2 ** 52)).rejects.toThrow(
      /ENOSPC: 4503599627370496 bytes are needed, \d+ are free on the disk/,
    );
    expect(await storage.list()).toEqual([]);
  });

  test.each([
    { why: "a short genesis", genesis: new Uint8Array(4), segmentBytes: SMALL },
    { why: "no room for a batch", genesis: GENESIS, segmentBytes: BLOCK },
    { why: "half a block", genesis: GENESIS, segmentBytes: SMALL + BLOCK / 2 },
  ])("are not made with $why", async ({ genesis, segmentBytes }) => {
    const disk = new MemoryDisk();
    expect(await faultOf(SegmentLog.open(disk, { genesis, segmentBytes }))).toBe("misuse");
    expect(await disk.list()).toEqual([]);
  });
});

/** A log that a runner has written, checked with what a browser has: as it is, asked for by ranges or as files, and damaged anywhere. */
import { type Engine, hex } from "@bulkhead/engine";
import { BLOCK, PORTABLE, batchBytes, readBatch, sealBatch } from "@bulkhead/protocol/log";
import { Runner } from "@bulkhead/server";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { capacities, disks, story } from "../../../../tests/server/story.ts";
import { check } from "./checker.ts";
import type { Origin, Task } from "./messages.ts";

const SEGMENT = 16 * BLOCK;
const URL_OF_NODE = "http://node.test";

interface Written {
  readonly segments: Map<string, Uint8Array<ArrayBuffer>>;
  readonly commands: number;
  readonly stateHash: string;
  readonly head: string;
  /** Where each batch lies. */
  readonly batches: readonly {
    readonly segment: string;
    readonly at: number;
    readonly bytes: number;
    readonly first: number;
  }[];
}

let written: Written;

beforeAll(async () => {
  const frames = story(
    Array.from({ length: 400 }, (_, index) => ({
      trader: 1 + (index % 4),
      side: (index >> 1) % 2,
      price: 95 + (index % 11),
      lots: 1 + (index % 17),
    })),
  );
  const storages = disks();
  const { runner } = await Runner.open(storages, { capacities, segmentBytes: SEGMENT });
  for (let at = 0; at < frames.length; at += 9)
    await Promise.allSettled(frames.slice(at, at + 9).map((frame) => runner.submit(frame)));
  const [stateHash, head] = await runner.read(
    (engine: Engine) => [hex(engine.stateHash()), hex(engine.seal())] as const,
  );
  await runner.close();
  const segments = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of (await storages.log.list()).filter((each) => each.endsWith(".log"))) {
    const file = await storages.log.open(name);
    const bytes = new Uint8Array(file.bytes);
    await file.read(bytes, 0);
    segments.set(name, bytes);
  }
  const batches = [...segments].flatMap(([segment, bytes]) => batchesIn(segment, bytes));
  written = { segments, commands: frames.length, stateHash, head, batches };
});

function batchesIn(segment: string, bytes: Uint8Array): Written["batches"][number][] {
  const found = [];
  const salt = bytes.slice(16, 32);
  for (let at = BLOCK; at < bytes.length;) {
    const header = readBatch(bytes.subarray(at), salt, PORTABLE);
    if (header === undefined) break;
    found.push({ segment, at, bytes: 96 + header.bytes, first: header.first });
    at += batchBytes(header.bytes);
  }
  return found;
}

function files(change?: (name: string, bytes: Uint8Array<ArrayBuffer>) => void): File[] {
  return [...written.segments].map(([name, bytes]) => {
    const own = bytes.slice();
    change?.(name, own);
    return new File([own], name);
  });
}

const checked = (origin: Origin, more: Partial<Task> = {}, get?: typeof fetch) =>
  check({ origin, capacities, ...more }, () => {}, get);

/** Answers ranges as a node does. */
const node = (async (target: URL, { headers }: { headers: { range: string } }) => {
  const bytes = written.segments.get(target.pathname.replace("/v1/log/", ""));
  if (bytes === undefined) return new Response("", { status: 404, statusText: "Not Found" });
  const [, from, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range) ?? [];
  return new Response(bytes.slice(Number(from), Number(last) + 1), { status: 206 });
}) as unknown as typeof fetch;

const atNode = (): Origin => ({
  kind: "node",
  url: URL_OF_NODE,
  segments: [...written.segments].map(([name, { length }]) => ({ name, bytes: length })),
});

describe("a check in the page", () => {
  test("comes to the state and the receipts the runner came to, from a node and from files", async () => {
    expect(written.segments.size).toBeGreaterThan(2);
    for (const [origin, get] of [
      [atNode(), node],
      [{ kind: "files", files: files() } as Origin, undefined],
    ] as const) {
      const { how, check: result, stateBytes, readBytes } = await checked(origin, {}, get);
      expect(how).toBe("executed");
      expect(result).toMatchObject({
        commands: written.commands,
        batches: written.batches.length,
        stateHash: written.stateHash,
        head: written.head,
        findings: [],
      });
      expect(result.problem).toBeUndefined();
      expect(stateBytes).toBeGreaterThan(0);
      expect(readBytes).toBeGreaterThan(written.commands);
    }
  });

  test("finds a byte that was changed anywhere in what was written, and tells which batch it is in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, where, flip) => {
        // The last batch of all is apart: damaged, it looks like one that was cut off.
        const batch = written.batches[which % (written.batches.length - 1)]!;
        const at = batch.at + (where % batch.bytes);
        const damaged = files((name, bytes) => {
          if (name === batch.segment) bytes[at] = bytes[at]! ^ flip;
        });
        const { check: result } = await checked({ kind: "files", files: damaged });
        expect(result.problem).toContain(batch.segment);
        expect(result.place).toEqual({ segment: batch.segment, at: batch.at, command: batch.first });
        expect(result.commands).toBe(batch.first - 1);
      }),
      { numRuns: 40 },
    );
  });

  test("finds a damaged first block of any segment", async () => {
    for (const name of written.segments.keys()) {
      const damaged = files((each, bytes) => {
        if (each === name) bytes[40] = bytes[40]! ^ 1;
      });
      const { check: result } = await checked({ kind: "files", files: damaged });
      expect(result.problem).toContain(name);
      expect(result.place).toMatchObject({ segment: name, at: 0 });
    }
  });

  test("says of the last batch, damaged, that it is cut off", async () => {
    const last = written.batches.at(-1)!;
    const damaged = files((name, bytes) => {
      if (name === last.segment) bytes[last.at + 30] = bytes[last.at + 30]! ^ 1;
    });
    const { check: result } = await checked({ kind: "files", files: damaged });
    expect(result).toMatchObject({ commands: last.first - 1, cutOffAt: last.at });
  });

  test("finds receipts that are not the engine's though every sum and link is right", async () => {
    const last = written.batches.at(-1)!;
    const forged = files((name, bytes) => {
      if (name !== last.segment) return;
      const salt = bytes.slice(16, 32);
      const batch = bytes.subarray(last.at);
      const header = readBatch(batch, salt, PORTABLE)!;
      const head = header.head.slice();
      head[0] = head[0]! ^ 1;
      sealBatch(batch, { ...header, head }, salt, PORTABLE);
    });
    const { check: result } = await checked({ kind: "files", files: forged });
    expect(result.problem).toContain("receipts are not those");
    expect(result.place).toEqual({ segment: last.segment, at: last.at, command: last.first });
  });

  test("refuses a log of an engine with other room", async () => {
    const other = { ...capacities, accounts: capacities.accounts + 1 };
    const { check: result } = await checked({ kind: "files", files: files() }, { capacities: other });
    expect(result.problem).toContain("other capacities");
  });

  test("walks through a later segment alone, and finds a missing one", async () => {
    const [first, second, ...rest] = files();
    const { how, check: walked } = await checked({ kind: "files", files: [second!] });
    expect(how).toBe("walked");
    const batches = written.batches.filter(({ segment }) => segment === second!.name);
    expect(walked).toMatchObject({ batches: batches.length, first: batches[0]!.first });
    expect(walked.problem).toBeUndefined();
    const { check: gap } = await checked({ kind: "files", files: [first!, ...rest] });
    expect(gap.problem).toContain("goes on with");
    expect(gap.place).toMatchObject({ segment: first!.name });
  });

  test("tells single commands in words, as the engine answers them", async () => {
    const { entries } = await checked(atNode(), { look: { from: 5, count: 3 } }, node);
    expect(entries.map(({ sequence, command }) => [sequence, command.kind])).toEqual([
      [5, "openAccount"],
      [6, "confirmDeposit"],
      [7, "allocate"],
    ]);
    expect(entries.every(({ outcome }) => outcome === "accepted")).toBe(true);
    expect(entries[1]?.events[0]?.values).toMatchObject({ asset: 1, amount: 1_000_000_000 });
  });

  test("refuses what is no log, and tells what a node answers that has none", async () => {
    await expect(checked({ kind: "files", files: [new File(["x"], "notes.txt")] })).rejects.toThrow(
      "16 digits",
    );
    const origin: Origin = {
      kind: "node",
      url: URL_OF_NODE,
      segments: [{ name: "0000000000000099.log", bytes: 8_192 }],
    };
    await expect(checked(origin, {}, node)).rejects.toThrow("404 Not Found");
  });
});

/** What a node knows of itself is told to whoever should know: while its log works, and once it does not. */
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Command, FRAME_WORDS, encodeCommand } from "@bulkhead/engine";
import { type Notice, Runner, type Say, createMeter, createTelemetry } from "@bulkhead/server";
import { afterEach, describe, expect, test } from "vitest";
import { FanOut } from "../../packages/server/src/market/fanOut.ts";
import { keepLookout } from "../../packages/server/src/node/lookout.ts";
import { smallVenue } from "../engine/venue.ts";
import { MemoryDisk } from "./memoryDisk.ts";

const SECRET = "a secret of sixteen characters";
const LOOK_MS = 20;
const SEGMENT = 64 * 4_096;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Whom a node's notices reach; each is checked against its signature. */
async function receiver(): Promise<{ readonly url: string; readonly notices: Notice[] }> {
  const notices: Notice[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const [, seconds, hex] = /^t=(\d+),v1=(\w+)$/.exec(String(request.headers["bulkhead-signature"])) ?? [];
      expect(hex).toBe(createHmac("sha256", SECRET).update(`${seconds}.${body}`).digest("hex"));
      notices.push(JSON.parse(body) as Notice);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, notices };
}

async function openLookout() {
  const { url, notices } = await receiver();
  const log = new MemoryDisk();
  const telemetry = createTelemetry();
  const { runner } = await Runner.open(
    { log, snapshots: new MemoryDisk() },
    { capacities: smallVenue(), segmentBytes: SEGMENT, clock: Date.now },
  );
  closers.push(() => runner.close().catch(() => undefined));
  const said: string[] = [];
  const say: Say = (name, facts) => void said.push(`${name} ${JSON.stringify(facts)}`);
  const standing = { taken: 0, heard: 0, isCatchingUp: false, failures: 0 };
  const lookout = keepLookout({
    config: { alerts: { webhook: url, secret: SECRET } },
    runner,
    following: {
      standing: () => ({ ...standing, taken: runner.log.last }),
      reached: async () => undefined,
      stop: async () => undefined,
    },
    fanOut: new FanOut(),
    access: { registry: { size: 3 } } as never,
    telemetry,
    meter: createMeter({ telemetry, read: (question) => runner.read(question) }),
    say,
    clock: Date.now,
    everyMs: LOOK_MS,
  });
  closers.push(lookout.end);
  const frame = new Float64Array(FRAME_WORDS);
  const submit = (command: Command) => {
    encodeCommand(command, frame);
    return runner.submit(frame);
  };
  return { runner, log, notices, said, telemetry, submit };
}

const LIST_ASSET: Command = { kind: "listAsset", time: 0, scale: 1_000_000 };

describe("the lookout", () => {
  test.each(["before anything was looked at", "after it had looked"])(
    "tells that the log has failed, though nothing can be read any more: %s",
    async (when) => {
      const { runner, log, notices, said, telemetry, submit } = await openLookout();
      if (when === "after it had looked") {
        await submit(LIST_ASSET);
        await new Promise((resolve) => setTimeout(resolve, 3 * LOOK_MS));
        expect(notices).toEqual([]);
      }
      log.fault = (operation) => (operation === "sync" ? 0 : undefined);
      await expect(submit(LIST_ASSET)).rejects.toMatchObject({ fault: "failed" });
      await expect(runner.read(() => 0)).rejects.toMatchObject({ fault: "failed" });
      await expect
        .poll(() => notices)
        .toMatchObject([
          {
            alert: "logFailed",
            subject: "node",
            severity: "critical",
            status: "firing",
            facts: { log: "failed" },
          },
        ]);
      expect(said.filter((line) => line.startsWith("alert.fired"))).toHaveLength(1);
      expect(said.join("\n")).not.toContain("chores.failed");
      const text = await telemetry.metricsText();
      expect(text).toMatch(/^log_condition_state\{condition="failed"\} 1$/m);
      expect(text).toMatch(/^alert_firing_count\{severity="critical"\} 1$/m);
    },
  );

  test("tells that the log is full, and that there is room again; the venue is looked at meanwhile", async () => {
    const { runner, log, notices, said, telemetry, submit } = await openLookout();
    log.room = 0;
    const enough = new AbortController();
    closers.push(() => enough.abort());
    const flood = (async () => {
      while (!enough.signal.aborted) {
        await submit({ kind: "updateVaultPrice", time: 0, asset: 1, price: 1 }).catch(() => 0);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await expect
      .poll(() => notices, { timeout: 30_000 })
      .toMatchObject([{ alert: "logFull", status: "firing" }]);
    expect(runner.log.condition).toBe("full");
    expect(await runner.read(({ sequence }) => sequence)).toBe(runner.log.last);
    expect(said.join("\n")).not.toContain("chores.failed");
    expect(await telemetry.metricsText()).toMatch(/^log_condition_state\{condition="full"\} 1$/m);
    enough.abort();
    log.room = Infinity;
    await flood;
    await expect.poll(() => notices).toMatchObject([{}, { alert: "logFull", status: "resolved" }]);
  });
});

/** A venue watched through the command line, beside a node that writes in the same process. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_CAPACITIES, FRAME_WORDS, encodeCommand } from "@bulkhead/engine";
import { Runner, SegmentLog, genesisOf, isHalted, takeOver } from "@bulkhead/server";
import { afterAll, describe, expect, test, vi } from "vitest";
import { run } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "watch-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [tier] = DEFAULT_CAPACITIES.tiers;
const capacities = {
  accounts: 100,
  balances: 100,
  withdrawals: 10,
  tiers: [{ ...tier!, markets: 1, buckets: 10, positions: 10, orders: 10, holdings: 10, ticks: 2 ** 15 }],
};

function account(time: number): Float64Array {
  const frame = new Float64Array(FRAME_WORDS);
  encodeCommand({ kind: "openAccount", time }, frame);
  return frame;
}

function begin(...args: readonly string[]) {
  let [stdout, stderr] = ["", ""];
  const exit = run(["watch", ...args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { exit, stdout: () => stdout, stderr: () => stderr };
}

/** A node, and a way to append to its log behind its back. */
async function node(name: string) {
  const path = join(folder, name);
  const { release, ...directory } = await takeOver(path, capacities);
  const { runner } = await Runner.open(directory, { capacities });
  return {
    path,
    runner,
    forge: async () => {
      await runner.close();
      const { log } = await SegmentLog.open(directory.log, { genesis: genesisOf(capacities) });
      for await (const batch of log.read(log.last)) {
        await log.append({ ...batch, first: log.last + 1 });
        break;
      }
      await log.close();
      await release();
    },
  };
}

describe("bulkhead watch", () => {
  test("follows a node until it is told to stop", async () => {
    const { path, runner } = await node("calm");
    const watching = begin(path, "--json");
    for (let time = 1; time <= 20; time++) await runner.submit(account(time));
    await vi.waitFor(() => expect(watching.stdout()).not.toBe(""));
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.emit("SIGTERM");
    expect(await watching.exit).toBe(0);
    const lines = watching.stdout().trim().split("\n");
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ sequence: 20, refused: 0, isAtEnd: true });
    await runner.close();
  });

  test("ends with an alarm, a halt and a call when a batch is forged", async () => {
    const called: unknown[] = [];
    let refusals = 1;
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        response.writeHead(refusals-- > 0 ? 503 : 204).end();
        called.push(JSON.parse(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { path, runner, forge } = await node("forged");
    await runner.submit(account(1));
    await runner.submit(account(2));
    const watching = begin(path, "--halt-file", "--webhook", `http://127.0.0.1:${port}/`);
    await vi.waitFor(() => expect(watching.stdout()).toContain("commands in"));
    expect(await isHalted(path)).toBeUndefined();
    await forge();
    expect(await watching.exit).toBe(1);
    expect(watching.stdout()).toMatch(/ALARM \(divergence\) after command 2: commands 3 to 3: /);
    const halt = await isHalted(path);
    expect(halt).toMatchObject({ by: "watchtower", kind: "divergence", sequence: 2 });
    expect(called).toHaveLength(2);
    expect(called[1]).toMatchObject({ directory: path, kind: "divergence", sequence: 2 });
    expect(watching.stderr()).toBe("");
    // Once more: the first halt stays, wherever it was asked for.
    const before = readFileSync(join(path, "halt.json"), "utf8");
    const again = begin(path, "--halt-file", "--from-snapshot", "--json");
    expect(await again.exit).toBe(1);
    expect(JSON.parse(again.stdout().trim().split("\n").at(-1)!)).toMatchObject({ kind: "divergence" });
    expect(again.stderr()).toContain("it is there already");
    expect(readFileSync(join(path, "halt.json"), "utf8")).toBe(before);
    server.close();
  });

  test("is misused where there is no venue", async () => {
    const watching = begin(join(folder, "nowhere"));
    expect(await watching.exit).toBe(2);
    expect(watching.stderr()).toContain("is no venue's directory");
  });
});

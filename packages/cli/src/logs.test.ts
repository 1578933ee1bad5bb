/** A replay's log, verified and inspected through the command line. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockViews } from "@bulkhead/server";
import { demoPath } from "@bulkhead/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "./program.ts";

interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function bulkhead(...args: readonly string[]): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const exit = await run(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { exit, stdout, stderr };
}

const folder = mkdtempSync(join(tmpdir(), "logs-"));
const prices = join(folder, "BTCUSDT_1m.csv");
const replay = (directory: string, ...args: readonly string[]) =>
  bulkhead("replay", "--prices", prices, "--participants", "10", "--json", "--log", directory, ...args);

beforeAll(() => {
  const [series] = demoPath(1, 80);
  const { time, open: opens, high, low, close } = series!;
  const rows = Array.from(time, (at, bar) =>
    [at, ...[opens, high, low, close].map((column) => ((column[bar] ?? 0) / 100).toFixed(2)), 1].join(","),
  );
  writeFileSync(prices, ["time,open,high,low,close,volume", ...rows].join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a replay's log", () => {
  test("is executed again to the same state, also across a snapshot in the replay", async () => {
    for (const flags of [[], ["--snapshot-at", "0.5"]]) {
      const directory = join(folder, `venue-${flags.length}`);
      const replayed = JSON.parse((await replay(directory, ...flags)).stdout) as Record<string, unknown>;
      const { exit, stdout } = await bulkhead("verify", directory, "--json");
      expect(exit).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        commands: replayed["commands"],
        stateHash: replayed["stateHash"],
        findings: [],
      });
    }
  });

  test("is told in words and in JSON", async () => {
    const directory = join(folder, "told");
    await replay(directory);
    const { stdout } = await bulkhead("inspect", directory, "--count", "2");
    expect(stdout.split("\n")[0]).toMatch(/^1 {2}\d{4}-\d\d-\d\dT.*Z {2}listAsset scale=1000000$/);
    const lines = (await bulkhead("inspect", directory, "--from", "3", "--count", "4", "--json")).stdout
      .trim()
      .split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { sequence: number }).sequence)).toEqual([3, 4, 5, 6]);
    const beyond = await bulkhead("inspect", directory, "--from", "999999999");
    expect(beyond).toMatchObject({ exit: 2, stderr: expect.stringMatching(/the log ends with command \d+/) });
  });

  test("that was changed behind the node's back does not stand", async () => {
    const directory = join(folder, "changed");
    await replay(directory);
    const [name] = readdirSync(join(directory, "log"));
    const file = await open(join(directory, "log", name!), "r+");
    await file.write(Uint8Array.of(255), 0, 1, 4_096 + 200);
    await file.close();
    const { exit, stdout } = await bulkhead("verify", directory);
    expect(exit).toBe(1);
    expect(stdout).toMatch(
      /The log goes no further: .*command 1 was to be in the batch at byte 4096, which is damaged/,
    );
  });

  test("whose last batch is cut off is told to end there", async () => {
    const directory = join(folder, "cut");
    await replay(directory);
    const whole = JSON.parse((await bulkhead("verify", directory, "--json")).stdout) as { commands: number };
    const [name] = readdirSync(join(directory, "log"));
    const path = join(directory, "log", name!);
    const bytes = readFileSync(path);
    const last = bytes.lastIndexOf(bytes.subarray(4_096, 4_100));
    bytes.fill(0, last, last + 4_096);
    writeFileSync(path, bytes);
    const { exit, stdout } = await bulkhead("verify", directory, "--json");
    const found = JSON.parse(stdout) as { commands: number };
    expect(exit).toBe(0);
    expect(found).toMatchObject({ cutOffAt: last });
    expect(found.commands).toBeLessThan(whole.commands);
  });

  test("gives its views again, as often as it is asked", async () => {
    const directory = join(folder, "viewed");
    const { commands } = JSON.parse((await replay(directory)).stdout) as { commands: number };
    for (let turn = 0; turn < 2; turn++) {
      const { exit, stdout } = await bulkhead("views", "rebuild", directory, "--json");
      expect(exit).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ commands });
    }
    expect((await bulkhead("views", "rebuild", directory, "--database", "mysql://x")).stderr).toMatch(
      /a URL such as postgres:/,
    );
    expect(await bulkhead("views", "rebuild", join(folder, "nowhere"))).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("is no venue's directory"),
    });
    const release = await lockViews(directory);
    expect((await bulkhead("views", "rebuild", directory)).stderr).toMatch(/views is in use by process/);
    await release();
  }, 180_000);

  test("is not begun in a directory that holds one, nor read where there is none", async () => {
    const directory = join(folder, "twice");
    await replay(directory);
    expect(await replay(directory)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("holds a venue already"),
    });
    for (const command of ["verify", "inspect"])
      expect(await bulkhead(command, join(folder, "nowhere"))).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining("is no venue's directory"),
      });
  });
});

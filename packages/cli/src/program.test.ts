import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type DrillRow, demoPath, runDrills } from "@bulkhead/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitOf } from "./commands/drill.ts";
import { drillText } from "./drillText.ts";
import { run } from "./program.ts";
import { isSound } from "./replayJson.ts";

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

function usd(cents: number | undefined): string {
  return ((cents ?? 0) / 100).toFixed(2);
}

/** Few participants on short files. */
function replay(...args: readonly string[]): Promise<Outcome> {
  return bulkhead("replay", "--prices", prices, "--participants", "30", ...args);
}

const folder = mkdtempSync(join(tmpdir(), "replay-"));
const files = ["BTCUSDT", "ETHUSDT"].map((name) => join(folder, `${name}_1m.csv.gz`));
const prices = files.join(",");

beforeAll(() => {
  for (const [index, { time, open, high, low, close }] of demoPath(1, 60).entries()) {
    const rows = Array.from(time, (at, bar) =>
      [at, ...[open, high, low, close].map((column) => usd(column[bar])), 1].join(","),
    );
    writeFileSync(files[index] ?? "", gzipSync(["time,open,high,low,close,volume", ...rows].join("\n")));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("bulkhead replay", () => {
  test("prints one JSON object of the agreed shape, and nothing else", async () => {
    const { exit, stdout, stderr } = await replay("--json");
    expect([exit, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      seed: 1,
      participants: 30,
      commands: expect.any(Number),
      commandsByName: { openAccount: 31, updateIndexPrice: 480 },
      fills: expect.any(Number),
      volumeUsd: expect.stringMatching(/^\d+\.\d{6}$/),
      refusals: expect.any(Number),
      refusalsByName: expect.any(Object),
      accountsBelowMaintenance: expect.any(Number),
      liquidations: { liquidations: expect.any(Number), haircutErrorUsd: "0.000000", flatAccountsTouched: 0 },
      violations: 0,
      conservation: { vault: expect.any(Number), owed: expect.any(Number), difference: 0 },
      stateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      commandsPerSecond: expect.any(Number),
      markets: [{ name: "BTCUSDT" }, { name: "ETHUSDT" }],
    });
  });

  test("repeats everything but its speed, with a snapshot in between too", async () => {
    const first = stable((await replay("--json", "--seed", "5")).stdout);
    expect(stable((await replay("--json", "--seed", "5")).stdout)).toEqual(first);
    for (const share of ["0", "0.5", ".25", "1"]) {
      expect(stable((await replay("--json", "--seed", "5", "--snapshot-at", share)).stdout)).toEqual(first);
    }
    expect(stable((await replay("--json", "--seed", "6")).stdout)["stateHash"]).not.toBe(first["stateHash"]);
  });

  test("tells people the same in words", async () => {
    const { exit, stdout, stderr } = await replay();
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(
      "30 participants: 3 market makers, 9 momentum traders, 18 leveraged traders; seed 1",
    );
    expect(stdout).toMatch(/^BTCUSDT +\$64,\d{3} /m);
    expect(stdout).toContain("✔ Every invariant holds");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });
});

describe("bulkhead incidents", () => {
  test("prints a JSON array of the agreed shape: all asserts held, each story loses without its defence", async () => {
    const { exit, stdout, stderr } = await bulkhead("incidents", "--json");
    expect([exit, stderr]).toEqual([0, ""]);
    const reports = JSON.parse(stdout) as readonly IncidentJson[];
    expect(reports).toHaveLength(21);
    for (const { defended, undefended, asserts } of reports) {
      expect(asserts.filter(({ held }) => !held)).toEqual([]);
      expect(undefended.lossUsd).toBeGreaterThan(defended.lossUsd);
      expect(defended).toMatchObject({
        badDebtUsd: expect.any(Number),
        attackerGainUsd: expect.any(Number),
        outflowUsd: expect.any(Number),
        haircutUsd: expect.any(Number),
        otherTiersTouchedUsd: 0,
        commands: expect.any(Number),
        refusals: expect.any(Object),
        auditFindings: 0,
        stateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    }
  });

  test("tells people the same in a table, which the guide repeats", async () => {
    const { exit, stdout } = await bulkhead("incidents");
    expect(exit).toBe(0);
    const guide = readFileSync(new URL("../../../docs/guide/incidents.md", import.meta.url), "utf8");
    const rows = stdout.split("\n").filter((line) => /^A\d/.test(line));
    expect(rows).toHaveLength(21);
    for (const row of rows) {
      const [id, name, date, loss, undefended, asserts] = row.split(/ {2,}/);
      const told = guide.split("\n").find((line) => line.startsWith(`| ${id} |`)) ?? "";
      expect(told).toContain(`${name}, ${date}`);
      expect(told).toContain(`| ${loss} | ${undefended} | ${asserts} |`);
    }
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });

  test("tells one at length", async () => {
    const { exit, stdout } = await bulkhead("incidents", "--id", "a17");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^A17 {2}Nasdaq Clearing, power spread, 2018-09-10$/m);
    expect(stdout).toContain("$7,000,000.00, $107,000,000.00");
  });
});

interface IncidentJson {
  readonly defended: { readonly lossUsd: number };
  readonly undefended: { readonly lossUsd: number };
  readonly asserts: readonly { readonly held: boolean }[];
}

function stable(json: string): Record<string, unknown> {
  const { seconds, commandsPerSecond, ...rest } = JSON.parse(json) as Record<string, unknown>;
  expect([typeof seconds, typeof commandsPerSecond]).toEqual(["number", "number"]);
  return rest;
}

describe("bulkhead drill", () => {
  test("prints one JSON array of the agreed shape, and nothing else", async () => {
    const { exit, stdout, stderr } = await bulkhead("drill", "--layer", "security", "--json");
    expect([exit, stderr]).toEqual([0, ""]);
    const row = {
      layer: "security",
      behaviour: expect.any(String),
      boundUsd: 0,
      lossUsd: 0,
      otherTiersTouchedUsd: 0,
      principalPayable: true,
      stoppedBy: expect.stringMatching(/^invariant /),
      held: true,
    };
    expect(JSON.parse(stdout)).toEqual([row, row]);
  });

  test("tells people the same in words", async () => {
    const { exit, stdout, stderr } = await bulkhead("drill", "--layer", "vault");
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^✔ +vault +its operator asks for all there is +[\d,]+ +[\d,]+ +0 +yes +withdrawal queued$/m,
    );
    expect(stdout).toContain("✔ All 3 drills held.");
  });

  test("a drill that did not hold is told of, and is no success", () => {
    const [row] = runDrills("vault");
    const failed = { ...(row as DrillRow), held: false };
    expect(drillText([failed])).toMatch(/^✘ +vault [^]*\n✘ 1 of 1 drills FAILED\.\n$/m);
    expect(exitOf([row as DrillRow])).toBe(0);
    expect(exitOf([row as DrillRow, failed])).toBe(1);
  });
});

describe("what is not understood ends with exit code 2 and a hint", () => {
  test.each([
    [["bogus"], /unknown command 'bogus'/],
    [["repaly"], /Did you mean replay\?/],
    [["replay", "--bogus"], /unknown option '--bogus'/],
    [["replay", "--participant", "3"], /Did you mean --participants\?/],
    [["replay", "extra"], /too many arguments/],
    [
      ["replay", "--participants", "0"],
      /'--participants <count>' argument '0' is invalid. It must be a whole number from 1 to/,
    ],
    [["replay", "--participants", "1e3"], /must be a whole number/],
    [["replay", "--seed", "-1"], /must be a whole number/],
    [["replay", "--seed", "9007199254740993"], /must be a whole number/],
    [["replay", "--snapshot-at", "1.5"], /must be a decimal number from 0 to 1/],
    [["replay", "--prices"], /argument missing/],
    [["replay", "--prices", "a.csv,,b.csv"], /A file name is missing between the commas/],
    [
      ["replay", "--prices", "/nowhere/x.csv"],
      /error: \/nowhere\/x.csv: cannot be read: there is no such file/,
    ],
    [
      ["replay", "--prices", Array.from({ length: 65 }, () => "x").join(",")],
      /takes up to 64 files; found 65/,
    ],
    [["replay", "--from", "March 2020"], /must be a day such as 2020-03-12/],
    [["replay", "--from", "2020-02-31"], /must be a day such as 2020-03-12/],
    [
      ["replay", "--from", "1999-01-01", "--to", "1999-01-02"],
      /no bar of \S+ lies between --from and --to; there are bars from/,
    ],
    [["incidents", "--id", "A22"], /error: --id takes A1 to A21; found A22/],
    [["incidents", "extra"], /too many arguments/],
    [
      ["drill", "--layer", "kitchen"],
      /argument 'kitchen' is invalid. The layers are oracle, matching, risk,/,
    ],
    [["drill", "--layer"], /argument missing/],
    [[], /Usage: bulkhead/],
  ])("%j", async (args, message) => {
    const { exit, stdout, stderr } = await bulkhead(...args);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });
});

test("a broken file is refused with file, line and what was found", async () => {
  const file = join(folder, "broken.csv");
  writeFileSync(file, "time,open,high,low,close,volume\n0,1,1,1,1,0\n60000,1,1,1,oops,0\n");
  expect(await bulkhead("replay", "--prices", `${files[0]},${file}`, "--json")).toEqual({
    exit: 2,
    stdout: "",
    stderr: `error: ${file}:3: close is a decimal number above 0 and below 10^15; found "oops"\n`,
  });
});

test("help and version are answers, not errors", async () => {
  const help = await bulkhead("--help");
  expect([help.exit, help.stderr]).toEqual([0, ""]);
  expect(help.stdout).toMatch(/replay .*play prices[^]*drill .*hostile\s+hands/);
  expect(help.stdout).toMatch(/verify .*execute a venue's log again[^]*inspect .*print commands/);
  expect(help.stdout).toMatch(/incidents .*play the incidents/);
  const replayHelp = await bulkhead("replay", "--help");
  expect(replayHelp.stdout).toMatch(/--snapshot-at <share>[^]*commandsPerSecond is wall\s+time/);
  expect(await bulkhead("--version")).toEqual({ exit: 0, stdout: "0.1.0\n", stderr: "" });
});

describe("a run is sound only if nothing is broken and nothing missing", () => {
  const even = { vault: 5, owed: 5, difference: 0 };
  const short = { vault: 4, owed: 5, difference: -1 };
  test.each([
    [true, { violations: 0, conservation: even, coinConservation: even }],
    [false, { violations: 1, conservation: even, coinConservation: even }],
    [false, { violations: 0, conservation: short, coinConservation: even }],
    [false, { violations: 0, conservation: even, coinConservation: short }],
  ])("%s: %j", (sound, figures) => {
    expect(isSound(figures)).toBe(sound);
  });
});

/** `bulkhead start`: what cannot be started is said, with its place; tests/server/node.test.ts runs what can. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { run } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "start-"));
afterAll(() => rmSync(folder, { recursive: true }));

const market = { symbol: "X-PERP", base: "X", tickSize: "0.01", lotSize: "1", feed: false };
const venue = (change: object = {}) => ({
  name: "small",
  assets: [{ symbol: "USD", decimals: 6 }],
  tiers: [{ name: "only", markets: [{ ...market, ...change }] }],
});

function written(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

const fine = written("fine.json", venue());
const data = join(folder, "venue");

test.each([
  ["no configuration", [], /--config names the venue's configuration; --demo does without/],
  ["two of them", ["--demo", "--config", fine], /--demo has a configuration of its own/],
  ["no directory", ["--config", fine], /--data says where the venue lives/],
  ["no such file", ["--config", join(folder, "none.json"), "--data", data], /none\.json: ENOENT/],
  ["no JSON", ["--config", written("text.json", "{"), "--data", data], /text\.json: .*JSON/],
  [
    "what is not known",
    ["--config", written("strange.json", venue({ colour: 1 })), "--data", data],
    /strange\.json cannot be used:\n {2}tiers\[0\]\.markets\[0\]: .*colour/,
  ],
  [
    "what the engine refuses",
    ["--config", written("refused.json", venue({ takerFee: 10, makerFee: -50 })), "--data", data],
    /the venue cannot be set up: .*listMarket.*rebate_above_fee/,
  ],
  ["a port that is none", ["--config", fine, "--data", data, "--port", "99999"], /from 0 to 65535/],
])("is refused with %s", async (_, flags, message) => {
  let [stdout, stderr] = ["", ""];
  const exit = await run(["start", ...flags], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  expect(existsSync(data)).toBe(false);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAGE_BYTES } from "@bulkhead/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Say } from "../telemetry/eventLogger.ts";
import { adviseOnPages } from "./pageSize.ts";

let path = "";
beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "bulkhead-pages-"));
});
afterAll(async () => rm(path, { recursive: true }));

const LARGE = 2 ** 26;

/** What is said of a state of so many bytes. @param setting - undefined = the machine has none */
async function saidOf(bytes: number, setting: string | undefined): Promise<unknown[]> {
  const file = join(path, setting === undefined ? "none" : "enabled");
  if (setting !== undefined) await writeFile(file, `${setting}\n`);
  const said: unknown[] = [];
  const say: Say = (name, facts) => void said.push([name, facts]);
  await adviseOnPages({ pages: { count: bytes / PAGE_BYTES } } as never, say, file);
  return said;
}

test.each(["always [madvise] never", "always madvise [never]"])(
  "a large state in pages of 4 KB is told: %s",
  async (setting) => {
    const [, chosen] = /\[(\w+)\]/.exec(setting)!;
    expect(await saidOf(LARGE, setting)).toEqual([["memory.smallPages", { bytes: LARGE, setting: chosen }]]);
  },
);

test.each([
  ["a small one", LARGE - PAGE_BYTES, "always [madvise] never"],
  ["one in large pages", LARGE, "[always] madvise never"],
  ["one on a machine that knows of none", LARGE, undefined],
  ["one whose setting nobody understands", LARGE, "on"],
])("%s is not", async (_, bytes, setting) => {
  expect(await saidOf(bytes, setting)).toEqual([]);
});

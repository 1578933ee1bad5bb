/** Stories are played in browsers: what they are made of is bundled as for one, and run where there is nothing of Node. */
import { createContext, runInContext } from "node:vm";
import type { OutputChunk } from "rolldown";
import { beforeAll, expect, test } from "vitest";
import { bundled } from "./bundled.ts";

/** What a bundler adds of its own begins with a null. */
const isBundlers = (name: string): boolean => name.startsWith("\0");

let chunk: OutputChunk;

beforeAll(async () => {
  chunk = await bundled("packages/simulator/src/stories", "iife");
});

test("they import nothing that a browser has not", () => {
  expect([...chunk.imports, ...chunk.dynamicImports].filter((name) => !isBundlers(name))).toEqual([]);
  expect(chunk.moduleIds.length).toBeGreaterThan(100);
  expect(chunk.moduleIds.filter((id) => !id.includes("/packages/") && !isBundlers(id))).toEqual([]);
  expect(chunk.code).not.toMatch(/["']node:|\brequire\(/);
});

test("a story is told where there is nothing of Node", () => {
  // Like a worker's scope: the language alone.
  const worker = createContext({ console, structuredClone });
  const steps: unknown = runInContext(
    `${chunk.code}; JSON.stringify([...stories.tell("A17", "undefended")].map(({ caption }) => caption))`,
    worker,
  );
  const captions = JSON.parse(String(steps)) as string[];
  expect(captions.length).toBeGreaterThanOrEqual(20);
  expect(captions.at(-1)).toBe("The end: 4 of 6 asserts hold");
  expect(runInContext("typeof process + typeof Buffer", worker)).toBe("undefinedundefined");
});

/** The pages as they are built: what a browser has to fetch before it shows anything, and that nothing in them needs what the policy forbids. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { folder } from "@bulkhead/dashboard";
import { describe, expect, test } from "vitest";

const SOURCES = fileURLToPath(new URL("../../packages/dashboard/src", import.meta.url));
const BUDGET = 250_000;
const BUILT = existsSync(join(folder, "index.html"));

const index = (): string => readFileSync(join(folder, "index.html"), "utf8");

describe.skipIf(!BUILT && process.env["CI"] !== "true")("the built pages", () => {
  test(`begin with less than ${BUDGET / 1_000} kB of JavaScript, compressed`, () => {
    const scripts = [...index().matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(
      ([, path]) => path as string,
    );
    expect(scripts.length).toBeGreaterThan(1);
    const sizes = scripts.map((path) => gzipSync(readFileSync(join(folder, path)), { level: 9 }).length);
    const whole = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`initial JavaScript: ${(whole / 1_000).toFixed(1)} kB gzip in ${scripts.length} files`);
    expect(whole).toBeLessThan(BUDGET);
  });

  test("have nothing in the page itself, and nothing from elsewhere", () => {
    expect(index()).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|<style|\son\w+=|style=/);
    const addresses = [...index().matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, address]) => address as string,
    );
    expect(addresses.filter((address) => !address.startsWith("/"))).toEqual([]);
  });
});

/** A class that is not in the sheet is undefined at run time, and nobody would know. */
test("every class a component names is in its sheet, and every class of a sheet is named", () => {
  const wrong: string[] = [];
  const used = new Map<string, Set<string>>();
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".tsx"))) {
    const text = readFileSync(join(SOURCES, file), "utf8");
    const [, sheet] = /import styles from "\.\/([\w]+\.module\.css)"/.exec(text) ?? [];
    if (sheet === undefined) continue;
    const path = join(file, "..", sheet);
    const names = used.get(path) ?? new Set<string>();
    used.set(path, names);
    for (const [, name] of text.matchAll(/styles\.(\w+)/g)) names.add(name as string);
    if (/styles\[/.test(text)) names.add("*");
  }
  for (const [path, names] of used) {
    const sheet = readFileSync(join(SOURCES, path), "utf8").replaceAll(/\/\*.*?\*\//gs, "");
    const known = new Set(
      [...sheet.matchAll(/\.([a-zA-Z][\w]*)(?=[\s,:[.>{])/g)].map(([, name]) => name as string),
    );
    for (const name of names) if (name !== "*" && !known.has(name)) wrong.push(`${path} has no .${name}`);
    if (!names.has("*"))
      for (const name of known) if (!names.has(name)) wrong.push(`${path}: nobody names .${name}`);
  }
  expect(wrong).toEqual([]);
});

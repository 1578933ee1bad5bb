/** A venue's directory: one writer at a time, and what it is of is never changed by opening it. */
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataDirectoryError, lookInto, takeOver } from "@bulkhead/server";
import { smallVenue } from "../engine/venue.ts";

const capacities = smallVenue();
let path = "";
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "bulkhead-data-"));
});
afterEach(async () => rm(path, { recursive: true }));

test("keeps the capacities it was made with", async () => {
  const made = await takeOver(path, capacities);
  await made.release();
  const again = await takeOver(path, { ...capacities, accounts: 7 });
  expect(again.capacities).toEqual(capacities);
  await again.release();
  expect((await lookInto(path)).capacities).toEqual(capacities);
});

test("has one writer, as long as that one lives", async () => {
  const held = await takeOver(path, capacities);
  await expect(takeOver(path, capacities)).rejects.toThrow(`is in use by process ${process.pid}`);
  expect((await lookInto(path)).capacities).toEqual(capacities);
  await held.release();
  // A process that is gone holds nothing.
  await writeFile(join(path, "lock"), "4194303");
  const taken = await takeOver(path, capacities);
  const holder = await readFile(join(path, "lock"), "utf8");
  expect(holder).toMatch(new RegExp(`^${process.pid} \\d+$`));
  await taken.release();
  // Nor does one whose number was given to another, which began at another time.
  await writeFile(join(path, "lock"), `${process.pid} 1`);
  await (await takeOver(path, capacities)).release();
  await writeFile(join(path, "lock"), holder);
  await expect(takeOver(path, capacities)).rejects.toThrow("is in use");
  expect(await readdir(path)).toEqual(["access", "lock", "log", "snapshots", "venue.json"]);
});

test("is read by those who may not write", async () => {
  await (await takeOver(path, capacities)).release();
  const { log } = await lookInto(path);
  await writeFile(join(path, "log", "any"), "abc");
  const file = await log.open("any");
  await expect(file.write(Uint8Array.of(1), 0)).rejects.toThrow();
  await file.close();
  await rm(join(path, "log"), { recursive: true });
  await lookInto(path);
  expect(await readdir(path)).not.toContain("log");
});

test("keeps the names it is given, and refuses what are none", async () => {
  const names = {
    assets: [{ symbol: "USD", asset: 1, decimals: 6 }],
    tiers: [{ tier: 1, name: "majors" }],
    instruments: [],
  };
  const made = await takeOver(path, capacities);
  expect(made.names).toBeUndefined();
  await made.keepNames(names);
  await made.release();
  expect((await lookInto(path)).names).toEqual(names);
  await writeFile(join(path, "names.json"), JSON.stringify({ ...names, tiers: [{ tier: 0, name: "x" }] }));
  await expect(lookInto(path)).rejects.toThrow(/names\.json holds no names: names\.json\.tiers\.0\.tier/);
});

test("is refused if it is none, or of another format", async () => {
  await expect(lookInto(path)).rejects.toThrow(DataDirectoryError);
  await writeFile(join(path, "venue.json"), JSON.stringify({ format: 2, capacities }));
  await expect(takeOver(path, capacities)).rejects.toThrow(/format 2; this node reads 1/);
  // The lock is not left behind.
  await writeFile(join(path, "venue.json"), JSON.stringify({ format: 1, capacities }));
  await (await takeOver(path, capacities)).release();
});

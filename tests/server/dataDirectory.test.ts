/** A venue's directory: one writer at a time, and what it is of is never changed by opening it. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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
  expect(await readFile(join(path, "lock"), "utf8")).toBe(String(process.pid));
  await taken.release();
});

test("is refused if it is none, or of another format", async () => {
  await expect(lookInto(path)).rejects.toThrow(DataDirectoryError);
  await writeFile(join(path, "venue.json"), JSON.stringify({ format: 2, capacities }));
  await expect(takeOver(path, capacities)).rejects.toThrow(/format 2; this node reads 1/);
  // The lock is not left behind.
  await writeFile(join(path, "venue.json"), JSON.stringify({ format: 1, capacities }));
  await (await takeOver(path, capacities)).release();
});

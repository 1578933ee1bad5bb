/** The benchmarks' own dependencies: installed when first needed, and again when their lockfile changes. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";

/** What is built from source where nobody offers it built; only to run against it, not to read its types. */
const BUILT = {
  name: "better-sqlite3",
  file: "bench/node_modules/better-sqlite3/build/Release/better_sqlite3.node",
};

/** Puts them there, as far as types and pure JavaScript need. */
export function installRivals(): void {
  const installed = changedAt("bench/node_modules/.package-lock.json");
  if (installed > changedAt("bench/package-lock.json")) return;
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--prefix", "bench"], { stdio: "inherit" });
  if (status !== 0) throw new Error("npm ci --prefix bench failed");
}

/** Builds what has to be: takes a compiler, Node's headers and some minutes. */
export function buildRivals(): void {
  installRivals();
  if (existsSync(BUILT.file)) return;
  const { status } = spawnSync("npm", ["rebuild", BUILT.name, "--prefix", "bench"], { stdio: "inherit" });
  if (status !== 0)
    throw new Error(`${BUILT.name} could not be built; it takes a C++ compiler and Node's headers`);
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

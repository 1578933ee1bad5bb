/** The benchmarks' own dependencies: installed when first needed, and again when their lockfile changes. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

export function installRivals(): void {
  const installed = changedAt("bench/node_modules/.package-lock.json");
  if (installed > changedAt("bench/package-lock.json")) return;
  const { status } = spawnSync("npm", ["ci", "--prefix", "bench"], { stdio: "inherit" });
  if (status !== 0) throw new Error("npm ci --prefix bench failed");
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * Builds the packages, then the engine once more as a single module, then the dashboard's pages: `npm run build`. See docs/decisions/0009 and
 * docs/decisions/0038.
 */
import { spawnSync } from "node:child_process";
import { bundle } from "./bundle.ts";
import { buildSite } from "./site.ts";

const PACKAGES = [
  "packages/engine",
  "packages/protocol",
  "packages/server",
  "packages/sdk",
  "packages/simulator",
  "packages/cli",
];

const { status } = spawnSync("tsc", ["-b", ...PACKAGES], { stdio: "inherit" });
if (status === 0) {
  await bundle("packages/engine/src/index.ts", "packages/engine/dist/bundle.js");
  const startedMs = performance.now();
  if (await buildSite())
    console.log(`dashboard built in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
}
process.exitCode = status ?? 1;

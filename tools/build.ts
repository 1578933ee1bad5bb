/** Builds the packages, then the engine once more as a single module: `npm run build`. See docs/decisions/0009. */
import { spawnSync } from "node:child_process";
import { bundle } from "./bundle.ts";

const PACKAGES = [
  "packages/engine",
  "packages/protocol",
  "packages/server",
  "packages/sdk",
  "packages/simulator",
  "packages/cli",
];

const { status } = spawnSync("tsc", ["-b", ...PACKAGES], { stdio: "inherit" });
if (status === 0) await bundle("packages/engine/src/index.ts", "packages/engine/dist/bundle.js");
process.exitCode = status ?? 1;

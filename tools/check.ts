/** Runs every check and says which failed: `npm run check`, or a few by name: `npm run check -- lint types`. */
import { spawnSync } from "node:child_process";
import { installRivals } from "./rivals.ts";

/** Types come before lint: the type-aware rules read the declarations that step builds. */
const STEPS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  format: ["oxfmt", "--check"],
  types: ["tsc", "-b"],
  lint: ["oxlint", "--deny-warnings"],
  tidy: ["vitest", "run", "tools"],
  knip: ["knip"],
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in STEPS));
if (unknown.length > 0) throw new Error(`no such check: ${unknown.join(", ")}`);

installRivals();
const outcomes = Object.entries(STEPS)
  .filter(([name]) => chosen.length === 0 || chosen.includes(name))
  .map(([name, [command, ...args]]) => {
    console.log(`\n── ${name}: ${[command, ...args].join(" ")}`);
    const startedMs = performance.now();
    const { status } = spawnSync(command, args, { stdio: "inherit" });
    return { name, isGreen: status === 0, seconds: (performance.now() - startedMs) / 1000 };
  });

console.log("\n── summary");
for (const { name, isGreen, seconds } of outcomes) {
  console.log(`${isGreen ? "ok    " : "FAILED"} ${name.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s`);
}
process.exitCode = outcomes.every(({ isGreen }) => isGreen) ? 0 : 1;

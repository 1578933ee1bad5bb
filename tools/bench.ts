/** Runs one benchmark on fresh builds: `npm run bench -- <name> [arguments]`. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { installRivals } from "./rivals.ts";

const names = readdirSync("bench")
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.slice(0, -".ts".length));

const [name, ...rest] = process.argv.slice(2);
process.exitCode = name !== undefined && names.includes(name) ? bench(name, rest) : usage();

function bench(chosen: string, passed: readonly string[]): number {
  installRivals();
  const isBuilt = run("tsc", ["-b"]) === 0;
  const flags = ["--expose-gc", "--import", "tsx"];
  return isBuilt ? run(process.execPath, [...flags, `bench/${chosen}.ts`, ...passed]) : 1;
}

function run(command: string, passed: readonly string[]): number {
  return spawnSync(command, passed, { stdio: "inherit" }).status ?? 1;
}

function usage(): number {
  console.error("usage: npm run bench -- <name> [arguments]");
  for (const each of names) console.error(`  ${each}`);
  return 2;
}

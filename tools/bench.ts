/** Runs one benchmark on fresh sources: `npm run bench -- <name> [arguments]`. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { buildRivals, installRivals } from "./rivals.ts";

/** What the command line sets too (packages/cli/bin/bulkhead.js): room for the compiler to inline the hot path, and for results. */
const FLAGS = [
  "--expose-gc",
  "--enable-source-maps",
  "--max-inlined-bytecode-size-cumulative=3000",
  "--max-semi-space-size=64",
];

const names = readdirSync("bench")
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.slice(0, -".ts".length));

/** Those that know themselves at an earlier commit. */
const COMPARABLE: readonly string[] = ["matching", "commands"];

const [name, ...rest] = process.argv.slice(2);
process.exitCode = name !== undefined && names.includes(name) ? await bench(name, rest) : usage();

async function bench(chosen: string, passed: readonly string[]): Promise<number> {
  const at = passed.indexOf("--before");
  const commit = at < 0 ? undefined : commitOf(passed[at + 1] ?? "");
  if (at >= 0 && (commit === undefined || !COMPARABLE.includes(chosen))) {
    console.error(`--before COMMIT is for ${COMPARABLE.join(" and ")}, and a commit that is here`);
    return 2;
  }
  if (chosen === "durable") buildRivals();
  else if (chosen === "window") await buildAll();
  else installRivals();
  const built = `bench/built/${chosen}.js`;
  await bundle(`bench/${chosen}.ts`, built);
  // The thread that views live on is begun from a file beside whoever begins it.
  if (chosen === "views") await bundle("packages/server/src/viewsWorker.ts", "bench/built/viewsWorker.js");
  const before = commit === undefined ? [] : ["--before", await bundleOf(commit, chosen)];
  return run(process.execPath, [...FLAGS, built, ...passed.toSpliced(at, at < 0 ? 0 : 2), ...before]);
}

/** A commit by whatever git calls it; undefined if there is none. */
function commitOf(called: string): string | undefined {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--verify", "--quiet", `${called}^{commit}`]);
  return status === 0 ? stdout.toString().trim() : undefined;
}

/** The same benchmark as it was at a commit, of the sources there: `--before COMMIT` sets the two against each other. */
async function bundleOf(commit: string, chosen: string): Promise<string> {
  const tree = join(mkdtempSync(join(tmpdir(), "bulkhead-before-")), "tree");
  const built = `bench/built/${chosen}-before.js`;
  execFileSync("git", ["worktree", "add", "--detach", "--quiet", tree, commit], { stdio: "inherit" });
  try {
    await bundle(join(tree, `bench/${chosen}.ts`), built, tree);
  } finally {
    execFileSync("git", ["worktree", "remove", "--force", tree]);
    rmSync(join(tree, ".."), { recursive: true });
  }
  return built;
}

/** Whoever looks at pages looks at those that are built, from the node as people start it. */
async function buildAll(): Promise<void> {
  await import("./build.ts");
  if (process.exitCode !== undefined && process.exitCode !== 0) throw new Error("the build failed");
}

function run(command: string, passed: readonly string[]): number {
  return spawnSync(command, passed, { stdio: "inherit" }).status ?? 1;
}

function usage(): number {
  console.error("usage: npm run bench -- <name> [arguments]");
  for (const each of names) console.error(`  ${each}`);
  return 2;
}

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import type { Ratio } from "./measure.ts";

/** What a figure was measured on; a figure without it means nothing. */
export interface Conditions {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** Whether Linux backs memory by pages of 2 MB: `always`, `madvise` (only for whoever asks; Node does not) or `never`; null elsewhere. */
  readonly hugePages: string | null;
  /** One-minute load average when the benchmark started and when it ended. */
  readonly loadStart: number;
  readonly loadEnd: number;
  /** Commit of the working tree, `+` appended when it holds changes; null where git cannot tell. */
  readonly commit: string | null;
}

/** Figures of one subject; every key but the name becomes a column. */
interface Row {
  readonly name: string;
}

export interface Report {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly ratios: Readonly<Record<string, Ratio>>;
  readonly conditions: Conditions;
  /** What the reader must know and no column says. */
  readonly notes: readonly string[];
  /** Single figures that are no row, for `--json`. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Reads the load now; the function it returns reads it again and states the conditions. */
export function watchConditions(): () => Conditions {
  const loadStart = oneMinuteLoad();
  const commit = currentCommit();
  const processors = cpus();
  return () => ({
    node: process.version,
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    hugePages: hugePages(),
    loadStart,
    loadEnd: oneMinuteLoad(),
    commit,
  });
}

function hugePages(): string | null {
  try {
    const setting = readFileSync("/sys/kernel/mm/transparent_hugepage/enabled", "utf8");
    return /\[(\w+)\]/.exec(setting)?.[1] ?? null;
  } catch {
    return null;
  }
}

/**
 * Prints for people, or one JSON object when the arguments hold `--json`: the rows, each ratio as its median over the rounds, the
 * spread of each ratio, the conditions.
 */
export function print(
  { title, rows, ratios, conditions, notes, extra = {} }: Report,
  passed = process.argv,
): void {
  if (passed.includes("--json")) {
    const medians = Object.fromEntries(Object.entries(ratios).map(([name, { median }]) => [name, median]));
    console.log(JSON.stringify({ rows, ratios: medians, spreads: ratios, ...extra, conditions }, null, 2));
    return;
  }
  const ratioRows = Object.entries(ratios).map(([name, ratio]) => ({ ratio: name, ...ratio }));
  const said = Object.entries(conditions).map(([name, value]) => `${name} ${show(value)}`);
  const parts = [title, tableOf(rows), tableOf(ratioRows), ...notes, said.join(", ")];
  console.log(parts.filter((part) => part !== "").join("\n\n"));
}

/** Columns in the order the rows first name them; words to the left, figures to the right. */
function tableOf(rows: readonly object[]): string {
  const heads = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = heads.map((head) => {
    const values = rows.map((row) => new Map(Object.entries(row)).get(head));
    const cells = [head, ...values.map(show)];
    const width = Math.max(...cells.map((cell) => cell.length));
    const isFigures = values.every((value) => typeof value !== "string");
    return cells.map((cell) => (isFigures ? cell.padStart(width) : cell.padEnd(width)));
  });
  const lines = ["", ...rows].map((_, line) => columns.map((cells) => cells[line]).join("  "));
  return rows.length === 0 ? "" : lines.map((line) => line.trimEnd()).join("\n");
}

function show(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "number") return "-";
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function oneMinuteLoad(): number {
  return loadavg()[0] ?? Number.NaN;
}

function currentCommit(): string | null {
  const commit = git("rev-parse", "--short=12", "HEAD");
  if (commit === null) return null;
  return git("status", "--porcelain") === "" ? commit : `${commit}+`;
}

function git(...passed: readonly string[]): string | null {
  const { status, stdout } = spawnSync("git", passed, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

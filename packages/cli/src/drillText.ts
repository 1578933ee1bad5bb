/** The report of drills for people. */
import type { DrillRow } from "@bulkhead/simulator";
import { count, groupThousands } from "./text/amounts.ts";
import { table } from "./text/table.ts";

export function drillText(rows: readonly DrillRow[]): string {
  const lines = rows.map((row, index) => [
    row.held ? "✔" : "✘",
    // A layer is named once, before its first drill.
    rows[index - 1]?.layer === row.layer ? "" : row.layer,
    row.behaviour,
    dollars(row.boundUsd),
    dollars(row.lossUsd),
    dollars(row.otherTiersTouchedUsd),
    row.principalPayable ? "yes" : "no",
    row.stoppedBy,
  ]);
  const head = ["", "layer", "what it does", "at most $", "lost $", "elsewhere $", "payable", "stopped by"];
  return `\n${[...table([head, ...lines], ALIGNS), "", verdict(rows)].join("\n")}\n`;
}

const ALIGNS = ["left", "left", "left", "right", "right", "right", "left", "left"] as const;

function verdict(rows: readonly DrillRow[]): string {
  const failed = rows.filter(({ held }) => !held);
  if (failed.length === 0) return `✔ All ${count(rows.length)} drills held.`;
  return `✘ ${count(failed.length)} of ${count(rows.length)} drills FAILED.`;
}

/** Whole dollars, rounded against the drill. */
function dollars(usd: number): string {
  return groupThousands(Math.ceil(usd).toFixed(0));
}

/** Prints the last line of a test run, `N passed, N failed`, from the report vitest left behind. */
import { readFileSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly success: boolean;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const report = JSON.parse(readFileSync(process.argv[2] ?? "artefacts/vitest.json", "utf8")) as Report;
const unread = report.testResults.filter(
  ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
);
const failed = report.numFailedTests + unread.length;
console.log(`${report.numPassedTests} passed, ${report.success ? failed : Math.max(failed, 1)} failed`);

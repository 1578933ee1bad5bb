/**
 * Asks the registry for known weaknesses of what is installed at run time: `npm run audit`. Fails on any; where the registry does not answer such
 * questions, as mirrors may not, says so loudly and fails nothing: nothing was found, because nobody looked.
 */
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";

export interface Audited {
  readonly verdict: "clean" | "weak" | "unasked";
  readonly text: string;
}

interface Report {
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly range: string; readonly via: readonly unknown[] }>
  >;
}

/** What came of `npm audit --json`. @param answer - its standard output */
export function judge(answer: string): Audited {
  const report = reportIn(answer);
  if (report?.vulnerabilities === undefined)
    return {
      verdict: "unasked",
      text: `!!! The registry was asked for no known weaknesses: ${report?.message ?? (answer.trim() || "npm said nothing")}`,
    };
  const found = Object.entries(report.vulnerabilities);
  if (found.length === 0)
    return { verdict: "clean", text: "No weakness is known of anything installed at run time." };
  const lines = found.map(([name, { severity, range, via }]) => {
    const titles = via.map((each) =>
      typeof each === "string" ? `by ${each}` : String((each as { title?: unknown }).title),
    );
    return `${severity}: ${name} ${range}: ${titles.join("; ")}`;
  });
  return { verdict: "weak", text: lines.join("\n") };
}

function reportIn(answer: string): Report | undefined {
  try {
    return JSON.parse(answer) as Report;
  } catch {
    return undefined;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { encoding: "utf8" });
  const { verdict, text } = judge(stdout ?? "");
  console.log(text);
  process.exitCode = verdict === "weak" ? 1 : 0;
}

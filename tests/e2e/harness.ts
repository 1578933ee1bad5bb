/**
 * A real node and a real browser. Whoever looks at a page looks at what `npm start` shows: the demo as a process of its own, or a node of a test's
 * own, and Debian's Chromium. Screenshots go to artefacts/screenshots.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { CHROMIUM } from "../../bench/lib/window/chromium.ts";
import { type NodeProcess, startNodeProcess } from "../../bench/lib/window/nodeProcess.ts";

export { SIZES, goTo, openBrowser, openWindow } from "../../bench/lib/window/chromium.ts";
export type { NodeProcess as DemoNode };

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SHOTS = join(ROOT, "artefacts/screenshots");
const BUILT = join(ROOT, "packages/dashboard/dist/site/index.html");
const BIN = join(ROOT, "packages/cli/bin/bulkhead.js");

/** Why there is nothing to look with; undefined if there is. In CI that is a failure, elsewhere said aloud. */
export const hindrance: string | undefined = hindranceNow();

/** Starts `bulkhead start --demo` on a free port, in a directory of its own. */
export async function startDemo(): Promise<NodeProcess> {
  const directory = await mkdtemp(join(tmpdir(), "bulkhead-e2e-"));
  const forget = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const args = ["--demo", "--port", "0", "--data", directory];
  const node = await startNodeProcess(BIN, args, /taking part/).catch(async (error: unknown) => {
    await forget();
    throw error;
  });
  return { ...node, stop: () => node.stop().then(forget) };
}

/** Keeps a picture of the page as it is. @returns where */
export async function shoot(page: Page, name: string, isWhole = false): Promise<string> {
  mkdirSync(SHOTS, { recursive: true });
  const path = join(SHOTS, `${name}.png`);
  await page.screenshot({ path, fullPage: isWhole });
  return path;
}

export interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly string[];
}

/** What axe finds serious or critical on the page as it is. */
export async function seriousViolations(page: Page): Promise<readonly Violation[]> {
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  // Evaluated from outside: the page's own policy allows no script that is not its own.
  await page.evaluate(source);
  return page.evaluate(async () => {
    interface Found {
      readonly id: string;
      readonly impact: string | null;
      readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
    }
    const { axe } = globalThis as unknown as {
      readonly axe: { run(root: Document): Promise<{ readonly violations: readonly Found[] }> };
    };
    const { violations } = await axe.run(document);
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, impact, nodes }) => ({
        id,
        impact: impact ?? "",
        nodes: nodes
          .slice(0, 5)
          .map(({ html, failureSummary = "" }) => `${html.slice(0, 160)} ${failureSummary}`),
      }));
  });
}

function hindranceNow(): string | undefined {
  const missing = !existsSync(CHROMIUM)
    ? `there is no Chromium at ${CHROMIUM} (CHROMIUM_PATH names another)`
    : !existsSync(BUILT)
      ? "the dashboard is not built: npm run build"
      : undefined;
  if (missing === undefined) return undefined;
  if (process.env["CI"] === "true") throw new Error(`end-to-end tests cannot run: ${missing}`);
  console.warn(`!!! End-to-end tests are left out: ${missing}.`);
  return missing;
}

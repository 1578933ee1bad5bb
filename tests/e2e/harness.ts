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
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { CHROMIUM, openBrowser } from "../../bench/lib/window/chromium.ts";
import { type NodeProcess, startNodeProcess } from "../../bench/lib/window/nodeProcess.ts";

export { SIZES, goTo, openBrowser, openWindow, whole } from "../../bench/lib/window/chromium.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SHOTS = join(ROOT, "artefacts/screenshots");
const BUILT = join(ROOT, "packages/dashboard/dist/site/index.html");
const BIN = join(ROOT, "packages/cli/bin/bulkhead.js");
const FURNISH_MS = 240_000;

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

/** A node, and a browser before it, for the tests of a `describe`: there from the first of them on, and gone after the last. */
export function furnish<Node extends Pick<NodeProcess, "stop">>(
  open: () => Promise<Node>,
): { readonly node: Node; readonly browser: Browser } {
  const scene: { node?: Node; browser?: Browser } = {};
  beforeAll(async () => {
    [scene.node, scene.browser] = await Promise.all([open(), openBrowser()]);
  }, FURNISH_MS);
  afterAll(async () => {
    await scene.browser?.close();
    await scene.node?.stop();
  }, FURNISH_MS);
  return scene as { readonly node: Node; readonly browser: Browser };
}

/**
 * What makes the page wider than its window, or longer than its content: the innermost elements that stick out and are in no box that scrolls or clips by itself.
 *
 * @param isStretched - asks it of the page as it would be with twelve-digit figures everywhere, whatever the venue holds today
 */
export function tooWide(page: Page, isStretched = false): Promise<readonly string[]> {
  return page.evaluate((isLong) => {
    const root = document.documentElement;
    const before: [Text, string][] = [];
    if (isLong) {
      const walker = document.createTreeWalker(document.querySelector("main") ?? document.body, 4);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const text = node as Text;
        if (!/\d[\d,]*\.\d/.test(text.data)) continue;
        before.push([text, text.data]);
        text.data = text.data.replaceAll(/\d[\d,]*\.\d+/g, "123,456,789,012.345678");
      }
    }
    const isBoxed = (element: Element): boolean => {
      for (let each = element.parentElement; each !== null && each !== root; each = each.parentElement)
        if (getComputedStyle(each).overflowX !== "visible") return true;
      return false;
    };
    const outside = [...document.body.querySelectorAll("*")].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      // Words may stick out of an element that does not.
      return Math.max(right, left + element.scrollWidth) > root.clientWidth + 0.5 && !isBoxed(element);
    });
    const found = outside
      .filter((element) => !outside.some((other) => other !== element && element.contains(other)))
      .map((element) => {
        const { left, right } = element.getBoundingClientRect();
        const path: string[] = [];
        for (let each: Element | null = element; each !== null && path.length < 4; each = each.parentElement)
          path.unshift(`${each.tagName.toLowerCase()}.${each.getAttribute("class") ?? ""}`);
        const said = (element.textContent ?? "").trim().slice(0, 60);
        return `${path.join(" > ")} from ${Math.round(left)} to ${Math.round(right)}: ${said}`;
      });
    const isWider = root.scrollWidth > root.clientWidth;
    const width = `the document is ${root.scrollWidth} wide in a window of ${root.clientWidth}`;
    const end = Math.max(root.clientHeight, root.querySelector("#root")?.getBoundingClientRect().bottom ?? 0);
    const isLonger = root.scrollHeight > end + window.scrollY + 1;
    const length = `the document is ${root.scrollHeight} long, and its content ends at ${Math.round(end + window.scrollY)}`;
    for (const [text, data] of before) text.data = data;
    return [...(isWider ? [width, ...found] : []), ...(isLonger ? [length] : [])];
  }, isStretched);
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

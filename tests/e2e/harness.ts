/**
 * A real node and a real browser. Whoever looks at a page looks at what `npm start` shows: the demo as a process of its own, or a node of a test's
 * own, and Debian's Chromium. Screenshots go to artefacts/screenshots.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SHOTS = join(ROOT, "artefacts/screenshots");
const BUILT = join(ROOT, "packages/dashboard/dist/site/index.html");
const START_MS = 120_000;
const END_MS = 15_000;

const executable = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

/** Why there is nothing to look with; undefined if there is. In CI that is a failure, elsewhere said aloud. */
export const hindrance: string | undefined = hindranceNow();

export interface DemoNode {
  readonly url: string;
  /** Everything it has printed. */
  readonly output: () => string;
  /** It goes silent, with all its connections open, as one does whose machine hangs; or it goes on. */
  readonly hang: (isHanging: boolean) => void;
  readonly stop: () => Promise<void>;
}

/** Starts `bulkhead start --demo` on a free port, in a directory of its own. */
export async function startDemo(): Promise<DemoNode> {
  const directory = await mkdtemp(join(tmpdir(), "bulkhead-e2e-"));
  const bin = join(ROOT, "packages/cli/bin/bulkhead.js");
  const child = spawn(process.execPath, [bin, "start", "--demo", "--port", "0", "--data", directory], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const url = await told(
    child,
    () => /taking part/.test(output) && /on (http:\/\/\S+)/.exec(output)?.[1],
  ).catch(async (error: unknown) => {
    child.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
    throw new Error(`the demo did not start:\n${output}`, { cause: error });
  });
  return {
    url,
    output: () => output,
    hang: (isHanging) => void child.kill(isHanging ? "SIGSTOP" : "SIGCONT"),
    stop: async () => {
      child.kill("SIGCONT");
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
      if (child.exitCode === null) await ended;
      clearTimeout(timer);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** @throws if the browser cannot be started */
export function openBrowser(): Promise<Browser> {
  // In a container without user namespaces Chromium's own sandbox cannot be set up; the pages are our own.
  return chromium.launch({ executablePath: executable, args: ["--no-sandbox", "--disable-gpu"] });
}

export interface Window {
  readonly page: Page;
  /** What the page complained of: errors, violations of its policy, failed requests. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

export const SIZES = {
  desk: { width: 1440, height: 900 },
  phone: { width: 360, height: 740 },
} as const;

export interface WindowOptions {
  readonly theme?: "dark" | "light";
  readonly size?: keyof typeof SIZES;
}

/** A window of its own, with nothing kept from others. */
export async function openWindow(
  browser: Browser,
  { theme = "dark", size = "desk" }: WindowOptions = {},
): Promise<Window> {
  const options: BrowserContextOptions = {
    viewport: SIZES[size],
    colorScheme: theme,
    reducedMotion: "reduce",
  };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`${error.message}\n${error.stack ?? ""}`));
  page.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy/.test(message.text()))
      complaints.push(message.text());
  });
  await probe(page);
  return { page, complaints, close: () => context.close() };
}

/** Goes to a path and waits until the page is live. */
export async function goTo(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('[data-phase="live"]').waitFor();
  // Until then something is on its way: every page says so by the same role.
  await page.waitForFunction(() => document.querySelector('main [aria-label="Loading"]') === null);
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

export interface Pace {
  /** Frames per second, of each second. */
  readonly fps: readonly number[];
  /** Tasks of more than 50 ms that kept the page, ms each. */
  readonly longTasks: readonly number[];
  /** Bytes of the JavaScript heap in use. */
  readonly heap: number;
}

/** Watches a page for so long. What happened before, such as loading it, does not count. */
export async function paceOf(page: Page, seconds: number): Promise<Pace> {
  return page.evaluate(async (count) => {
    const seen = globalThis as unknown as { longTasks: number[] };
    seen.longTasks = [];
    const fps: number[] = [];
    for (let second = 0; second < count; second++) {
      let frames = 0;
      const until = performance.now() + 1_000;
      while (performance.now() < until) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        frames++;
      }
      fps.push(frames);
    }
    const { memory } = performance as unknown as { readonly memory?: { readonly usedJSHeapSize: number } };
    return { fps, longTasks: seen.longTasks, heap: memory?.usedJSHeapSize ?? 0 };
  }, seconds);
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function probe(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const seen = globalThis as unknown as { longTasks: number[] };
    seen.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longTasks.push(duration);
    }).observe({ type: "longtask", buffered: true });
  });
}

function told(child: ChildProcess, find: () => string | false | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing after ${START_MS} ms`)), START_MS);
    const look = (): void => {
      const found = find();
      if (typeof found !== "string") return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout?.on("data", look);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`it ended with ${String(code)}`));
    });
  });
}

function hindranceNow(): string | undefined {
  const missing = !existsSync(executable)
    ? `there is no Chromium at ${executable} (CHROMIUM_PATH names another)`
    : !existsSync(BUILT)
      ? "the dashboard is not built: npm run build"
      : undefined;
  if (missing === undefined) return undefined;
  if (process.env["CI"] === "true") throw new Error(`end-to-end tests cannot run: ${missing}`);
  console.warn(`!!! End-to-end tests are left out: ${missing}.`);
  return missing;
}

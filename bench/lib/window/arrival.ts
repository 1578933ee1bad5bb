/** How long it takes until somebody who comes to a page for the first time can use it, and what he has to load for that. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { openWindow } from "./chromium.ts";

export interface Arrival {
  /** From the beginning of the navigation, ms: until anything is drawn; until what the page is for is shown, live. */
  readonly painted: number;
  readonly shown: number;
  /** And until no task that was begun by then keeps the page from answering: half a second without a long one follows. */
  readonly interactive: number;
  /** Time for which long tasks kept the page until then, beyond 50 ms each, ms. */
  readonly blocked: number;
  /** Scripts that were asked for until it was shown, and until it was at rest, by their paths. */
  readonly scripts: readonly string[];
  readonly allScripts: readonly string[];
}

/** What must be on the page before it counts as shown. */
export interface Awaited {
  /** Of CSS; as many as `least` must be there. */
  readonly selector: string;
  readonly least: number;
  /** Cells of the largest canvas, where the page is a picture of many. */
  readonly cells?: number;
}

const QUIET_MS = 500;
/** How long that is waited for; a page that never comes to rest has answered late enough by then. */
const PATIENCE_MS = 10_000;
const LIMIT_MS = 60_000;

/** Goes to a page with an empty cache, once. @throws if it is not shown within a minute */
export async function arriveAt(browser: Browser, url: string, awaited: Awaited): Promise<Arrival> {
  const { page, close } = await openWindow(browser, { isMoving: true });
  try {
    await page.addInitScript(
      ([{ selector, least, cells = 0 }, quiet, patience]) => {
        const tasks: { readonly from: number; readonly until: number }[] = [];
        new PerformanceObserver((list) => {
          for (const { startTime, duration } of list.getEntries())
            tasks.push({ from: startTime, until: startTime + duration });
        }).observe({ type: "longtask", buffered: true });
        const isShown = (): boolean =>
          document.querySelector('[data-phase="live"]') !== null &&
          document.querySelectorAll(selector).length >= least &&
          (cells === 0 ||
            [...document.querySelectorAll("canvas")].some(({ width, height }) => width * height >= cells));
        const whenShown = (at: number): void => {
          // When every task that was begun before it is done, and the next half second has no long one.
          const rest = (): void => {
            const last = tasks.reduce((until, task) => Math.max(until, task.until), at);
            if (performance.now() < Math.min(last + quiet, at + patience)) return void setTimeout(rest, 50);
            const blocked = tasks
              .filter(({ from }) => from < last)
              .reduce((sum, { from, until }) => sum + Math.max(0, until - from - 50), 0);
            const scripts = performance
              .getEntriesByType("resource")
              .map(({ name, startTime }) => ({ path: new URL(name).pathname, startTime }))
              .filter(({ path }) => path.endsWith(".js"));
            const pathsUntil = (until: number): string[] => [
              ...new Set(scripts.filter(({ startTime }) => startTime < until).map(({ path }) => path)),
            ];
            const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? at;
            (globalThis as unknown as { bulkheadArrival: Arrival }).bulkheadArrival = {
              painted,
              shown: at,
              interactive: last,
              blocked,
              scripts: pathsUntil(at),
              allScripts: pathsUntil(Infinity),
            };
          };
          rest();
        };
        const look = (): void => {
          if (isShown()) {
            // What is in the document now is drawn with this frame, and the task after it is the first that could answer.
            const channel = new MessageChannel();
            channel.port1.addEventListener("message", () => whenShown(performance.now()));
            channel.port1.start();
            channel.port2.postMessage(undefined);
          } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      },
      [awaited, QUIET_MS, PATIENCE_MS] as const,
    );
    await page.goto(url, { waitUntil: "commit" });
    const found = await page.waitForFunction(
      () => (globalThis as unknown as { bulkheadArrival?: Arrival }).bulkheadArrival,
      undefined,
      { timeout: LIMIT_MS },
    );
    return (await found.jsonValue()) as Arrival;
  } finally {
    await close();
  }
}

/** What scripts weigh as they are sent: kB by gzip, of the built files. @param site - their folder */
export function scriptKb(site: string, scripts: readonly string[]): number {
  return scripts.reduce((sum, path) => sum + gzipSync(readFileSync(join(site, path))).length, 0) / 1_000;
}

/**
 * What a page's main thread did, taken down by the browser. It slows the page, so it is for finding out why and not for how fast; but it knows how
 * long the processor worked for a task, which is the same on a machine that has much else to do.
 */
import { writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";

const CATEGORIES = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "disabled-by-default-devtools.timeline.stack",
  "v8",
];
const MAIN = "CrRendererMain";
/** A collection that was asked for from outside. */
const ASKED = "V8.GCLowMemoryNotification";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** µs. */
  readonly ts: number;
  readonly dur?: number;
  /** Of the processor, µs. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * Begins to take down.
 * @param path - of the file that is left, for the browser's own tools
 * @returns how to end it, with the processor's time for the longest task, ms
 */
export async function tracePage(browser: Browser, page: Page, path: string): Promise<() => Promise<number>> {
  await browser.startTracing(page, { categories: CATEGORIES });
  return async () => {
    const bytes = await browser.stopTracing();
    writeFileSync(path, bytes);
    const { traceEvents } = JSON.parse(bytes.toString()) as { readonly traceEvents: readonly TraceEvent[] };
    return longestTask(traceEvents);
  };
}

function longestTask(events: readonly TraceEvent[]): number {
  const threads = new Set(
    events
      .filter(({ ph, name, args }) => ph === "M" && name === "thread_name" && args?.name === MAIN)
      .map(threadOf),
  );
  const ofMain = events.filter((event) => event.ph === "X" && threads.has(threadOf(event)));
  const asked = ofMain.filter(({ name }) => name === ASKED);
  return ofMain
    .filter(({ name }) => name === "RunTask")
    .filter((task) => !asked.some((each) => isWithin(each, task)))
    .reduce((longest, { tdur = 0 }) => Math.max(longest, tdur / 1_000), 0);
}

function threadOf({ pid, tid }: TraceEvent): string {
  return `${pid} ${tid}`;
}

function isWithin(event: TraceEvent, task: TraceEvent): boolean {
  return threadOf(event) === threadOf(task) && event.ts >= task.ts && event.ts <= task.ts + (task.dur ?? 0);
}

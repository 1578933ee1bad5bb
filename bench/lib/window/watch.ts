/**
 * Watches a page from inside and outside while it works: how often it draws, what keeps its main thread, what it is told, and what of its memory is
 * left when the garbage is gone. The watcher itself keeps counts alone, so that it does not grow with the time it watches.
 */
import type { CDPSession, Page } from "playwright-core";

/** Longer than this nothing may keep a page, ms. The browser tells of what takes more than 50. */
const TOO_LONG_MS = 100;
const MOST_LONG_TASKS = 64;
/** Intervals between frames are counted by parts of a ms, up to a second. */
const PARTS = 10;

/** What was seen since the beginning of a watch. */
export interface Seen {
  readonly seconds: number;
  /** Frames a second: of the median interval between two, and of one that 5 % are longer than. */
  readonly fps: number;
  readonly fpsLow: number;
  /** Longest task of the main thread, ms, and how many took more than 50 and 100; below 50 the browser tells none. */
  readonly longest: number;
  readonly over50: number;
  readonly over100: number;
  /** The first of those over 100 ms: since the beginning of the watch, and how long, ms. */
  readonly longTasks: readonly (readonly [at: number, ms: number])[];
  /** Messages of streams by channel. */
  readonly messages: Readonly<Record<string, number>>;
  /** Levels of books that messages told to have changed: one tells all that a batch of commands did. */
  readonly levels: number;
}

/** What is left after a collection of garbage. */
export interface Kept {
  /** Since the beginning of the watch. */
  readonly seconds: number;
  readonly heapKb: number;
  readonly domNodes: number;
  readonly detachedNodes: number;
  readonly listeners: number;
}

export interface Watching {
  readonly seen: () => Promise<Seen>;
  /** Collects garbage; frames and tasks of that moment do not count. */
  readonly kept: () => Promise<Kept>;
  /** Part of the time in which the main thread worked, and in which scripts did. */
  readonly busy: () => Promise<{ readonly tasks: number; readonly scripts: number }>;
}

interface Probe {
  /** By parts of a ms. */
  intervals: Uint32Array;
  startedAt: number;
  lastFrame: number;
  longest: number;
  over50: number;
  over100: number;
  longTasks: [number, number][];
  messages: Record<string, number>;
  levels: number;
  /** When it was last looked into from outside. */
  pausedFrom: number;
  pausedUntil: number;
}

type Probed = typeof globalThis & { bulkheadProbe: Probe };

/** Puts the watcher into a page; to be done before the page is opened. */
export async function putProbe(page: Page): Promise<void> {
  await page.addInitScript(
    ([parts, tooLong, most]) => {
      const probe: Probe = {
        intervals: new Uint32Array(1_000 * parts),
        startedAt: 0,
        lastFrame: 0,
        longest: 0,
        over50: 0,
        over100: 0,
        longTasks: [],
        messages: {},
        levels: 0,
        pausedFrom: -1,
        pausedUntil: -1,
      };
      (globalThis as Probed).bulkheadProbe = probe;
      const frame = (at: number): void => {
        requestAnimationFrame(frame);
        const { lastFrame, pausedUntil, intervals } = probe;
        probe.lastFrame = at;
        if (lastFrame <= pausedUntil) return;
        const place = Math.min(intervals.length - 1, Math.round((at - lastFrame) * parts));
        intervals[place] = (intervals[place] ?? 0) + 1;
      };
      requestAnimationFrame(frame);
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) {
          const isOurs = startTime < probe.pausedUntil && startTime + duration > probe.pausedFrom;
          if (startTime < probe.startedAt || isOurs) continue;
          probe.longest = Math.max(probe.longest, duration);
          probe.over50++;
          if (duration <= tooLong) continue;
          probe.over100++;
          if (probe.longTasks.length < most) probe.longTasks.push([startTime - probe.startedAt, duration]);
        }
      }).observe({ type: "longtask", buffered: true });
      const Own = WebSocket;
      globalThis.WebSocket = class extends Own {
        constructor(url: string | URL, protocols?: string | string[]) {
          super(url, protocols);
          this.addEventListener("message", ({ data }) => {
            const channel = /^\{"channel":"(\w+)"/.exec(String(data).slice(0, 40))?.[1] ?? "others";
            probe.messages[channel] = (probe.messages[channel] ?? 0) + 1;
            // Each level is a pair of texts.
            if (channel === "book") probe.levels += String(data).split('["').length - 1;
          });
        }
      };
    },
    [PARTS, TOO_LONG_MS, MOST_LONG_TASKS] as const,
  );
}

/** Begins to watch: what happened before, such as loading the page, does not count. */
export async function watchPage(page: Page): Promise<Watching> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await session.send("HeapProfiler.enable");
  const before = await metricsOf(session);
  const started = performance.now();
  await page.evaluate(() => {
    const { bulkheadProbe: probe } = globalThis as Probed;
    probe.intervals.fill(0);
    probe.startedAt = probe.pausedUntil = performance.now();
    [probe.longest, probe.over50, probe.over100, probe.longTasks] = [0, 0, 0, []];
    probe.messages = {};
    probe.levels = 0;
  });
  return {
    seen: async () => {
      const { intervals, ...rest } = await page.evaluate(() => {
        const {
          intervals: counts,
          startedAt,
          longest,
          over50,
          over100,
          longTasks,
          messages,
          levels,
        } = (globalThis as Probed).bulkheadProbe;
        const seconds = (performance.now() - startedAt) / 1_000;
        return { intervals: [...counts], seconds, longest, over50, over100, longTasks, messages, levels };
      });
      return { ...rest, fps: fpsOf(intervals, 0.5), fpsLow: fpsOf(intervals, 0.95) };
    },
    kept: async () => {
      await page.evaluate(() => {
        const { bulkheadProbe: probe } = globalThis as Probed;
        probe.pausedFrom = performance.now();
        probe.pausedUntil = Infinity;
      });
      await session.send("HeapProfiler.collectGarbage");
      const metrics = await metricsOf(session);
      const detached = await detachedNodes(session);
      await page.evaluate(() => {
        const { bulkheadProbe: probe } = globalThis as Probed;
        probe.pausedUntil = performance.now();
      });
      return {
        seconds: (performance.now() - started) / 1_000,
        heapKb: Math.round(metrics("JSHeapUsedSize") / 1_024),
        domNodes: metrics("Nodes"),
        detachedNodes: detached,
        listeners: metrics("JSEventListeners"),
      };
    },
    busy: async () => {
      const now = await metricsOf(session);
      const span = now("Timestamp") - before("Timestamp");
      const part = (name: string): number => (now(name) - before(name)) / span;
      return { tasks: part("TaskDuration"), scripts: part("ScriptDuration") };
    },
  };
}

/** Growth by the least squares, kB a minute; 0 as long as there is no time between the first and the last. */
export function slopeOf(kept: readonly Pick<Kept, "seconds" | "heapKb">[]): number {
  const at = mean(kept.map(({ seconds }) => seconds));
  const heap = mean(kept.map(({ heapKb }) => heapKb));
  const spread = kept.reduce((sum, { seconds }) => sum + (seconds - at) ** 2, 0);
  const joint = kept.reduce((sum, { seconds, heapKb }) => sum + (seconds - at) * (heapKb - heap), 0);
  return spread === 0 ? 0 : (joint / spread) * 60;
}

/** Frames a second of the interval that a part of all are not longer than. @param intervals - counts, by parts of a ms */
export function fpsOf(intervals: readonly number[], part: number): number {
  const all = intervals.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [place, count] of intervals.entries()) {
    seen += count;
    if (count > 0 && seen >= all * part) return (1_000 * PARTS) / Math.max(1, place);
  }
  return 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

async function metricsOf(session: CDPSession): Promise<(name: string) => number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return (name) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
}

/** Elements that hang on nothing but somebody's memory of them. */
async function detachedNodes(session: CDPSession): Promise<number> {
  const { detachedNodes: nodes } = await session.send("DOM.getDetachedDomNodes");
  const count = (node: { readonly children?: readonly object[] }): number =>
    1 + (node.children ?? []).reduce((sum: number, child) => sum + count(child), 0);
  return nodes.reduce((sum, { treeNode }) => sum + count(treeNode), 0);
}

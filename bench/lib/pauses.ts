import { type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";

export interface Pauses {
  readonly count: number;
  readonly longestMs: number;
  readonly totalMs: number;
}

export interface PauseWatch {
  /** Ends the window and waits for Node to hand over what it saw. */
  readonly stop: () => Promise<Pauses>;
}

/**
 * Watches how long the collector halts this thread, from now until `stop`: scavenges, the atomic part of full
 * collections and single incremental steps. Work on other threads does not halt it and is not counted.
 */
export function watchPauses(): PauseWatch {
  const lengthsMs: number[] = [];
  const startMs = performance.now();
  let endMs = Number.POSITIVE_INFINITY;
  const collect = (entries: readonly PerformanceEntry[]): void => {
    const inside = entries.filter(({ startTime }) => startTime >= startMs && startTime < endMs);
    lengthsMs.push(...inside.map(({ duration }) => duration));
  };
  const observer = new PerformanceObserver((list) => collect(list.getEntries()));
  observer.observe({ entryTypes: ["gc"] });

  async function stop(): Promise<Pauses> {
    endMs = performance.now();
    // Entries reach the observer in a later turn of the event loop than the pause itself.
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    collect(observer.takeRecords());
    observer.disconnect();
    return {
      count: lengthsMs.length,
      longestMs: lengthsMs.reduce((most, each) => Math.max(most, each), 0),
      totalMs: lengthsMs.reduce((sum, each) => sum + each, 0),
    };
  }

  return { stop };
}

/**
 * Keeps views at a node's heels: takes every batch once it is durable, bounded in memory. A transaction costs much the same for one command and
 * for hundreds, so between two the views rest, unless somebody waits for them. Views that start behind, or fall too far back, catch up from the
 * log, where everything is. Whatever fails here is reported and tried again; the engine never hears of it.
 */
import type { ExecutedBatch } from "../runner/executed.ts";
import type { Views } from "./views.ts";

/** Views that can execute a log again by themselves. */
export interface CatchingUp extends Views {
  /** Takes in what the log has and the views have not. @returns the sequence then */
  catchUp(): Promise<number>;
}

export interface FollowOptions {
  /** Told of every batch once it is durable; as `Runner.listen`. */
  readonly listen: (listener: (batch: ExecutedBatch) => void) => () => void;
  readonly views: CatchingUp;
  /** Told of what failed; it is tried again. */
  readonly report: (error: unknown) => void;
  /** Commands that may wait for the views; beyond that they are let go, and read from the log. */
  readonly maxWaiting?: number;
  /** How long to wait after a failure, ms. */
  readonly retryMs?: number;
  /** From the beginning of one group to that of the next, ms, as long as nobody waits for what is in it. */
  readonly paceMs?: number;
}

export interface Following {
  /** How far the views are, and how far the node was heard of; 0 = not yet. */
  readonly standing: () => {
    readonly taken: number;
    readonly heard: number;
    /** Whether they are reading the log. */
    readonly isCatchingUp: boolean;
    /** Failures in a row. */
    readonly failures: number;
  };
  /** Resolves once the views have taken in this command. */
  readonly reached: (sequence: number) => Promise<void>;
  /** Follows no longer; what is being written is finished. */
  readonly stop: () => Promise<void>;
}

const MAX_WAITING = 65_536;
const RETRY_MS = 1_000;
const PACE_MS = 250;
/** Commands handed to the views at a time. */
const HANDED = 16_384;

/** Begins to follow: from now on the views are brought to where the node is, and kept there. */
export function follow(options: FollowOptions): Following {
  const { listen, views, report, maxWaiting = MAX_WAITING, retryMs = RETRY_MS, paceMs = PACE_MS } = options;
  let queue: ExecutedBatch[] = [];
  let waiting = 0;
  let [taken, heard, failures] = [0, 0, 0];
  /** Where they are is not known before they were asked; the log is looked at then in any case. */
  let isBehind = true;
  let isReading = false;
  let isStopped = false;
  let isPumping = false;
  let pumping: Promise<void> = Promise.resolve();
  /** When the last group was taken, by a clock that only goes forward. */
  let takenAt = -Infinity;
  /** Ends a pause; and only a rest between two groups, not the one after a failure. */
  let wake: (() => void) | undefined;
  let hurry: (() => void) | undefined;
  const expectations = new Set<{ readonly sequence: number; readonly resolve: () => void }>();

  const unlisten = listen((batch) => {
    heard = batch.first + batch.count - 1;
    queue.push(batch);
    waiting += batch.count;
    if (waiting > maxWaiting) letGo();
    if (isBehind || waiting >= HANDED) hurry?.();
    pump();
  });

  function letGo(): void {
    queue = [];
    waiting = 0;
    isBehind = true;
  }

  function pump(): void {
    if (isPumping) return;
    isPumping = true;
    pumping = run();
  }

  async function run(): Promise<void> {
    while (isBehind || queue.length > 0) {
      if (isStopped) break;
      try {
        if (isBehind) {
          isBehind = false;
          isReading = true;
          arrived(await views.catchUp());
          isReading = false;
        } else {
          await rest();
          await takeGroup();
        }
        failures = 0;
      } catch (error) {
        isBehind = true;
        isReading = false;
        failures++;
        report(error);
        await pause(retryMs);
      }
    }
    // In the same breath as the last look at the queue: nothing can come between.
    isPumping = false;
  }

  /** Until the next group may be taken, or has to be. */
  async function rest(): Promise<void> {
    const left = takenAt + paceMs - performance.now();
    if (left > 0 && expectations.size === 0 && waiting < HANDED && !isStopped) {
      const rested = pause(left);
      hurry = wake;
      await rested;
      hurry = undefined;
    }
    takenAt = performance.now();
  }

  async function takeGroup(): Promise<void> {
    // Whatever was let go meanwhile is in the log.
    if (queue.length === 0) return;
    let [count, commands] = [0, 0];
    while (count < queue.length && commands < HANDED) commands += (queue[count++] as ExecutedBatch).count;
    const group = queue.splice(0, count);
    waiting -= commands;
    // What was caught up with meanwhile is passed over; where something is missing, the log has it.
    if ((group[0] as ExecutedBatch).first > taken + 1) {
      isBehind = true;
      return;
    }
    arrived(await views.apply(group));
  }

  function arrived(sequence: number): void {
    taken = sequence;
    for (const expectation of expectations) {
      if (expectation.sequence > taken) continue;
      expectations.delete(expectation);
      expectation.resolve();
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      wake = end;
    });
  }

  pump();
  return {
    standing: () => ({ taken, heard, isCatchingUp: isBehind || isReading, failures }),
    reached: (sequence) =>
      sequence <= taken
        ? Promise.resolve()
        : new Promise((resolve) => {
            expectations.add({ sequence, resolve });
            hurry?.();
          }),
    stop: async () => {
      isStopped = true;
      unlisten();
      wake?.();
      await pumping;
    },
  };
}

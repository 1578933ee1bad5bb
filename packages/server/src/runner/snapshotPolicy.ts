/** Takes snapshots by itself: every so many commands, or so much time after the last one if there was any command. */
import type { Runner } from "./runner.ts";

export interface SnapshotPolicy {
  /** Commands between snapshots: how many a recovery executes again at most, and those that come while one is taken. */
  readonly everyCommands: number;
  /** Time between snapshots of a venue in which something happens, ms. */
  readonly everyMs: number;
  /** The command the newest snapshot has seen, 0 = none, as recovery tells; if not told, the engine's last. */
  readonly last?: number;
  readonly onTaken?: (sequence: number, ms: number) => void;
  /** Told why one could not be taken; it is tried again when the next is due. */
  readonly onFailed?: (error: unknown) => void;
}

/** Begins. @returns how to end it: no more are taken, and the one that is being taken is waited for */
export function keepSnapshots(runner: Runner, policy: SnapshotPolicy): () => Promise<void> {
  const { everyCommands, everyMs, onTaken, onFailed } = policy;
  let last = policy.last ?? runner.engine.sequence;
  let taking: Promise<void> | undefined;

  async function take(): Promise<void> {
    const started = performance.now();
    try {
      last = await runner.snapshot();
      onTaken?.(last, performance.now() - started);
    } catch (error) {
      last = runner.engine.sequence;
      onFailed?.(error);
    } finally {
      taking = undefined;
    }
  }

  const stopListening = runner.listen(({ first, count }) => {
    if (first + count - 1 - last >= everyCommands) taking ??= take();
  });
  const timer = setInterval(() => {
    if (runner.engine.sequence > last) taking ??= take();
  }, everyMs);
  timer.unref();
  return async () => {
    stopListening();
    clearInterval(timer);
    await taking;
  };
}

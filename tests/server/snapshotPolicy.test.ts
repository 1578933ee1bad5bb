/** Snapshots that a node takes by itself. */
import { Runner, keepSnapshots } from "@bulkhead/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { capacities, disks, frameOf } from "./story.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

/** A venue whose snapshots are told, and how to open so many accounts there. */
async function venue(policy: { everyCommands: number; everyMs: number; last?: number }, storages = disks()) {
  const { runner } = await Runner.open(storages, { capacities, segmentBytes: 2 ** 16 });
  const taken: number[] = [];
  const failed: unknown[] = [];
  const stop = keepSnapshots(runner, {
    ...policy,
    onTaken: (sequence) => taken.push(sequence),
    onFailed: (error) => failed.push(error),
  });
  let time = 1;
  const play = async (count: number): Promise<void> => {
    for (let each = 0; each < count; each++)
      await runner.submit(frameOf({ kind: "openAccount", time: time++ }));
  };
  return { storages, runner, taken, failed, stop, play };
}

test("snapshots are taken after so many commands", async () => {
  const { taken, play, stop, runner } = await venue({ everyCommands: 10, everyMs: 1e6 });
  await play(9);
  expect(taken).toEqual([]);
  await play(1);
  await vi.waitFor(() => expect(taken).toEqual([10]));
  await play(25);
  await stop();
  expect(taken.length).toBeGreaterThanOrEqual(2);
  expect(taken.every((sequence, index) => index === 0 || sequence - taken[index - 1]! >= 10)).toBe(true);
  await play(30);
  await runner.close();
  expect(taken.at(-1)).toBeLessThanOrEqual(35);
});

test("commands that were executed again count too: a node that never lives long takes some all the same", async () => {
  const policy = { everyCommands: 10, everyMs: 1e6 };
  const first = await venue(policy);
  await first.play(10);
  await vi.waitFor(() => expect(first.taken).toEqual([10]));
  await first.play(8);
  // It is gone, without a word; so is the one after it.
  const second = await venue({ ...policy, last: 10 }, first.storages);
  await second.play(1);
  expect(second.taken).toEqual([]);
  const third = await venue({ ...policy, last: 10 }, first.storages);
  expect(third.runner.engine.sequence).toBe(19);
  await third.play(1);
  await vi.waitFor(() => expect(third.taken).toEqual([20]));
  await third.stop();
});

test("and after so much time, if there was any command", async () => {
  const { taken, play, stop } = await venue({ everyCommands: 1e6, everyMs: 1_000 });
  vi.advanceTimersByTime(5_000);
  await play(3);
  expect(taken).toEqual([]);
  vi.advanceTimersByTime(1_000);
  await vi.waitFor(() => expect(taken).toEqual([3]));
  vi.advanceTimersByTime(5_000);
  await play(1);
  vi.advanceTimersByTime(1_000);
  await vi.waitFor(() => expect(taken).toEqual([3, 4]));
  await stop();
});

test("one that cannot be taken is told, and tried again when the next is due", async () => {
  const { storages, taken, failed, play, stop } = await venue({ everyCommands: 5, everyMs: 1e6 });
  storages.snapshots.fault = () => 0;
  await play(5);
  await vi.waitFor(() => expect(failed).toHaveLength(1));
  storages.snapshots.fault = () => undefined;
  await play(4);
  expect(taken).toEqual([]);
  await play(2);
  await vi.waitFor(() => expect(taken).toHaveLength(1));
  expect(failed).toHaveLength(1);
  await stop();
});

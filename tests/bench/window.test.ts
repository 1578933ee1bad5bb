/** What is concluded from what was watched. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS, WARM_UP_SECONDS, paceBounds } from "../../bench/lib/window/bounds.ts";
import { type Kept, type Seen, fpsOf, slopeOf } from "../../bench/lib/window/watch.ts";

const CALM: Seen = {
  seconds: 600,
  fps: 60,
  fpsLow: 59,
  longest: 40,
  over50: 0,
  over100: 0,
  longTasks: [],
  messages: {},
  levels: 0,
};

/** Looked at every half minute, growing by so many kB a minute. */
function keptOf(growth: number, minutes = 10): readonly Kept[] {
  return Array.from({ length: minutes * 2 + 1 }, (_, look) => ({
    seconds: look * 30,
    heapKb: 10_000 + growth * (look / 2),
    domNodes: 2_000,
    detachedNodes: 0,
    listeners: 300,
  }));
}

const missed = (seen: Seen, kept: readonly Kept[]): readonly string[] =>
  paceBounds("page", seen, kept)
    .filter(({ held }) => !held)
    .map(({ name }) => name);

describe("a page that was watched", () => {
  test("holds when it is fast and flat", () => {
    expect(missed(CALM, keptOf(0))).toEqual([]);
  });

  test("does not when it is slow, is kept, or grows, and it says in what", () => {
    expect(missed({ ...CALM, fps: 49 }, keptOf(0))).toEqual(["page: frames a second, median"]);
    expect(missed({ ...CALM, longest: 101 }, keptOf(0))).toEqual(["page: longest task, ms"]);
    expect(missed(CALM, keptOf(200))).toEqual(["page: heap, last over first", "page: heap, kB a minute"]);
    const growing = keptOf(0).map((kept) => ({ ...kept, domNodes: 2_000 + kept.seconds }));
    expect(missed(CALM, growing)).toEqual(["page: DOM nodes, last over first"]);
  });

  test("may fill what it keeps so many of, for as long as it warms up", () => {
    const filling = keptOf(0).map((kept) =>
      kept.seconds < WARM_UP_SECONDS ? { ...kept, heapKb: 5_000 } : kept,
    );
    expect(missed(CALM, filling)).toEqual([]);
  });

  test("of a short while no trend is told, but a leap is", () => {
    expect(missed(CALM, keptOf(LIMITS.heapSlope * 2, 1))).toEqual([]);
    expect(missed(CALM, keptOf(6_000, 1))).toEqual(["page: heap, last over first"]);
  });
});

test("a slope is that of the line, wherever it begins", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -500, max: 500 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 2, maxLength: 30 }),
      (slope, first, times) => {
        const kept = times.map((seconds) => ({ seconds, heapKb: first + (slope * seconds) / 60 }));
        expect(slopeOf(kept)).toBeCloseTo(slope, 5);
      },
    ),
  );
  expect(slopeOf([{ seconds: 3, heapKb: 4 }])).toBe(0);
});

test("frames a second are of the interval in the middle, and of the longest but few", () => {
  const intervals = Array.from({ length: 1_000 }, () => 0);
  // 94 of 16.7 ms and 6 of 50 ms, by tenths.
  [intervals[167], intervals[500]] = [94, 6];
  expect(fpsOf(intervals, 0.5)).toBeCloseTo(59.9, 1);
  expect(fpsOf(intervals, 0.95)).toBeCloseTo(20, 1);
  expect(fpsOf([], 0.5)).toBe(0);
});

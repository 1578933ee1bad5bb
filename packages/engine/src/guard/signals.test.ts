import { describe, expect, test } from "vitest";
import { Arena, type Ref } from "../kernel/arena.ts";
import type { Ticks } from "../kernel/units.ts";
import { SIGNAL } from "../domain/breaker.ts";
import { GUARD, GUARD_WORDS } from "../domain/rows/guard.ts";
import { Scores, scoreOf } from "./scores.ts";
import { LIQUIDATIONS, addTo, total, turn } from "./sums.ts";
import { WINDOWS, largestMove, moveLimit, sampleMarks } from "./velocity.ts";

/** A guard's row alone. */
function row(): { arena: Arena; guard: Ref<"guard"> } {
  return { arena: new Arena(2 * GUARD_WORDS), guard: GUARD_WORDS as Ref<"guard"> };
}

const limits = (sigma: number, z: number, floor: number): number[] =>
  WINDOWS.map((_, window) => moveLimit(window, sigma, z, floor));

const fused = (soft: Partial<Record<keyof typeof SIGNAL, number>>): Scores => {
  const scores = new Scores();
  for (const [name, score] of Object.entries(soft)) scores.soft[SIGNAL[name as keyof typeof SIGNAL]] = score;
  scores.fuse();
  return scores;
};

describe("a score", () => {
  test("is rounded up, cut off, and 0 without a limit", () => {
    expect([scoreOf(1, 3), scoreOf(0, 3), scoreOf(3, 3), scoreOf(5, 0)]).toEqual([333_334, 0, 1_000_000, 0]);
    expect([scoreOf(1e15, 1), scoreOf(2_999, 3), scoreOf(3_000, 3)]).toEqual([1e9, 999_666_667, 1e9]);
  });
});

describe("velocity", () => {
  test("sees the largest change from any sample of its window", () => {
    const { arena, guard } = row();
    const mark = (now: number, price: number): number[] => {
      sampleMarks(arena, guard, now);
      arena.setInt(guard, GUARD.lastMark, price as Ticks);
      return WINDOWS.map((_, window) => largestMove(arena, guard, window, price));
    };
    expect(mark(1_000_000, 1_000), "nothing to compare with").toEqual([0, 0, 0, 0]);
    expect(mark(1_000_250, 1_010), "a quarter of a second later").toEqual([10_000, 0, 0, 0]);
    expect(mark(1_005_000, 1_010), "the second is over, the first minute goes on").toEqual([0, 0, 0, 0]);
    expect(mark(1_020_000, 1_030)).toEqual([19_802, 19_802, 0, 0]);
    expect(mark(1_100_000, 1_030)).toEqual([0, 0, 0, 0]);
    expect(mark(1_100_001, 927)).toEqual([100_000, 100_000, 100_000, 0]);
  });

  test("trips on moves that are large and unusual", () => {
    expect(limits(120, 10, 50_000)).toEqual([50_000, 50_000, 50_000, 150_000]);
    expect(limits(1_000, 10, 50_000)).toEqual([50_000, 77_459, 173_205, 600_000]);
    expect(limits(0, 10, 0)).toEqual([0, 0, 0, 0]);
  });
});

describe("sums", () => {
  test("forget an interval whole, never keep more than their window", () => {
    const { arena, guard } = row();
    const at = (minute: number, value: number): number => {
      turn(arena, guard, LIQUIDATIONS, minute * 60_000, 0);
      addTo(arena, guard, LIQUIDATIONS, value);
      return total(arena, guard, LIQUIDATIONS);
    };
    expect([at(100, 5), at(100.5, 1), at(101, 10), at(104, 100)]).toEqual([5, 6, 16, 116]);
    expect([at(105, 0), at(106, 0), at(300, 0)]).toEqual([110, 100, 0]);
  });

  test("stop at the largest exact integer", () => {
    const { arena, guard } = row();
    turn(arena, guard, LIQUIDATIONS, 60_000, 0);
    for (let time = 0; time < 3; time++) addTo(arena, guard, LIQUIDATIONS, 2 ** 53 - 1);
    expect(total(arena, guard, LIQUIDATIONS)).toBe(2 ** 53 - 1);
  });
});

describe("fusion", () => {
  test("of soft scores is a noisy or: one alone never trips, two can", () => {
    expect(fused({ velocity: 9_000_000 })).toMatchObject({
      softScore: 1_000_000,
      softSignal: SIGNAL.velocity,
    });
    expect(fused({ velocity: 9_000_000, book: 500_000 }).softScore).toBe(1_000_000);
    expect(fused({ velocity: 9_000_000, book: 600_000 }).softScore).toBe(1_100_000);
    expect(fused({ velocity: 9e6, book: 9e6, losses: 9e6 }).softScore).toBe(1_750_000);
    expect(fused({ divergence: 700_000, book: 700_000 }).softScore).toBe(720_000);
  });

  test("of hard scores is the largest; of equals, that of the first signal", () => {
    const scores = new Scores();
    scores.hard[SIGNAL.losses] = 7;
    scores.hard[SIGNAL.divergence] = 7;
    scores.fuse();
    expect(scores).toMatchObject({ hardScore: 7, hardSignal: SIGNAL.divergence });
  });
});

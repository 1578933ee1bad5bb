/** How fast a price moves: its largest change within a second, a minute, five minutes and an hour, against volatility and a floor. */
import { mulDivFloor } from "../kernel/mulDiv.ts";
import type { Arena, Ref } from "../kernel/arena.ts";
import { GUARD } from "../domain/rows/guard.ts";
import { scoreOf } from "./scores.ts";

/** A window: how often it is sampled (four times), √seconds in millionths, and how many times the floor counts. */
interface Window {
  readonly period: number;
  readonly root: number;
  readonly floors: number;
}

export const WINDOWS: readonly Window[] = [
  { period: 250, root: 1_000_000, floors: 1 },
  { period: 15_000, root: 7_745_966, floors: 1 },
  { period: 75_000, root: 17_320_508, floors: 1 },
  { period: 900_000, root: 60_000_000, floors: 3 },
];
/** Samples of a ring; one interval more and none of the window's is left. */
export const SAMPLES = 4;

/** Fills the rings up to now with the mark that held since the last update. */
export function sampleMarks(arena: Arena, guard: Ref<"guard">, now: number): void {
  const held = arena.int(guard, GUARD.lastMark);
  for (let window = 0; window < WINDOWS.length; window++) {
    const column = (GUARD.markSlot + window) as typeof GUARD.markSlot;
    const slot = Math.floor(now / (WINDOWS[window] as Window).period);
    const passed = Math.min(slot - arena.num(guard, column), SAMPLES);
    for (let back = 0; back < passed; back++) arena.setInt(guard, markAt(window, slot - back), held);
    arena.setNum(guard, column, slot);
  }
}

/** Makes the present mark the reference of every window: what led to a pause is no evidence for the next one. */
export function restartMarks(arena: Arena, guard: Ref<"guard">): void {
  const mark = arena.int(guard, GUARD.lastMark);
  for (let window = 0; window < WINDOWS.length; window++) {
    for (let sample = 0; sample < SAMPLES; sample++) arena.setInt(guard, markAt(window, sample), mark);
  }
}

/** The largest change from a sample of the window to a mark: ppm of the sample, rounded up; 0 without samples. */
export function largestMove(arena: Arena, guard: Ref<"guard">, window: number, mark: number): number {
  let largest = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const before = arena.int(guard, markAt(window, sample));
    if (before !== 0) largest = Math.max(largest, scoreOf(Math.abs(mark - before), before));
  }
  return largest;
}

/** A move that scores one in a window: `z` standard deviations, but no less than the absolute floor; 0 = the signal is off. */
export function moveLimit(window: number, sigma: number, z: number, floor: number): number {
  const { root, floors } = WINDOWS[window] as Window;
  return Math.max(mulDivFloor(z * sigma, root, 1_000_000), floors * floor);
}

function markAt(window: number, sample: number): typeof GUARD.marks {
  return (GUARD.marks + window * SAMPLES + (sample % SAMPLES)) as typeof GUARD.marks;
}

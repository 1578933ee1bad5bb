import type { Dice } from "../workload/dice.ts";

/** True in `ppm` of a million throws. */
export function chance(dice: Dice, ppm: number): boolean {
  return dice.below(1_000_000) < ppm;
}

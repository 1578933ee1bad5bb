/**
 * Which way a change of a parameter goes. Every parameter has one order from loose to tight, so the answer depends on the two values
 * alone; statuses lie on the same ladder as their numbers (open, reduce-only, halted, settled, quarantined).
 */
import type { ParameterSpec } from "../domain/parameters.ts";

/** Neutral changes (fees) are nobody's safety; they are bounded and delayed like loosening ones. */
export type Direction = "same" | "tightening" | "loosening" | "neutral";

export function directionOf(spec: ParameterSpec, before: number, after: number): Direction {
  if (before === after) return "same";
  if (spec.safe === "neither") return "neutral";
  return tightness(spec, after) > tightness(spec, before) ? "tightening" : "loosening";
}

/** True when the change makes the tier safer, and somebody may make it at once. */
export function isTightening(spec: ParameterSpec, before: number, after: number): boolean {
  return directionOf(spec, before, after) === "tightening";
}

/** Rises with safety; comparable within one parameter. */
function tightness({ safe, zeroIsOff }: ParameterSpec, value: number): number {
  if (zeroIsOff === true && value === 0) return -Infinity;
  return safe === "up" ? value : -value;
}

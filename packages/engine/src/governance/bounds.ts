/** How far one change may go: of a proposal that loosens, and of a steward. Every bound is rounded against the loosening. */
import { checked } from "../kernel/checked.ts";
import { mulDivCeil, mulDivFloor } from "../kernel/mulDiv.ts";
import { MAX_INTEGER, PPM_ONE } from "../domain/limits.ts";
import type { ParameterSpec } from "../domain/parameters.ts";

/**
 * The loosest value that one executed proposal may give a parameter.
 *
 * @param baseline - what governance set before
 * @param value - the proposed value; only its side of the baseline matters, and only where no direction is safe
 * @param foothold - value that may be reached from any baseline, in the parameter's unit; 0 = none
 */
export function loosestAllowed(
  spec: ParameterSpec,
  baseline: number,
  value: number,
  foothold: number,
): number {
  const { safe, step, zeroIsOff } = spec;
  if (step === "free") return safe === "up" ? 0 : MAX_INTEGER;
  if (typeof step === "number") return value > baseline ? baseline + step : baseline - step;
  if (zeroIsOff === true && baseline === 0) return 0;
  if (step === "fifth") return mulDivCeil(baseline, 4, 5);
  return Math.min(MAX_INTEGER, Math.max(oneAndAHalf(baseline), foothold));
}

/** True when a loosening or neutral change goes no further than `loosest`. "No limit" lies beyond every number. */
export function isWithin(spec: ParameterSpec, value: number, loosest: number): boolean {
  if (spec.zeroIsOff === true) return loosest === 0 || (value !== 0 && value <= loosest);
  return spec.safe === "up" ? value >= loosest : value <= loosest;
}

/** The same for parameters without a safe direction, whose step is bounded both ways. */
export function isWithinEitherWay(value: number, baseline: number, loosest: number): boolean {
  return value > baseline ? value <= loosest : value >= loosest;
}

/** Furthest value a steward may move a parameter to from its present one: a share of it, one unit at least. */
export function stewardBound(current: number, value: number, sharePpm: number): number {
  const step = Math.max(1, mulDivFloor(Math.abs(current), sharePpm, PPM_ONE));
  return checked(value > current ? current + step : current - step);
}

/** Whether a bracket may be loosened from one pair to another in one step. */
export function isBracketStep(lower: number, rate: number, newLower: number, newRate: number): boolean {
  return newLower <= oneAndAHalf(lower) && newRate >= mulDivCeil(rate, 4, 5);
}

/** ⌊x·3/2⌋, no more than the exact range. */
function oneAndAHalf(x: number): number {
  const half = Math.floor(x / 2);
  return x > MAX_INTEGER - half ? MAX_INTEGER : x + half;
}

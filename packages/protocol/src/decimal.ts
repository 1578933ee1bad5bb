/**
 * Exact decimals. The engine counts in integers (ticks, lots, asset units); people write decimal strings. Between the two stands a *step*,
 * what a count of one is worth, and the conversion is exact or an error: no number is ever a float on its way.
 */
import { DecodeError, limits } from "@bulkhead/engine";

/** What a count of one is worth: `mantissa / 10^places`, above 0. */
export interface Step {
  readonly mantissa: bigint;
  readonly places: number;
  /** As it was written. */
  readonly text: string;
}

/** A plain decimal: no exponent, no sign but a minus, no zeros in front. */
export const DECIMAL: RegExp = /^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?$/;

/** @throws {DecodeError} if the text is no decimal above 0 */
export function stepOf(text: string, path: string): Step {
  const { mantissa, places } = parse(text, path);
  if (mantissa <= 0n) throw new DecodeError(path, "a decimal above 0 is required", text);
  return { mantissa, places, text };
}

/** The step of a unit of which 10^places make a whole. */
export function stepOfPlaces(places: number): Step {
  return { mantissa: 1n, places, text: places === 0 ? "1" : `0.${"1".padStart(places, "0")}` };
}

/**
 * How many steps a decimal is.
 * @param what - names the step in the error, such as "tick"
 * @throws {DecodeError} if it is no decimal, no multiple of the step, or beyond ±(2^53−1) steps
 */
export function countOf(text: string, step: Step, path: string, what: string): number {
  const { mantissa, places } = parse(text, path);
  const raised = mantissa * 10n ** BigInt(Math.max(step.places - places, 0));
  const unit = step.mantissa * 10n ** BigInt(Math.max(places - step.places, 0));
  if (raised % unit !== 0n) throw new DecodeError(path, `no multiple of the ${what} ${step.text}`, text);
  const count = raised / unit;
  const most = limits.MAX_INTEGER as number;
  if (count > most || count < -most)
    throw new DecodeError(path, `beyond ${most} times the ${what} ${step.text}`, text);
  return Number(count);
}

/** So many steps as a decimal, with as many places as the step has: 128001 of "0.5" are "64000.5", 128000 are "64000.0". */
export function textOf(count: number, step: Step): string {
  const value = BigInt(count) * step.mantissa;
  const digits = (value < 0n ? -value : value).toString().padStart(step.places + 1, "0");
  const whole = digits.slice(0, digits.length - step.places);
  const sign = value < 0n ? "-" : "";
  return step.places === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-step.places)}`;
}

function parse(text: string, path: string): { readonly mantissa: bigint; readonly places: number } {
  if (typeof text !== "string" || !DECIMAL.test(text))
    throw new DecodeError(path, 'a decimal such as "12.5" is required', text);
  const point = text.indexOf(".");
  if (point < 0) return { mantissa: BigInt(text), places: 0 };
  return { mantissa: BigInt(text.slice(0, point) + text.slice(point + 1)), places: text.length - point - 1 };
}

/**
 * Decimal numbers as text, read digit by digit: a price never passes through a binary fraction. Understood are digits with at most one
 * point and an optional exponent, such as `39684.1`, `0.000012` and `1.2e-05`; no sign, because prices have none.
 */

/** A number as its digits and the power of ten of the last one: digits·10^−decimals. */
interface Decimal {
  readonly digits: string;
  readonly decimals: number;
}

const SHAPE = /^(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** @returns undefined if the text is not such a number */
function decimalOf(text: string): Decimal | undefined {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  return { digits: whole + fraction, decimals: fraction.length - wholeNumberOf(exponent) };
}

/** Digits before the point and after it, leading and trailing zeros left out; undefined if the text is no number. */
export function widthOf(text: string): { readonly whole: number; readonly fraction: number } | undefined {
  const decimal = decimalOf(text);
  if (decimal === undefined) return undefined;
  const significant = decimal.digits.replace(/^0+/, "");
  const trimmed = significant.replace(/0+$/, "");
  const fraction = decimal.decimals - (significant.length - trimmed.length);
  return {
    whole: Math.max(0, significant.length - decimal.decimals),
    fraction: trimmed === "" ? 0 : Math.max(0, fraction),
  };
}

/**
 * The number in units of 10^−decimals; what is finer is rounded half up.
 * @returns undefined if the text is not a number, or is beyond 2^53 − 1 such units
 */
export function unitsOf(text: string, decimals: number): number | undefined {
  const decimal = decimalOf(text);
  if (decimal === undefined) return undefined;
  const shift = decimals - decimal.decimals;
  const kept = shift >= 0 ? decimal.digits + "0".repeat(shift) : decimal.digits.slice(0, shift);
  const next = shift >= 0 ? "0" : decimal.digits.padStart(-shift, "0").at(shift);
  const units = wholeNumberOf(kept) + ((next ?? "0") >= "5" ? 1 : 0);
  return units <= Number.MAX_SAFE_INTEGER ? units : undefined;
}

/** A whole number from its digits; beyond 2^53 − 1 it is only known to be beyond. */
function wholeNumberOf(text: string): number {
  const digits = text.replace(/^[+-]/, "");
  let value = 0;
  for (const digit of digits) value = value * 10 + (digit.charCodeAt(0) - ZERO);
  return text.startsWith("-") ? -value : value;
}

const ZERO = 48;

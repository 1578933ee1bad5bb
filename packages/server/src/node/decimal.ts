/** A decimal number as so many of its smallest units, exactly; NaN if it has more decimals than that, or too many digits to be exact. */
export function unitsOf(text: string, decimals: number): number {
  const [whole = "", fraction = ""] = text.split(".");
  if (fraction.length > decimals) return Number.NaN;
  const units = Number(whole + fraction.padEnd(decimals, "0"));
  return Number.isSafeInteger(units) ? units : Number.NaN;
}

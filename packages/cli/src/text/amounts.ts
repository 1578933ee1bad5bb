/** Numbers for people: thousands apart, units named. */

/** A count, such as `1,469,801`. */
export function count(value: number): string {
  return groupThousands(value.toFixed(0));
}

/** A decimal number with its thousands apart, such as `39,684.1`. */
export function groupThousands(decimal: string): string {
  const [whole = "", fraction] = decimal.split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** An amount counted in units of 10^−decimals, to the last digit: `fixedPoint(81899821283092n, 6)` is `81899821.283092`. */
export function fixedPoint(units: bigint, decimals: number): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Micro-dollars as dollars, to the last digit. */
export function exactUsd(microUsd: bigint): string {
  return fixedPoint(microUsd, MICRO);
}

/** Micro-dollars at a glance, such as `$1.15 bn`. */
export function roughUsd(microUsd: bigint): string {
  const dollars = Number(microUsd) / 1e6;
  const scale = SCALES.find(({ from }) => Math.abs(dollars) >= from);
  return scale === undefined
    ? `$${dollars.toFixed(0)}`
    : `$${(dollars / scale.from).toFixed(2)} ${scale.name}`;
}

/** A signed share in percent, such as `-36.33 %`. */
export function percent(value: number): string {
  return `${value > 0 ? "+" : ""}${unsignedPercent(value, 2)}`;
}

/** A share in percent, such as `2.22 %`. */
export function unsignedPercent(value: number, digits: number): string {
  return `${(value * 100).toFixed(digits)} %`;
}

const MICRO = 6;
const SCALES = [
  { from: 1e12, name: "tn" },
  { from: 1e9, name: "bn" },
  { from: 1e6, name: "m" },
  { from: 1e3, name: "k" },
] as const;

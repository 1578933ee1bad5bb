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

/** Micro-dollars as dollars to the last digit, such as `81899821.283092`. */
export function exactUsd(microUsd: bigint): string {
  const sign = microUsd < 0n ? "-" : "";
  const digits = (microUsd < 0n ? -microUsd : microUsd).toString().padStart(MICRO + 1, "0");
  return `${sign}${digits.slice(0, -MICRO)}.${digits.slice(-MICRO)}`;
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
export function percent(value: number, digits = 2): string {
  const sign = value > 0 ? "+" : "";
  return `${sign}${(value * 100).toFixed(digits)} %`;
}

const MICRO = 6;
const SCALES = [
  { from: 1e12, name: "tn" },
  { from: 1e9, name: "bn" },
  { from: 1e6, name: "m" },
  { from: 1e3, name: "k" },
] as const;

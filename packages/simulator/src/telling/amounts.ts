/** Amounts as captions tell them. */

const SCALES = [
  { from: 1e9, unit: 1e9, name: " bn" },
  { from: 1e6, unit: 1e6, name: " m" },
  { from: 1e4, unit: 1e3, name: " k" },
] as const;

/** Dollars at a glance: `$18.4 m`, `$950`. */
export function usdText(dollars: number): string {
  const size = Math.abs(dollars);
  const scale = SCALES.find(({ from }) => size >= from);
  const text = scale === undefined ? String(Math.round(size)) : digits(size / scale.unit) + scale.name;
  return `${dollars < 0 && text !== "0" ? "−" : ""}$${text}`;
}

/** Micro-dollars at a glance. */
export function microText(microUsd: number): string {
  return usdText(microUsd / 1e6);
}

/** A price, to four digits that count: `$0.038`, `$108,757`. */
export function priceText(dollars: number): string {
  const decimals = dollars === 0 ? 0 : Math.max(0, 3 - Math.floor(Math.log10(Math.abs(dollars))));
  const [whole = "", fraction = ""] = dollars.toFixed(Math.min(decimals, 8)).split(".");
  const end = fraction.replace(/0+$/, "");
  return `$${grouped(whole)}${end === "" ? "" : `.${end}`}`;
}

/** A count: `483,000,000`. */
export function countText(count: number): string {
  return grouped(Math.round(count).toFixed(0));
}

function digits(value: number): string {
  return value.toFixed(value >= 100 ? 0 : 1).replace(/\.0$/, "");
}

function grouped(whole: string): string {
  return whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
}

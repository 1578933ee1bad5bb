/** A parameter's number as people read it: with its unit, exact, and what 0 stands for where it stands for something else. */
import { parameterMeaning } from "@bulkhead/protocol";
import { duration, grouped } from "../ui/text.ts";

const STATUSES = ["open", "reduce-only", "halted"] as const;

/** @param name - of the parameter */
export function valueText(name: string, value: number): string {
  const unit = parameterMeaning(name)?.unit;
  if (unit === undefined) return grouped(String(value));
  if (name === "status") return STATUSES[value] ?? String(value);
  const { measure, of, ofZero } = partsOf(unit);
  if (value === 0 && ofZero !== undefined) return `0 – ${ofZero}`;
  switch (measure) {
    case "ppm":
      return `${shifted(value, 4)} %${of}`;
    case "ppb":
      return `${shifted(value, 7)} %${of}`;
    case "micro-USD":
      return `${shifted(value, 6)} USD${of}`;
    case "ms":
      return `${duration(value)}${of}`;
    default:
      // A sentence is no unit.
      return measure.includes(" ") ? grouped(String(value)) : `${grouped(String(value))} ${measure}`;
  }
}

/** As the engine has it, for whoever compares it with the log. */
export function rawText(name: string, value: number): string {
  return `${grouped(String(value))} ${partsOf(parameterMeaning(name)?.unit ?? "").measure}`.trim();
}

/** "ppm of mark, 0 = none" → ppm, " of mark", none. */
function partsOf(unit: string): {
  readonly measure: string;
  readonly of: string;
  readonly ofZero: string | undefined;
} {
  const [whole = "", zero] = unit.split(/, 0 = /);
  const [, measure = whole, of = ""] = /^(ppm|ppb|micro-USD|ms)(.*)$/.exec(whole) ?? [];
  return { measure, of, ofZero: zero };
}

/** A whole number with its point so many places to the left: exact, without zeros at its end. */
function shifted(value: number, places: number): string {
  const digits = String(Math.abs(value)).padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  const text = `${value < 0 ? "-" : ""}${digits.slice(0, -places)}${fraction === "" ? "" : `.${fraction}`}`;
  return grouped(text);
}

/** How numbers are written: exact decimals stay exact, and every one has a unit beside it. */

const MINUS = "−";
const THIN = " ";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * An exact decimal with its thousands apart: "-1234567.50" → "−1,234,567.50".
 * @param places - digits after the point, cut and not rounded; all of them if not told
 */
export function grouped(decimal: string, places?: number): string {
  const [, sign = "", whole = "", rest = ""] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(decimal) ?? [];
  if (whole === "") return decimal;
  const fraction = places === undefined ? rest : rest.padEnd(places, "0").slice(0, places);
  const isZero = /^0+$/.test(whole + fraction);
  const text = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",") + (fraction === "" ? "" : `.${fraction}`);
  return (sign === "" || isZero ? "" : MINUS) + text;
}

/** Three digits or four, with a letter for the thousands: "1,234,567.5" → "1.23M". The whole number belongs into a title. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const [unit, letter] =
    size >= 1e12
      ? [1e12, "T"]
      : size >= 1e9
        ? [1e9, "B"]
        : size >= 1e6
          ? [1e6, "M"]
          : size >= 1e4
            ? [1e3, "k"]
            : [1, ""];
  const shown = size / unit;
  const places = letter === "" ? (shown >= 100 ? 0 : 2) : shown >= 100 ? 0 : shown >= 10 ? 1 : 2;
  const text = letter === "" ? grouped(shown.toFixed(places)) : shown.toFixed(places);
  return (value < 0 && Number(text.replaceAll(",", "")) !== 0 ? MINUS : "") + text + letter;
}

/** A part of one as a percentage: "0.0123" → "1.23 %". */
export function percent(part: string | number, places = 2): string {
  const value = Number(part) * 100;
  if (!Number.isFinite(value)) return "–";
  return `${grouped(value.toFixed(places))}${THIN}%`;
}

/** With a plus where there is none, so that a direction needs no colour. */
export function signed(text: string): string {
  return text.startsWith(MINUS) || text.startsWith("-") || /^[0.,\s%]*$/.test(text) ? text : `+${text}`;
}

/** How long: "3 s", "4 min 20 s", "2 h 5 min", "3 d 4 h". @param ms - ≥ 0 */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE) return `${Math.floor(ms / 1_000)} s`;
  if (ms < HOUR) return pair(ms, MINUTE, "min", 1_000, "s");
  if (ms < DAY) return pair(ms, HOUR, "h", MINUTE, "min");
  return pair(ms, DAY, "d", HOUR, "h");
}

/** How long ago, or how far ahead. */
export function ago(at: number, now: number): string {
  const ms = now - at;
  if (Math.abs(ms) < 1_000) return "now";
  return ms > 0 ? `${duration(ms)} ago` : `in ${duration(-ms)}`;
}

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});

/** The time of day, UTC: "14:03:20". */
export function clockText(at: number): string {
  return CLOCK.format(at);
}

/** Date and time, UTC: "2026-11-22 14:03:20 UTC". */
export function momentText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Both ends of something long: "0x12ab…9f3c". */
export function shortened(text: string, head = 6, tail = 4): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}

/** A name of the code's in words: "reduceOnly" → "reduce only", "margin_insufficient" → "margin insufficient". */
export function worded(name: string): string {
  return name
    .replaceAll(/[_-]/g, " ")
    .replaceAll(
      /([a-z\d])([A-Z])/g,
      (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
    );
}

function pair(ms: number, large: number, one: string, small: number, other: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${one}${rest === 0 ? "" : ` ${rest} ${other}`}`;
}

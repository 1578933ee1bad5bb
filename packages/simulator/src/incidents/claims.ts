/** The ways a claim can be put: a number beside its bound, or a plain yes. */
import type { Claim, Finding, Play } from "./incident.ts";

/** A claim, with the judgement of a play. */
export function claim<Seen>(
  text: string,
  judge: (play: Play<Seen>, bare: Play<Seen>) => Finding,
): Claim<Seen> {
  return { text, judge };
}

/** Micro-dollars, no more than so many. */
export function atMostUsd(microUsd: number, bound: number): Finding {
  return { held: microUsd <= bound, measured: dollars(microUsd) };
}

export function exactUsd(microUsd: readonly number[], expected: readonly number[]): Finding {
  const held = microUsd.every((each, index) => each === expected[index]);
  return { held, measured: microUsd.map(dollars).join(", ") };
}

export function atMost(value: number, bound: number, unit: string): Finding {
  return { held: value <= bound, measured: `${plain(value)} ${unit}` };
}

export function atLeast(value: number, bound: number, unit: string): Finding {
  return { held: value >= bound, measured: `${plain(value)} ${unit}` };
}

export function exactly(value: number, expected: number, unit: string): Finding {
  return { held: value === expected, measured: `${plain(value)} ${unit}` };
}

/** Words that must be these, such as the name of a refusal. */
export function told(words: string, expected: string): Finding {
  return { held: words === expected, measured: words };
}

/** Dollars to the cent, thousands apart. */
export function dollars(microUsd: number): string {
  const [whole = "", cents = ""] = Math.abs(microUsd / 1e6)
    .toFixed(2)
    .split(".");
  return `${microUsd < 0 ? "-" : ""}$${whole.replace(/\B(?=(?:\d{3})+$)/g, ",")}.${cents}`;
}

function plain(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}

/** Tones of the venue's states: the word stands beside the colour, always. */
import type { Tone } from "./Badge.tsx";

const TONES: Readonly<Record<string, Tone>> = {
  normal: "calm",
  elevated: "caution",
  caution: "caution",
  defensive: "caution",
  reduceOnly: "alarm",
  halt: "alarm",
  auction: "accent",
  reopen: "accent",
  open: "calm",
  healthy: "calm",
  queued: "caution",
  liquidating: "alarm",
};

/** Of a posture, a breaker's level, a market's or a bucket's state. */
export function toneOf(state: string): Tone {
  return TONES[state] ?? "plain";
}

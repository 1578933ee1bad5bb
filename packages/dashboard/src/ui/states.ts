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
  halted: "alarm",
  valid: "calm",
  wide: "caution",
  stale: "caution",
  divergent: "alarm",
  dead: "alarm",
  counted: "calm",
  held: "caution",
  aged: "caution",
  frozen: "caution",
  outlier: "alarm",
  pending: "accent",
  contested: "caution",
  executed: "calm",
  tightening: "calm",
  loosening: "caution",
};

/** Of a posture, a breaker's level, a price's quality, a proposal's status; of the state of a market, a bucket or a source. */
export function toneOf(state: string): Tone {
  return TONES[state] ?? "plain";
}

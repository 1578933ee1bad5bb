/** A state's sign: each differs by its form, so that no colour is needed to tell them apart. The word stands beside it, always. */
import type { ReactNode } from "react";
import { Badge, type Tone } from "./Badge.tsx";
import { toneOf } from "./states.ts";
import { worded } from "./text.ts";

/** On a square of 12. */
const FORMS = {
  fine: "M2 6.4 4.8 9.2 10 3.4",
  watch: "M6 1.8 10.8 10.2H1.2zM6 5v2.4",
  guard: "M6 1.4 10 3v3c0 2.6-1.7 4-4 4.8C3.7 10 2 8.6 2 6V3z",
  down: "M6 1.8v8M2.6 6.6 6 10l3.4-3.4",
  stop: "M2.2 2.2h7.6v7.6H2.2zM4.4 6h3.2",
  gather: "M6 1.2 10.8 6 6 10.8 1.2 6z",
  again: "M10 6a4 4 0 1 1-1.3-3M10 1.4v2.2H7.8",
  tight: "M1 6h3.4M7.6 6H11M3 4l1.8 2L3 8M9 4 7.2 6 9 8",
  loose: "M4.8 6H1.2M7.2 6h3.6M3 4 1.2 6 3 8M9 4l1.8 2L9 8",
  level: "M2 4.4h8M2 7.6h8",
  wait: "M6 1.4a4.6 4.6 0 1 0 0 9.2 4.6 4.6 0 0 0 0-9.2zM6 3.4V6l1.8 1.2",
  none: "M3 6h6",
  wave: "M1.2 6c1.6-3 3.2-3 4.8 0s3.2 3 4.8 0",
} as const;
export type Form = keyof typeof FORMS;

const FORM_OF: Readonly<Record<string, Form>> = {
  normal: "fine",
  open: "fine",
  valid: "fine",
  counted: "fine",
  executed: "fine",
  elevated: "watch",
  caution: "watch",
  wide: "watch",
  pending: "wait",
  contested: "watch",
  defensive: "guard",
  held: "guard",
  reduceOnly: "down",
  outlier: "wave",
  divergent: "wave",
  halt: "stop",
  halted: "stop",
  dead: "stop",
  cancelled: "stop",
  auction: "gather",
  reopen: "again",
  tightening: "tight",
  loosening: "loose",
  neutral: "level",
};

export function formOf(state: string): Form {
  return FORM_OF[state] ?? "none";
}

/** The lines of a sign, for pictures that place it themselves. */
export function signPath(form: Form): string {
  return FORMS[form];
}

export function Sign({ form, size = 12 }: { readonly form: Form; readonly size?: number }): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={FORMS[form]} />
    </svg>
  );
}

/** A state with its sign, its colour and its word. */
export function StateBadge({
  state,
  title,
  tone = toneOf(state),
}: {
  readonly state: string;
  readonly title?: string | undefined;
  readonly tone?: Tone;
}): ReactNode {
  return (
    <Badge tone={tone} title={title}>
      <Sign form={formOf(state)} />
      {worded(state)}
    </Badge>
  );
}

/**
 * The posture controller: a pure function of what a tier's risk is, the time, and where it stood. Stricter at once, milder one posture at a
 * time. Worse inputs never lead to a milder posture: a test goes through all of them. See docs/spec/postures.md.
 */
import { type Ms, NONE } from "../kernel/units.ts";
import { ACTIONS, type Actions, LONGEST_STOP, POSTURE, STOP_BARRED } from "../domain/posture.ts";
import { LONGEST_RULE, RULES, STALE_RULE } from "./postureRules.ts";

/** What the controller looks at, by `INPUT`: more is worse. */
export interface Summary {
  readonly inputs: readonly number[];
  /** Posture that holds for want of a fresh report, 0 = none. */
  readonly baseline: number;
}

/** Where a tier stands. */
export interface Stance {
  readonly posture: number;
  readonly since: Ms;
  /** Since when nothing has held it, 0 = something does. */
  readonly calmSince: Ms;
  /** True if the strictest posture was left because it had lasted too long. */
  readonly forced: boolean;
}

/** Where it goes, and why: the rule (0 = calm), what it saw, and the bound that was passed. */
export interface Decision {
  readonly stance: Stance;
  readonly rule: number;
  readonly seen: number;
  readonly bound: number;
}

export function decide(summary: Summary, stance: Stance, now: Ms): Decision {
  const { posture, since } = stance;
  const wanted = wantedPosture(summary, stance, now);
  if (wanted.posture > posture) return { ...wanted, stance: enter(wanted.posture, now, false) };
  const calmSince = isHeld(summary, posture) ? NONE : stance.calmSince === 0 ? now : stance.calmSince;
  const stays: Decision = { stance: { ...stance, calmSince }, rule: 0, seen: 0, bound: 0 };
  if (posture === POSTURE.normal) return stays;
  if (posture === POSTURE.halt && now - since >= LONGEST_STOP) {
    const left = enter(POSTURE.reduceOnly, now, true);
    return { stance: left, rule: LONGEST_RULE, seen: now - since, bound: LONGEST_STOP };
  }
  const { dwell, calm } = actionsOf(posture);
  const isOver = now - since >= dwell && calmSince !== 0 && now - calmSince >= calm;
  return isOver ? { ...stays, stance: enter(posture - 1, now, false) } : stays;
}

/** What a posture does. */
export function actionsOf(posture: number): Actions {
  return ACTIONS[posture] as Actions;
}

/** The strictest posture that a rule leads to; of its rules, the first. */
function wantedPosture(
  { inputs, baseline }: Summary,
  stance: Stance,
  now: Ms,
): { posture: number; rule: number; seen: number; bound: number } {
  const highest = isBarred(stance, now) ? POSTURE.reduceOnly : POSTURE.halt;
  let wanted = { posture: baseline, rule: STALE_RULE, seen: baseline, bound: 0 };
  for (const { id, input, posture, enter: bound } of RULES) {
    const seen = inputs[input] as number;
    const reached = Math.min(posture, highest);
    if (seen > bound && reached > wanted.posture) wanted = { posture: reached, rule: id, seen, bound };
  }
  return wanted;
}

/** A tier that was halted for as long as it may be is not halted again at once. */
function isBarred({ posture, forced, since }: Stance, now: Ms): boolean {
  return forced && posture === POSTURE.reduceOnly && now - since < STOP_BARRED;
}

/** True while some input keeps a tier at this posture or would at a stricter one. */
function isHeld({ inputs, baseline }: Summary, at: number): boolean {
  if (at === POSTURE.normal || baseline >= at) return true;
  return RULES.some(({ input, posture, leave }) => posture >= at && (inputs[input] as number) >= leave);
}

function enter(posture: number, now: Ms, forced: boolean): Stance {
  return { posture, since: now, calmSince: NONE, forced };
}

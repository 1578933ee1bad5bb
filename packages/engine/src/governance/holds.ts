/** What breakers and stewards have moved away from what governance set, and the way back. */
import { NIL, type Ref } from "../kernel/arena.ts";
import { plus } from "../kernel/checked.ts";
import type { Ms } from "../kernel/units.ts";
import { controlOf, holdOf } from "../domain/controls.ts";
import { HOLD_COOLDOWN, MAX_HOLDS } from "../domain/governanceLimits.ts";
import { readParameter, writeParameter } from "../domain/parameterCells.ts";
import { PARAMETERS, type ParameterName, specOf } from "../domain/parameters.ts";
import { CONTROL, GOVERNANCE, HOLD } from "../domain/rows/governance.ts";
import type { TierShard } from "../domain/tierShard.ts";

export function controlOfParameter(tier: TierShard, name: ParameterName, subject: number): Ref<"control"> {
  return controlOf(tier.controls, specOf(name), subject);
}

/** The value that governance set, or the set-up: what stewards and breakers may only tighten from. */
export function baselineOf(tier: TierShard, name: ParameterName, subject: number): number {
  const { arena } = tier;
  const control = controlOfParameter(tier, name, subject);
  if (arena.num(control, CONTROL.isKnown) === 1) return arena.num(control, CONTROL.baseline);
  const hold = holdOn(tier, name, subject);
  return hold === NIL ? readParameter(tier, name, subject) : arena.num(hold, HOLD.before);
}

/** Notes what governance sets from now on: holds on the parameter end, and its baseline moves. */
export function moveBaseline(tier: TierShard, name: ParameterName, subject: number, value: number): void {
  const { arena } = tier;
  const control = controlOfParameter(tier, name, subject);
  const hold = holdOn(tier, name, subject);
  if (hold !== NIL) endHold(tier, hold);
  if (arena.num(control, CONTROL.isKnown) === 1) arena.setNum(control, CONTROL.baseline, value);
}

/** Notes that a steward moves the parameter, from the baseline if this is the first time. */
export function noteSteward(tier: TierShard, name: ParameterName, subject: number, now: Ms): void {
  const { arena } = tier;
  const control = controlOfParameter(tier, name, subject);
  arena.setNum(control, CONTROL.baseline, baselineOf(tier, name, subject));
  arena.setNum(control, CONTROL.isKnown, 1);
  arena.setNum(control, CONTROL.changedAt, now);
}

/** The hold on a parameter, or `NIL`. */
export function holdOn(tier: TierShard, name: ParameterName, subject: number): Ref<"hold"> {
  const { arena, controls } = tier;
  if (arena.int(tier.governance.row, GOVERNANCE.holds) === 0) return NIL;
  const { id } = PARAMETERS[name];
  for (let number = 1; number <= MAX_HOLDS; number++) {
    const hold = holdOf(controls, number);
    const isOnIt = arena.int(hold, HOLD.parameter) === id && arena.int(hold, HOLD.subject) === subject;
    if (isOnIt && arena.int(hold, HOLD.active) === 1) return hold;
  }
  return NIL;
}

/** A hold that is not in force, or `NIL`. */
export function freeHold({ arena, controls }: TierShard): Ref<"hold"> {
  for (let number = 1; number <= MAX_HOLDS; number++) {
    const hold = holdOf(controls, number);
    if (arena.int(hold, HOLD.active) === 0) return hold;
  }
  return NIL;
}

/** Puts a parameter on hold at a value until a moment; after that it is out of breakers' reach for a while. */
export function beginHold(
  tier: TierShard,
  hold: Ref<"hold">,
  name: ParameterName,
  subject: number,
  value: number,
  until: Ms,
): void {
  const { arena, governance } = tier;
  arena.setInt(hold, HOLD.active, 1);
  arena.setInt(hold, HOLD.parameter, PARAMETERS[name].id);
  arena.setInt(hold, HOLD.subject, subject);
  arena.setNum(hold, HOLD.before, readParameter(tier, name, subject));
  arena.setNum(hold, HOLD.value, value);
  arena.setNum(hold, HOLD.until, until);
  arena.setNum(controlOfParameter(tier, name, subject), CONTROL.heldUntil, plus(until, HOLD_COOLDOWN));
  arena.setInt(governance.row, GOVERNANCE.holds, arena.int(governance.row, GOVERNANCE.holds) + 1);
}

/** Ends a hold; the parameter stays as it is. */
export function endHold({ arena, governance }: TierShard, hold: Ref<"hold">): void {
  arena.setInt(hold, HOLD.active, 0);
  arena.setInt(governance.row, GOVERNANCE.holds, arena.int(governance.row, GOVERNANCE.holds) - 1);
}

/**
 * Gives a parameter back the value it had before its hold, unless it was changed since: a market that was quarantined or settled
 * meanwhile stays so. @returns the value it has now
 */
export function giveBack(tier: TierShard, hold: Ref<"hold">, name: ParameterName, subject: number): number {
  const { arena } = tier;
  const current = readParameter(tier, name, subject);
  if (current !== arena.num(hold, HOLD.value)) return current;
  const before = arena.num(hold, HOLD.before);
  // A steward may have lowered the maintenance weight below it in the meantime.
  const value =
    name === "collateralInitialWeight"
      ? Math.min(before, readParameter(tier, "collateralMaintenanceWeight", subject))
      : before;
  writeParameter(tier, name, subject, value);
  return value;
}

/** A parameter of the withdrawal throttle takes another value; the windows are brought up to the present under the old one first. */
import type { IntColumn, NumColumn } from "../../kernel/arena.ts";
import { VENUE_PARAMETERS, type VenueParameterName } from "../../domain/parameters.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { THROTTLE } from "../../domain/rows/throttle.ts";
import { AMOUNTS, SWITCHES, isAmount, isSwitch } from "../../domain/throttleCells.ts";
import type { Venue } from "../../domain/venue.ts";
import { refillWindows } from "../../vault/windows.ts";

/** Sets it and answers with the value before; a window that is on is not switched off. */
export function setOfThrottle(venue: Venue, name: VenueParameterName, value: number): OutcomeCode {
  const { vault, now } = venue;
  const { arena, throttle } = vault;
  if (isAmount(name)) {
    const column: NumColumn<"throttle"> = AMOUNTS[name];
    const previous = arena.num(throttle, column);
    refillWindows(vault, now);
    arena.setNum(throttle, column, value);
    refillWindows(vault, now);
    return venue.accept(previous);
  }
  const column: IntColumn<"throttle"> = isSwitch(name) ? SWITCHES[name] : THROTTLE.laneTotal;
  const previous = arena.int(throttle, column);
  if (isSwitch(name) && previous > 0 && value === 0)
    return venue.refuse("throttle_stays_on", VENUE_PARAMETERS[name].id, previous);
  refillWindows(vault, now);
  arena.setInt(throttle, column, value);
  refillWindows(vault, now);
  return venue.accept(previous);
}

/** How strict the throttle is. It tightens at once, by as much as is asked; it loosens by one posture, after the present one was kept. */
import { minus } from "../kernel/checked.ts";
import { SET_THROTTLE_POSTURE } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import { POSTURE_DWELL_MS } from "../domain/limits.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { THROTTLE } from "../domain/rows/throttle.ts";
import { VAULT } from "../domain/rows/vault.ts";
import type { Venue } from "../domain/venue.ts";
import { refillWindows } from "../vault/windows.ts";

const { at } = SET_THROTTLE_POSTURE;

export function setThrottlePosture(venue: Venue): OutcomeCode {
  const { command, vault, now } = venue;
  const { arena, throttle } = vault;
  const posture = word(command, at.posture);
  const current = arena.int(vault.row, VAULT.posture);
  if (posture < current - 1) return venue.refuse("posture_step", posture, current);
  const since = arena.num(throttle, THROTTLE.postureAt);
  if (posture < current && minus(now, since) < POSTURE_DWELL_MS)
    return venue.refuse("posture_dwell", since, POSTURE_DWELL_MS);

  if (posture !== current) {
    refillWindows(vault, now);
    arena.setInt(vault.row, VAULT.posture, posture);
    arena.setNum(throttle, THROTTLE.postureAt, now);
    refillWindows(vault, now);
  }
  return venue.accept(current);
}

/**
 * What share of every cap stays while the venue may owe more than it has: the port of whoever watches solvency. A lower share cuts
 * capacity at once, a higher one lets it grow back; the small-user lane and the guaranteed exit are not touched.
 */
import { SET_EXIT_RATIO } from "../domain/commands.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { VAULT } from "../domain/rows/vault.ts";
import type { Venue } from "../domain/venue.ts";
import { refillWindows } from "../vault/windows.ts";

const { at } = SET_EXIT_RATIO;

export function setExitRatio(venue: Venue): OutcomeCode {
  const { command, vault, now } = venue;
  const { arena, row } = vault;
  const previous = arena.int(row, VAULT.exitRatio);
  refillWindows(vault, now);
  arena.setInt(row, VAULT.exitRatio, word(command, at.ratio));
  refillWindows(vault, now);
  return venue.accept(previous);
}

/**
 * Anyone may have the queue looked at: who has waited as long as anyone may is released whatever the windows say, and then what the
 * windows have room for is shared out, a round at a time. Bounded work per command; a round goes on where the last command left it.
 */
import { NIL } from "../kernel/arena.ts";
import { RELEASE_WITHDRAWALS } from "../domain/commands.ts";
import { WAY } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { WITHDRAWAL } from "../domain/rows/vault.ts";
import type { Venue } from "../domain/venue.ts";
import { firstInQueue, mustExit, queueLength, queuedOf } from "../vault/queue.ts";
import { nextInRound, takeTurn } from "../vault/rounds.ts";
import { refillWindows, spendWindows } from "../vault/windows.ts";
import { releaseQueued } from "./steps/releasePart.ts";

const { at } = RELEASE_WITHDRAWALS;

export function releaseWithdrawals(venue: Venue): OutcomeCode {
  const { command, vault, now } = venue;
  const count = word(command, at.count);
  refillWindows(vault, now);
  const exits = releaseExits(venue, count);
  let seen = exits;
  let released = exits;
  for (; seen < count; seen++) {
    const row = nextInRound(vault, now);
    if (row === NIL) break;
    const amount = takeTurn(vault, row);
    if (amount === 0) continue;
    spendWindows(vault, vault.arena.int(row, WITHDRAWAL.asset), amount);
    releaseQueued(venue, row, amount, WAY.round);
    released++;
  }
  return venue.accept(seen, released, queueLength(vault));
}

/** The guaranteed exit. No parameter, posture or price stands in its way. */
function releaseExits(venue: Venue, count: number): number {
  const { vault, now } = venue;
  let exits = 0;
  for (; exits < count; exits++) {
    const row = firstInQueue(vault);
    if (row === NIL || !mustExit(vault, row, now)) break;
    releaseQueued(venue, row, queuedOf(vault, row), WAY.exit);
  }
  return exits;
}

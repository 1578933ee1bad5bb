/** A withdrawal, or a part of it, is released: from now on it may be paid. */
import { NONE, type AssetUnits } from "../../kernel/units.ts";
import type { Ref } from "../../kernel/arena.ts";
import { EVENTS, type WAY } from "../../domain/events.ts";
import { WITHDRAWAL } from "../../domain/rows/vault.ts";
import type { Venue } from "../../domain/venue.ts";
import { leaveQueue, queuedOf } from "../../vault/queue.ts";
import { releaseUnits, withdrawalId } from "../../vault/withdrawals.ts";

type Way = (typeof WAY)[keyof typeof WAY];

/** Releases an amount and says by which way. */
export function releasePart(venue: Venue, row: Ref<"withdrawal">, amount: AssetUnits, way: Way): void {
  const { vault, events } = venue;
  const { arena } = vault;
  releaseUnits(vault, row, amount);
  events.emit(
    EVENTS.withdrawalReleased.code,
    withdrawalId(vault, row),
    arena.int(row, WITHDRAWAL.account),
    arena.int(row, WITHDRAWAL.asset),
    amount,
    queuedOf(vault, row),
    way,
  );
}

/** The same of a withdrawal in the queue, which it leaves when nothing of it is queued any more. */
export function releaseQueued(venue: Venue, row: Ref<"withdrawal">, amount: AssetUnits, way: Way): void {
  releasePart(venue, row, amount, way);
  if (queuedOf(venue.vault, row) === NONE) leaveQueue(venue.vault, row);
}

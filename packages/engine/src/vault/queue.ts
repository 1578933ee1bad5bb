/** The queue of withdrawals that are not released in full, in the order of their requests. */
import { NIL, type Ref } from "../kernel/arena.ts";
import { minus } from "../kernel/checked.ts";
import type { AssetUnits, Ms } from "../kernel/units.ts";
import { EXIT_MS } from "../domain/limits.ts";
import { OUTFLOW, THROTTLE } from "../domain/rows/throttle.ts";
import { ASSET, WITHDRAWAL } from "../domain/rows/vault.ts";
import type { VaultShard } from "../domain/vaultShard.ts";

/** Withdrawals in the queue. */
export function queueLength(vault: VaultShard): number {
  return vault.arena.int(vault.throttle, THROTTLE.length);
}

/** The withdrawal that has waited longest, or `NIL`. */
export function firstInQueue(vault: VaultShard): Ref<"withdrawal"> {
  return vault.arena.int(vault.throttle, THROTTLE.first);
}

/** The part of a withdrawal that is not released. */
export function queuedOf(vault: VaultShard, row: Ref<"withdrawal">): AssetUnits {
  const { arena } = vault;
  return minus(arena.num(row, WITHDRAWAL.amount), arena.num(row, WITHDRAWAL.released));
}

/** Units of an asset in the queue: what is pending and not released. */
export function queuedUnits(vault: VaultShard, asset: number): AssetUnits {
  const { arena } = vault;
  return minus(
    arena.num(vault.asset(asset), ASSET.pending),
    arena.num(vault.outflow(asset), OUTFLOW.released),
  );
}

/** True when a withdrawal has waited as long as any may. */
export function mustExit(vault: VaultShard, row: Ref<"withdrawal">, now: Ms): boolean {
  return minus(now, vault.arena.num(row, WITHDRAWAL.requestedAt)) >= EXIT_MS;
}

/** Appends a withdrawal; returns its place, from 1. */
export function enqueue(vault: VaultShard, row: Ref<"withdrawal">): number {
  const { arena, throttle } = vault;
  const last = arena.int(throttle, THROTTLE.last);
  arena.setInt(row, WITHDRAWAL.next, NIL);
  arena.setInt(row, WITHDRAWAL.previous, last);
  if (last === NIL) arena.setInt(throttle, THROTTLE.first, row);
  else arena.setInt(last, WITHDRAWAL.next, row);
  arena.setInt(throttle, THROTTLE.last, row);
  const place = queueLength(vault) + 1;
  arena.setInt(throttle, THROTTLE.length, place);
  return place;
}

/** Takes a withdrawal out, and out of the round under way if it was still to come there. */
export function leaveQueue(vault: VaultShard, row: Ref<"withdrawal">): void {
  const { arena, throttle } = vault;
  const next = arena.int(row, WITHDRAWAL.next);
  const previous = arena.int(row, WITHDRAWAL.previous);
  leaveRound(vault, row);
  if (previous === NIL) arena.setInt(throttle, THROTTLE.first, next);
  else arena.setInt(previous, WITHDRAWAL.next, next);
  if (next === NIL) arena.setInt(throttle, THROTTLE.last, previous);
  else arena.setInt(next, WITHDRAWAL.previous, previous);
  arena.setInt(row, WITHDRAWAL.next, NIL);
  arena.setInt(row, WITHDRAWAL.previous, NIL);
  arena.setInt(throttle, THROTTLE.length, queueLength(vault) - 1);
}

function leaveRound(vault: VaultShard, row: Ref<"withdrawal">): void {
  const { arena, throttle } = vault;
  const isNext = arena.int(throttle, THROTTLE.roundNext) === row;
  const isLast = arena.int(throttle, THROTTLE.roundLast) === row;
  if (isNext && isLast) {
    arena.setInt(throttle, THROTTLE.roundNext, NIL);
    arena.setInt(throttle, THROTTLE.roundLast, NIL);
  } else if (isNext) arena.setInt(throttle, THROTTLE.roundNext, arena.int(row, WITHDRAWAL.next));
  else if (isLast) arena.setInt(throttle, THROTTLE.roundLast, arena.int(row, WITHDRAWAL.previous));
}

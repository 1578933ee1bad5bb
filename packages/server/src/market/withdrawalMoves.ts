/** What a command did to the withdrawals of accounts that somebody watches. */
import { EVENTS, EVENT_WORDS } from "@bulkhead/engine";
import type { Executed } from "./executedCommand.ts";
import { shapeOf } from "./frames.ts";
import type { Watch } from "./watch.ts";

const REQUEST = shapeOf("requestWithdrawal", "account", "asset", "amount");
const FINALISE = shapeOf("finaliseWithdrawal", "withdrawal", "paid");
const {
  withdrawalQueued: { code: QUEUED },
  withdrawalReleased: { code: RELEASED },
  withdrawalCancelled: { code: CANCELLED },
} = EVENTS;

type WatchOf = (account: number) => Watch | undefined;

/**
 * Follows a command.
 * @param watched - all accounts that somebody watches; @param watchOf - the one of an account, if its state is known
 * @returns those whose withdrawals moved
 */
export function withdrawalsMoved(
  executed: Executed,
  watched: ReadonlyMap<number, Watch>,
  watchOf: WatchOf,
): Iterable<Watch> {
  const { frames, at } = executed;
  if (frames[at] === REQUEST.code) return requested(executed, watchOf);
  if (frames[at] === FINALISE.code) return finalised(executed, watched);
  return queueMoved(executed, watchOf);
}

function requested({ frames, at, facts, factsAt, sequence, time }: Executed, watchOf: WatchOf): Watch[] {
  const watch = watchOf(frames[at + REQUEST.at.account] as number);
  if (watch === undefined) return [];
  const fact = (index: number): number => facts[factsAt + index] as number;
  const [id, queued, place] = [fact(0), fact(2), fact(3)];
  const amount = frames[at + REQUEST.at.amount] as number;
  watch.withdrawals.set(id, {
    withdrawal: id,
    account: watch.account,
    asset: frames[at + REQUEST.at.asset] as number,
    amount,
    queued,
    released: amount - queued,
    paid: 0,
    returned: 0,
    cancelled: 0,
    place,
    requestedAt: time,
    updatedAt: time,
    sequence,
  });
  watch.touchWithdrawal(id);
  return [watch];
}

/** Its receipt names no account: whoever has it is looked for. */
function finalised(
  { frames, at, facts, factsAt, sequence, time }: Executed,
  watched: ReadonlyMap<number, Watch>,
): Watch[] {
  const id = frames[at + FINALISE.at.withdrawal] as number;
  const way = frames[at + FINALISE.at.paid] === 1 ? "paid" : "returned";
  const amount = facts[factsAt] as number;
  for (const watch of watched.values()) {
    const state = watch.withdrawals.get(id);
    if (state === undefined) continue;
    state.released -= amount;
    state[way] += amount;
    Object.assign(state, { updatedAt: time, sequence });
    watch.touchWithdrawal(id);
    return [watch];
  }
  return [];
}

function queueMoved({ events, from, to, sequence, time }: Executed, watchOf: WatchOf): Iterable<Watch> {
  const moved = new Set<Watch>();
  for (let event = from; event < to; event++) {
    const at = event * EVENT_WORDS;
    const code = events[at];
    if (code !== RELEASED && code !== CANCELLED && code !== QUEUED) continue;
    const watch = watchOf(events[at + 2] as number);
    const state = watch?.withdrawals.get(events[at + 1] as number);
    if (watch === undefined || state === undefined) continue;
    const amount = events[at + 4] as number;
    if (code !== QUEUED) {
      state.queued -= amount;
      state[code === RELEASED ? "released" : "cancelled"] += amount;
    }
    if (state.queued === 0) state.place = 0;
    Object.assign(state, { updatedAt: time, sequence });
    watch.touchWithdrawal(events[at + 1] as number);
    moved.add(watch);
  }
  return moved;
}

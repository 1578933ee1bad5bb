/** A withdrawal in the words of its owner. */
import type { Withdrawal } from "@bulkhead/protocol";
import { type Labels, orNull } from "./labels.ts";

/** Amounts are in units of the asset. */
export interface WithdrawalMove {
  readonly withdrawal: number;
  readonly account: number;
  readonly asset: number;
  readonly amount: number;
  readonly queued: number;
  readonly released: number;
  readonly paid: number;
  readonly returned: number;
  readonly cancelled: number;
  /** In the queue, from 1; 0 = it does not wait. */
  readonly place: number;
  readonly requestedAt: number;
  readonly updatedAt: number;
  readonly sequence: number;
}

/** All but how long it may have to wait, which only the queue as it is now can say. */
export function tellWithdrawal(labels: Labels, move: WithdrawalMove): Omit<Withdrawal, "worstWait"> {
  const text = (units: number): string => labels.assetAmount(move.asset, units);
  return {
    withdrawal: move.withdrawal,
    account: move.account,
    asset: labels.asset(move.asset),
    amount: text(move.amount),
    queued: text(move.queued),
    released: text(move.released),
    paid: text(move.paid),
    returned: text(move.returned),
    cancelled: text(move.cancelled),
    place: orNull(move.place),
    requestedAt: move.requestedAt,
    updatedAt: move.updatedAt,
    sequence: move.sequence,
  };
}

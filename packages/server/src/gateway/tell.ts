/** What an owner has had, from rows of the views to symbols and decimals. */
import { type Venue, bucketIdOf } from "@bulkhead/engine";
import {
  type Fill,
  type LedgerEntry,
  type Order,
  SIDES,
  type Withdrawal,
  orderNameText,
  usdText,
} from "@bulkhead/protocol";
import { tellFill } from "../telling/fills.ts";
import { fillId } from "../telling/ids.ts";
import type { Labels } from "../telling/labels.ts";
import { tellOrder } from "../telling/orders.ts";
import { tellWithdrawal } from "../telling/withdrawals.ts";
import type { FillRow, LedgerRow, OrderRow, WithdrawalRow } from "./ports.ts";

/** @param venue - says whether the order's bucket is cross or isolated */
export function tellOrderRow(venue: Venue, labels: Labels, row: OrderRow): Order {
  return tellOrder(labels, row, bucketIdOf(venue, row.tier, row.account) === row.bucket);
}

export function tellFillRow(labels: Labels, row: FillRow): Fill {
  const isMaker = row.role === "maker";
  const told = tellFill(labels, {
    ...row,
    id: fillId(row, isMaker),
    orderId: orderIdOf(row),
    kind: row.kind as Fill["kind"],
    isBought: row.side === SIDES.buy,
    isMaker,
  });
  return { ...told, realizedPnl: usdText(row.realised) };
}

function orderIdOf({ tier, order, orderSequence }: FillRow): string | null {
  if (order !== 0) return orderNameText(tier, "order", order);
  return orderSequence === 0 ? null : orderNameText(tier, "sequence", orderSequence);
}

export function tellEntry(labels: Labels, row: LedgerRow): LedgerEntry {
  return {
    id: `${row.sequence}-${row.ordinal}`,
    account: row.account,
    tier: row.tier,
    bucket: row.bucket,
    asset: labels.asset(row.asset),
    kind: row.kind,
    amount: labels.assetAmount(row.asset, row.amount),
    balance: labels.assetAmount(row.asset, row.balance),
    symbol: row.market === 0 ? null : labels.symbol(row.tier, row.market),
    time: row.time,
    sequence: row.sequence,
  };
}

export function tellWithdrawalRow(
  labels: Labels,
  row: WithdrawalRow,
  worstWait: number | undefined,
): Withdrawal {
  return { ...tellWithdrawal(labels, { ...row, requestedAt: row.time }), worstWait: worstWait ?? null };
}

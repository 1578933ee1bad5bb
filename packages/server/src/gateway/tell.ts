/** What an owner has, in symbols and decimals. Quantities of a market or asset that has no name are told as the engine counts them. */
import {
  type BucketView,
  type Engine,
  type Venue,
  bucketIdOf,
  bucketView,
  marketView,
} from "@bulkhead/engine";
import {
  type Bucket,
  type Directory,
  type Fill,
  type LedgerEntry,
  ORDER_TYPES,
  type Order,
  type Position,
  REASONS,
  SELF_TRADES,
  SIDES,
  TIMES_IN_FORCE,
  type Withdrawal,
  amountText,
  assetOf,
  assetText,
  instrumentOf,
  nameOf,
  notionalOf,
  orderNameText,
  pointsText,
  priceText,
  usdText,
} from "@bulkhead/protocol";
import type { FillRow, LedgerRow, OrderRow, WithdrawalRow } from "./ports.ts";
import { isPostOnly, isReduceOnly } from "./receipts.ts";

const DISTRESS = ["healthy", "queued", "liquidating"] as const;
const STATUS: Readonly<Record<string, Order["status"]>> = {
  open: "open",
  waiting: "open",
  filled: "closed",
  cancelled: "canceled",
};
const POINTS_PER_TICK = 1_000n;

export function tellHolding(directory: Directory, { asset, amount }: { asset: number; amount: number }) {
  const named = assetOf(directory, asset);
  if (named === undefined) return { asset: String(asset), amount: String(amount) };
  return { asset: named.symbol, amount: assetText(named, amount) };
}

export function tellBucket(directory: Directory, tier: number, view: BucketView): Bucket {
  return {
    bucket: view.id,
    tier,
    marginMode: view.mode === 0 ? "cross" : "isolated",
    symbol: view.mode === 0 ? null : symbolOf(directory, tier, view.mode),
    cash: usdText(view.cash),
    holdings: view.holdings.map((each) => tellHolding(directory, each)),
    equity: usdText(view.equity),
    initialMargin: usdText(view.initialMargin),
    maintenanceEquity: usdText(view.maintenanceEquity),
    maintenanceMargin: usdText(view.maintenanceMargin),
    withdrawable: usdText(view.withdrawable),
    distress: DISTRESS[view.distress] ?? "healthy",
    distressSince: view.distress === 0 ? null : view.distressSince,
  };
}

export function positionsIn(
  { venue, sequence }: Engine,
  directory: Directory,
  tier: number,
  id: number,
): Position[] {
  const bucket = bucketView(venue, tier, id);
  return bucket.positions.flatMap((view) => {
    const instrument = instrumentOf(directory, tier, view.market);
    if (instrument === undefined || view.lots === 0) return [];
    const { mark } = marketView(venue, tier, view.market);
    const worth = notionalOf(instrument);
    const points = (BigInt(view.cost) * POINTS_PER_TICK) / (BigInt(view.lots) * BigInt(worth));
    return [
      {
        account: bucket.account,
        bucket: id,
        symbol: instrument.symbol,
        marginMode: bucket.mode === 0 ? ("cross" as const) : ("isolated" as const),
        side: view.lots < 0 ? ("short" as const) : ("long" as const),
        amount: amountText(instrument, Math.abs(view.lots)),
        notional: usdText(Math.abs(view.lots) * mark * worth),
        entryPrice: pointsText(instrument, Number(points)),
        markPrice: priceText(instrument, mark),
        liquidationPrice: view.liquidationPrice === 0 ? null : priceText(instrument, view.liquidationPrice),
        unrealizedPnl: usdText(view.unrealised),
        sequence,
      },
    ];
  });
}

/** What an order of a market that has no name is told in: counts, as the engine has them. */
export function unnamed(tier: number, market: number): string {
  return `${tier}/${market}`;
}

export function symbolOf(directory: Directory, tier: number, market: number): string {
  return instrumentOf(directory, tier, market)?.symbol ?? unnamed(tier, market);
}

/** @param venue - says whether the order's bucket is cross or isolated */
export function tellOrder(venue: Venue, directory: Directory, row: OrderRow): Order {
  const { tier, market } = row;
  const instrument = instrumentOf(directory, tier, market);
  const price = (ticks: number): string =>
    instrument === undefined ? String(ticks) : priceText(instrument, ticks);
  const amount = (lots: number): string =>
    instrument === undefined ? String(lots) : amountText(instrument, lots);
  const notional = instrument === undefined ? 1n : BigInt(notionalOf(instrument));
  const value = BigInt(row.value);
  const points = row.filled === 0 ? 0n : (value * POINTS_PER_TICK) / BigInt(row.filled);
  const average = instrument === undefined ? String(points) : pointsText(instrument, Number(points));
  return {
    id:
      row.order === 0
        ? orderNameText(tier, "sequence", row.sequence)
        : orderNameText(tier, "order", row.order),
    clientOrderId: row.clientId === 0 ? null : String(row.clientId),
    account: row.account,
    bucket: row.bucket,
    symbol: symbolOf(directory, tier, market),
    side: nameOf(SIDES, row.side) ?? "buy",
    type: nameOf(ORDER_TYPES, row.type) ?? "limit",
    timeInForce: nameOf(TIMES_IN_FORCE, row.timeInForce) ?? "GTC",
    price: row.price === 0 ? null : price(row.price),
    triggerPrice: row.trigger === 0 ? null : price(row.trigger),
    amount: amount(row.lots),
    filled: amount(row.filled),
    remaining: amount(row.open),
    cost: usdText(Number(value * notional)),
    average: row.filled === 0 ? null : average,
    fee: usdText(row.fees),
    status: STATUS[row.status] ?? "canceled",
    waiting: row.status === "waiting",
    postOnly: isPostOnly(row.flags),
    reduceOnly: isReduceOnly(row.flags),
    marginMode: bucketIdOf(venue, tier, row.account) === row.bucket ? "cross" : "isolated",
    selfTradePrevention: nameOf(SELF_TRADES, row.selfTrade) ?? "cancelNewest",
    expiresAt: row.expiry === 0 ? null : row.expiry,
    reason: nameOf(REASONS, row.reason) ?? null,
    createdAt: row.time,
    updatedAt: row.updatedAt,
    sequence: row.updatedSequence,
  };
}

export function tellFill(directory: Directory, row: FillRow): Fill {
  const { tier, market } = row;
  const instrument = instrumentOf(directory, tier, market);
  const cost =
    instrument === undefined ? row.price * row.lots : row.price * row.lots * notionalOf(instrument);
  return {
    id: `${row.sequence}-${row.ordinal}`,
    orderId: orderIdOf(row),
    account: row.account,
    bucket: row.bucket,
    symbol: symbolOf(directory, tier, market),
    side: nameOf(SIDES, row.side) ?? "buy",
    takerOrMaker: row.role === "maker" ? "maker" : "taker",
    kind: row.kind as Fill["kind"],
    price: instrument === undefined ? String(row.price) : priceText(instrument, row.price),
    amount: instrument === undefined ? String(row.lots) : amountText(instrument, row.lots),
    cost: usdText(cost),
    fee: usdText(row.fee),
    realizedPnl: usdText(row.realised),
    time: row.time,
    sequence: row.sequence,
  };
}

function orderIdOf({ tier, order, orderSequence }: FillRow): string | null {
  if (order !== 0) return orderNameText(tier, "order", order);
  return orderSequence === 0 ? null : orderNameText(tier, "sequence", orderSequence);
}

export function tellEntry(directory: Directory, row: LedgerRow): LedgerEntry {
  const { asset, amount } = tellHolding(directory, row);
  return {
    id: `${row.sequence}-${row.ordinal}`,
    account: row.account,
    tier: row.tier,
    bucket: row.bucket,
    asset,
    kind: row.kind,
    amount,
    balance: tellHolding(directory, { asset: row.asset, amount: row.balance }).amount,
    symbol: row.market === 0 ? null : symbolOf(directory, row.tier, row.market),
    time: row.time,
    sequence: row.sequence,
  };
}

export function tellWithdrawal(
  directory: Directory,
  row: WithdrawalRow,
  worstWait: number | undefined,
): Withdrawal {
  const text = (amount: number): string => tellHolding(directory, { asset: row.asset, amount }).amount;
  return {
    withdrawal: row.withdrawal,
    account: row.account,
    asset: tellHolding(directory, row).asset,
    amount: text(row.amount),
    queued: text(row.queued),
    released: text(row.released),
    paid: text(row.paid),
    returned: text(row.returned),
    cancelled: text(row.cancelled),
    place: row.place === 0 ? null : row.place,
    worstWait: worstWait ?? null,
    requestedAt: row.time,
    updatedAt: row.updatedAt,
    sequence: row.sequence,
  };
}

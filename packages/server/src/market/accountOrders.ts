/**
 * The open orders of one account that somebody watches, as far as its changes are told: what is not in the events (the terms, the client's own
 * id) is kept from when the order was placed, or from the state when the watching began.
 */
import { ORDER_TYPE, REASON, SIDE, TIME_IN_FORCE, type Venue, bucketView, orderView } from "@bulkhead/engine";
import { amountText, priceText } from "@bulkhead/protocol";
import type { Labels } from "./labels.ts";
import { wordFor } from "./publicEvents.ts";

/** What is known of an order. Prices are ticks, 0 = none. */
export interface OrderTerms {
  readonly tier: number;
  readonly bucket: number;
  readonly market: number;
  readonly side: number;
  readonly type: number;
  readonly timeInForce: number;
  readonly trigger: number;
  readonly clientId: number;
  readonly price: number;
  readonly lots: number;
  readonly isWaiting: boolean;
}

/** What happened to an order. */
export interface OrderChange {
  readonly event: "placed" | "waits" | "triggered" | "rests" | "filled" | "amended" | "removed";
  readonly status: "open" | "closed" | "canceled";
  /** Lots that were filled by it. */
  readonly filled: number;
  /** Of `REASON`, 0 = none. */
  readonly reason: number;
}

/** Words of the wire. */
const TYPES = {
  limit: ORDER_TYPE.limit,
  market: ORDER_TYPE.market,
  stop_limit: ORDER_TYPE.stopLimit,
  stop: ORDER_TYPE.stopMarket,
  take_profit_limit: ORDER_TYPE.takeProfitLimit,
  take_profit: ORDER_TYPE.takeProfitMarket,
} as const;
const TIMES = {
  GTC: TIME_IN_FORCE.goodTillCancelled,
  GTD: TIME_IN_FORCE.goodTillDate,
  IOC: TIME_IN_FORCE.immediateOrCancel,
  FOK: TIME_IN_FORCE.fillOrKill,
} as const;

const NO_CHANGE: OrderChange = { event: "rests", status: "open", filled: 0, reason: 0 };

/** The name of an order: its tier and its number there. */
export function orderName(tier: number, order: number): string {
  return `${tier}-${order}`;
}

/** The name of one that was done at once, and has no number: its tier and its command. */
export function passingOrderName(tier: number, sequence: number): string {
  return `${tier}-s${sequence}`;
}

export class AccountOrders {
  readonly account: number;
  private readonly open = new Map<string, OrderTerms>();

  constructor(account: number) {
    this.account = account;
  }

  /** Takes down the open orders of the account's buckets. */
  learn(venue: Venue, buckets: readonly { readonly tier: number; readonly bucket: number }[]): void {
    this.open.clear();
    for (const { tier, bucket } of buckets)
      for (const order of bucketView(venue, tier, bucket).orders) {
        const view = orderView(venue, tier, order);
        if (view === undefined) continue;
        const { waiting: isWaiting, id: _, ...terms } = view;
        this.open.set(orderName(tier, order), { ...terms, tier, isWaiting });
      }
  }

  get(name: string): OrderTerms | undefined {
    return this.open.get(name);
  }

  set(name: string, terms: OrderTerms): void {
    this.open.set(name, terms);
  }

  delete(name: string): void {
    this.open.delete(name);
  }

  /** All that are open. */
  tell(labels: Labels, sequence: number, time: number): object[] {
    return Array.from(this.open, ([name, terms]) =>
      tellOrder(labels, this.account, name, terms, NO_CHANGE, sequence, time),
    );
  }
}

/** An order and what happened to it, as it is told. */
export function tellOrder(
  labels: Labels,
  account: number,
  id: string,
  terms: OrderTerms,
  change: OrderChange,
  sequence: number,
  time: number,
): object {
  const { tier, market, price, trigger, clientId } = terms;
  const instrument = labels.instrument(tier, market);
  const priceOf = (ticks: number): string | null => {
    if (ticks === 0) return null;
    return instrument === undefined ? String(ticks) : priceText(instrument, ticks);
  };
  const amountOf = (lots: number): string =>
    instrument === undefined ? String(lots) : amountText(instrument, lots);
  return {
    id,
    clientOrderId: clientId === 0 ? null : String(clientId),
    account,
    bucket: terms.bucket,
    symbol: labels.symbol(tier, market),
    side: terms.side === SIDE.buy ? "buy" : "sell",
    type: wordFor(TYPES, terms.type),
    timeInForce: wordFor(TIMES, terms.timeInForce),
    price: priceOf(price),
    triggerPrice: priceOf(trigger),
    remaining: amountOf(terms.lots),
    filled: amountOf(change.filled),
    status: change.status,
    waiting: terms.isWaiting,
    event: change.event,
    reason: change.reason === 0 ? null : wordFor(REASON, change.reason),
    sequence,
    time,
  };
}

/**
 * One bucket of one account, as its owner sees it: he hands in commands, hears his own events and keeps his own books from them.
 */
import {
  type BucketView,
  EVENTS,
  ORDER_FLAG,
  ORDER_TYPE,
  type OutcomeCode,
  REFUSALS,
  SELF_TRADE,
  SIDE,
  TIME_IN_FORCE,
  balanceView,
  bucketView,
} from "@bulkhead/engine";
import type { Exchange, Listener } from "./exchange.ts";

/** The quote currency's number, micro-dollars. */
export const DOLLARS = 1;

/** What a placed or amended order came to. */
export interface Placed {
  readonly outcome: OutcomeCode;
  /** 0 when nothing rests or waits. */
  readonly order: number;
  readonly filled: number;
}

interface Conditions {
  readonly type: number;
  readonly timeInForce: number;
  readonly trigger: number;
  readonly expiry: number;
  readonly flags: number;
}

const RESTING: Conditions = {
  type: ORDER_TYPE.limit,
  timeInForce: TIME_IN_FORCE.goodTillCancelled,
  trigger: 0,
  expiry: 0,
  flags: 0,
};
const AT_ONCE: Conditions = {
  ...RESTING,
  type: ORDER_TYPE.market,
  timeInForce: TIME_IN_FORCE.immediateOrCancel,
};

export class Seat implements Listener {
  readonly account: number;
  /** Lots of each open order, by id. */
  readonly orders = new Map<number, number>();

  private readonly exchange: Exchange;
  private readonly tier: number;
  private readonly mode: number;
  private bucket = 0;
  private readonly positions: { lots: number; cost: number }[] = [];

  private constructor(exchange: Exchange, account: number, tier: number, mode: number) {
    this.exchange = exchange;
    this.account = account;
    this.tier = tier;
    this.mode = mode;
  }

  /**
   * Opens an account and takes a seat with it.
   * @param mode - 0 = cross, else the isolated market
   */
  static open(exchange: Exchange, tier: number, mode = 0): Seat {
    exchange.send({ kind: "openAccount", time: exchange.time });
    return new Seat(exchange, exchange.facts[0] as number, tier, mode);
  }

  get time(): number {
    return this.exchange.time;
  }

  /** Position in a market, signed lots. */
  lots(market: number): number {
    return this.positions[market]?.lots ?? 0;
  }

  /** Average price of the open position, ticks; 0 when flat. */
  entryPrice(market: number): number {
    const position = this.positions[market];
    return position === undefined || position.lots === 0 ? 0 : position.cost / position.lots;
  }

  /** The bucket in full; undefined before anything was allocated. */
  standing(): BucketView | undefined {
    return this.bucket === 0 ? undefined : bucketView(this.exchange.venue, this.tier, this.bucket);
  }

  /** What the account owns of an asset outside its buckets. */
  wallet(asset = DOLLARS): number {
    return balanceView(this.exchange.venue, this.account, asset);
  }

  deposit(amount: number, asset = DOLLARS): OutcomeCode {
    return this.exchange.deposit(this.account, asset, amount);
  }

  withdraw(amount: number, asset = DOLLARS): OutcomeCode {
    return this.exchange.withdraw(this.account, asset, amount);
  }

  /** Moves money from the wallet into the bucket. */
  allocate(amount: number, asset = DOLLARS): OutcomeCode {
    const { account, tier, mode, time } = this;
    const outcome = this.exchange.send({ kind: "allocate", time, account, tier, mode, asset, amount });
    if (outcome === 0 && this.bucket === 0) {
      this.bucket = this.exchange.facts[0] as number;
      this.exchange.listen(this.bucket, this);
    }
    return outcome;
  }

  /** Moves money from the bucket back into the wallet. */
  deallocate(amount: number, asset = DOLLARS): OutcomeCode {
    const { account, tier, mode, time } = this;
    return this.exchange.send({ kind: "deallocate", time, account, tier, mode, asset, amount });
  }

  /** A limit order that only ever rests. */
  quote(market: number, side: number, price: number, lots: number): Placed {
    return this.place(market, side, price, lots, { ...RESTING, flags: ORDER_FLAG.postOnly });
  }

  /** A limit order that rests until `expiry`. */
  limit(market: number, side: number, price: number, lots: number, expiry: number): Placed {
    return this.place(market, side, price, lots, {
      ...RESTING,
      timeInForce: TIME_IN_FORCE.goodTillDate,
      expiry,
    });
  }

  /** A market order that trades no further than `price`. */
  take(market: number, side: number, price: number, lots: number): Placed {
    return this.place(market, side, price, lots, AT_ONCE);
  }

  /** Closes up to so many lots of the position, no further than `price`. */
  reduce(market: number, price: number, lots: number): Placed {
    const side = this.closingSide(market);
    return this.place(market, side, price, lots, { ...AT_ONCE, flags: ORDER_FLAG.reduceOnly });
  }

  /** Closes the whole position when the mark passes the trigger the wrong way. */
  stopLoss(market: number, trigger: number): Placed {
    return this.protect(market, trigger, ORDER_TYPE.stopMarket);
  }

  /** Closes the whole position when the mark passes the trigger the right way. */
  takeProfit(market: number, trigger: number): Placed {
    return this.protect(market, trigger, ORDER_TYPE.takeProfitMarket);
  }

  amend(order: number, price: number, lots: number): Placed {
    const { account, tier, time } = this;
    const outcome = this.exchange.send({ kind: "amendOrder", time, account, tier, order, price, lots });
    return this.placed(outcome);
  }

  /** @returns 0 if there was nothing left to cancel */
  cancel(order: number): OutcomeCode {
    if (!this.orders.has(order)) return 0;
    const { account, tier, time } = this;
    return this.exchange.send({ kind: "cancelOrder", time, account, tier, order, clientId: 0 });
  }

  cancelAll(market: number): OutcomeCode {
    const { account, tier, bucket, time } = this;
    return this.exchange.send({ kind: "cancelAll", time, account, tier, bucket, market });
  }

  /** Collects what a closed position is still owed, or pays what it owes. */
  settleResidual(market: number): OutcomeCode {
    const { tier, bucket, time } = this;
    return this.exchange.send({ kind: "settleResidual", time, tier, bucket, market });
  }

  hear(words: Float64Array, at: number): void {
    const order = words[at + 2] as number;
    switch (words[at]) {
      case EVENTS.fill.code: {
        const isMaker = words[at + 3] === this.bucket;
        const isBuyer = (words[at + 5] === SIDE.buy) !== isMaker;
        const lots = words[at + 7] as number;
        this.book(words[at + 1] as number, isBuyer ? lots : -lots, words[at + 6] as number);
        if (isMaker) this.shrink(order, lots);
        return;
      }
      case EVENTS.orderRested.code:
        this.orders.set(order, words[at + 6] as number);
        return;
      case EVENTS.orderReduced.code:
        this.orders.set(order, words[at + 5] as number);
        return;
      case EVENTS.positionLiquidated.code:
        // What was closed on the book or in a call auction came as fills.
        if (words[at + 4] === ON_BOOK || words[at + 4] === IN_CALL_AUCTION) return;
        this.book(words[at + 1] as number, -(words[at + 3] as number), words[at + 6] as number);
        return;
      case EVENTS.positionTornUp.code:
        this.book(words[at + 1] as number, -(words[at + 3] as number), words[at + 4] as number);
        return;
      default:
        this.orders.delete(order);
    }
  }

  private protect(market: number, trigger: number, type: number): Placed {
    const lots = Math.abs(this.lots(market));
    const conditions = { ...AT_ONCE, type, trigger, flags: ORDER_FLAG.reduceOnly };
    return this.place(market, this.closingSide(market), 0, lots, conditions);
  }

  private closingSide(market: number): number {
    return this.lots(market) > 0 ? SIDE.sell : SIDE.buy;
  }

  private place(market: number, side: number, price: number, lots: number, conditions: Conditions): Placed {
    const outcome = this.exchange.send({
      kind: "placeOrder",
      time: this.time,
      account: this.account,
      tier: this.tier,
      bucket: this.bucket,
      market,
      side,
      type: conditions.type,
      timeInForce: conditions.timeInForce,
      price,
      lots,
      trigger: conditions.trigger,
      expiry: conditions.expiry,
      clientId: 0,
      flags: conditions.flags,
      selfTrade: SELF_TRADE.cancelOldest,
    });
    return this.placed(outcome);
  }

  private placed(outcome: OutcomeCode): Placed {
    if (outcome !== 0) return { outcome, order: 0, filled: 0 };
    const { facts } = this.exchange;
    const resting = facts[2] as number;
    const order = resting > 0 ? (facts[0] as number) : 0;
    if (order > 0) this.orders.set(order, resting);
    return { outcome, order, filled: facts[1] as number };
  }

  private shrink(order: number, lots: number): void {
    const left = (this.orders.get(order) ?? lots) - lots;
    if (left > 0) this.orders.set(order, left);
    else this.orders.delete(order);
  }

  private book(market: number, change: number, price: number): void {
    const position = (this.positions[market] ??= { lots: 0, cost: 0 });
    const { lots, cost } = position;
    const isOpening = lots === 0 || lots > 0 === change > 0;
    const after = lots + change;
    position.lots = after;
    if (isOpening) position.cost = cost + change * price;
    else if (after !== 0 && after > 0 === lots > 0) position.cost = (cost / lots) * after;
    else position.cost = after * price;
  }
}

/** The ways of a liquidation that its fills tell of. */
const ON_BOOK = 1;
const IN_CALL_AUCTION = 5;

/** True of the refusals that say an account has too little money for what it wants. */
export function isShort(outcome: OutcomeCode): boolean {
  return outcome === REFUSALS.margin_insufficient.code || outcome === REFUSALS.health_would_fall.code;
}

/** The side that profits when the market moves this way. */
export function sideOf(direction: number): number {
  return direction > 0 ? SIDE.buy : SIDE.sell;
}

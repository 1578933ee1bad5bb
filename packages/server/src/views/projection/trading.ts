/**
 * Orders and fills. A fill names its maker's order; the taker's is the one under way: just placed, amended or triggered, or the buying one of a
 * pair. Fills of a liquidation have none.
 */
import type { RowOf } from "../schema.ts";
import { type Tier, bucketAt, marketAt, there } from "../world.ts";
import { addTrade } from "./candles.ts";
import { type FillKind, bookSide, collectFees, payBetween, tellFill } from "./clearing.ts";
import { type EventOf, type Moment, acceptedAs, eventAt, tell, touch } from "./moment.ts";

type Order = RowOf<"orders">;

/** The engine's reason for an order that never rests. */
const IMMEDIATE_OR_CANCEL = 9;
/** Order types from here on wait for a trigger. */
const FIRST_CONDITIONAL = 2;
const BY_LIQUIDATION: readonly number[] = [1, 5];

/** What a command's events mean depends on which order is under way. */
export interface Trading {
  /** The order whose fills those are that no other order claims. */
  taker: Order | undefined;
  /** The taker was triggered: with so many lots, and nothing is told when none of it rests. */
  fired: { readonly order: Order; readonly open: number; readonly filled: number } | undefined;
  /** An amended order's lots filled before. */
  amended: { readonly order: Order; readonly filled: number } | undefined;
  /** The call auction's pair whose fill comes next. */
  pair: EventOf<"ordersPaired"> | undefined;
}

/** The order a command places or amends. */
export function beginTrading(moment: Moment, tier: Tier | undefined): Trading {
  const trading: Trading = { taker: undefined, fired: undefined, amended: undefined, pair: undefined };
  const placed = acceptedAs(moment, "placeOrder");
  if (placed !== undefined && tier !== undefined) {
    const { sequence, time } = moment;
    const { tier: id, market, account, bucket, clientId, side, type, timeInForce, flags, selfTrade } = placed;
    const [order = 0] = moment.facts;
    trading.taker = {
      sequence,
      time,
      tier: id,
      market,
      account,
      bucket,
      order,
      clientId,
      side,
      type,
      timeInForce,
      flags,
      selfTrade,
      price: placed.price,
      trigger: placed.trigger,
      expiry: placed.expiry,
      lots: placed.lots,
      open: 0,
      filled: 0,
      value: "0",
      fees: 0,
      status: "open",
      reason: 0,
      triggeredAt: 0,
      updatedSequence: sequence,
      updatedAt: time,
    };
  }
  const amended = acceptedAs(moment, "amendOrder");
  if (amended !== undefined && tier !== undefined) {
    const order = there(tier.orders.get(amended.order), "order", amended.order);
    trading.taker = order;
    trading.amended = { order, filled: order.filled };
  }
  return trading;
}

/** What the command's receipt says of the order it placed or amended; and what is not told of the last one that was triggered. */
export function endTrading(moment: Moment, tier: Tier | undefined, trading: Trading): void {
  endFired(moment, tier, trading);
  const { taker, amended } = trading;
  if (taker === undefined || tier === undefined) return;
  const [, , resting = 0, reason = 0] = moment.facts;
  const placed = acceptedAs(moment, "placeOrder");
  if (placed !== undefined) {
    if (resting > 0) {
      taker.open = resting;
      taker.status = taker.type >= FIRST_CONDITIONAL ? "waiting" : "open";
      tier.orders.set(taker.order, taker);
      touch(moment, "orders", taker);
    } else close(moment, tier, taker, taker.filled === 0 && reason === 0 ? IMMEDIATE_OR_CANCEL : reason);
  } else if (amended !== undefined) {
    const order = amended.order;
    const { price, lots } = there(acceptedAs(moment, "amendOrder"), "amendment of order", order.order);
    const whole = amended.filled + lots;
    // Amended to what it was: nobody is told, for nothing has changed.
    if (order.price === price && order.lots === whole && order.open === resting) return;
    order.price = price;
    order.lots = whole;
    if (resting > 0) change(moment, order, resting);
    else close(moment, tier, order, reason);
  }
}

/** Takes in an event about orders or fills. @param forced - whether a fill is a liquidation's */
export function trade(
  moment: Moment,
  tier: Tier,
  trading: Trading,
  index: number,
  forced: ReadonlySet<number>,
): void {
  const fill = eventAt(moment, "fill", index);
  if (fill !== undefined) return takeFill(moment, tier, trading, index, fill, forced.has(index));
  const pair = eventAt(moment, "ordersPaired", index);
  if (pair !== undefined) {
    trading.pair = pair;
    return;
  }
  const rested = eventAt(moment, "orderRested", index);
  if (rested !== undefined) return rest(moment, tier, trading, rested);
  const reduced = eventAt(moment, "orderReduced", index);
  if (reduced !== undefined) {
    const order = tier.orders.get(reduced.order);
    if (order !== undefined) change(moment, order, reduced.remaining);
    return;
  }
  const removed = eventAt(moment, "orderRemoved", index);
  if (removed !== undefined) {
    const order = tier.orders.get(removed.order);
    // The order that is amended leaves to enter anew.
    if (order !== undefined && order !== trading.amended?.order) close(moment, tier, order, removed.reason);
    return;
  }
  const triggered = eventAt(moment, "orderTriggered", index);
  if (triggered !== undefined) fire(moment, tier, trading, triggered);
}

function takeFill(
  moment: Moment,
  tier: Tier,
  trading: Trading,
  index: number,
  fill: EventOf<"fill">,
  isForced: boolean,
): void {
  const { price, lots, side } = fill;
  const market = marketAt(tier, fill.market);
  const bought = side === 0 ? lots : -lots;
  const { pair } = trading;
  trading.pair = undefined;
  const makerOrder = tier.orders.get(fill.makerOrder);
  const takerOrder =
    pair !== undefined ? tier.orders.get(pair.buyOrder) : isForced ? undefined : trading.taker;
  const kind: FillKind = isForced ? "liquidation" : pair === undefined ? "trade" : "auction";
  const maker = bookSide(
    moment,
    market,
    bucketAt(tier, fill.makerBucket),
    -bought,
    price,
    fill.makerFee,
    fill.makerRealised,
  );
  const taker = bookSide(
    moment,
    market,
    bucketAt(tier, fill.takerBucket),
    bought,
    price,
    fill.takerFee,
    fill.takerRealised,
  );
  tell(moment, "trades", {
    event: index + 1,
    tier: tier.row.tier,
    market: market.market,
    price,
    lots,
    side,
    kind,
  });
  addTrade(moment, market, price, lots);
  tellFill(moment, maker, { index, kind, role: "maker", signedLots: -bought, price }, makerOrder);
  tellFill(moment, taker, { index, kind, role: "taker", signedLots: bought, price }, takerOrder);
  market.feeCost -= fill.makerFee + fill.takerFee;
  payBetween(moment, market, [maker, taker]);
  collectFees(moment, market);
  if (makerOrder !== undefined) fillResting(moment, tier, makerOrder, price, lots, fill.makerFee);
  if (pair !== undefined && takerOrder !== undefined)
    fillResting(moment, tier, takerOrder, price, lots, fill.takerFee);
  else if (takerOrder !== undefined) addFill(moment, takerOrder, price, lots, fill.takerFee);
}

function rest(moment: Moment, tier: Tier, trading: Trading, rested: EventOf<"orderRested">): void {
  const { fired } = trading;
  // A new order's receipt says the same; it is not known by its id before.
  const order = tier.orders.get(rested.order);
  if (order === undefined) return;
  order.status = "open";
  order.price = rested.price;
  change(moment, order, rested.lots);
  if (fired?.order === order) trading.fired = undefined;
}

function fire(
  moment: Moment,
  tier: Tier,
  trading: Trading,
  { order: id, outcome }: EventOf<"orderTriggered">,
): void {
  endFired(moment, tier, trading);
  const order = there(tier.orders.get(id), "order", id);
  order.triggeredAt = moment.time;
  touch(moment, "orders", order);
  trading.taker = order;
  if (outcome === 0) trading.fired = { order, open: order.open, filled: order.filled };
}

/** Of a triggered order nothing rests: either it was filled, or what was left of it was dropped. */
function endFired(moment: Moment, tier: Tier | undefined, trading: Trading): void {
  const { fired } = trading;
  if (fired === undefined || tier === undefined) return;
  trading.fired = undefined;
  const { order, open, filled } = fired;
  close(moment, tier, order, order.filled - filled === open ? 0 : IMMEDIATE_OR_CANCEL);
}

/** A resting order was filled; one with no lots left leaves without another event. */
function fillResting(
  moment: Moment,
  tier: Tier,
  order: Order,
  price: number,
  lots: number,
  fee: number,
): void {
  addFill(moment, order, price, lots, fee);
  order.open -= lots;
  if (order.open === 0) close(moment, tier, order, 0);
}

function addFill(moment: Moment, order: Order, price: number, lots: number, fee: number): void {
  order.filled += lots;
  order.value = String(BigInt(order.value) + BigInt(price) * BigInt(lots));
  order.fees += fee;
  stamp(moment, order);
}

function change(moment: Moment, order: Order, open: number): void {
  order.open = open;
  stamp(moment, order);
}

function close(moment: Moment, tier: Tier, order: Order, reason: number): void {
  order.open = 0;
  order.reason = reason;
  order.status = reason === 0 ? "filled" : "cancelled";
  tier.orders.delete(order.order);
  stamp(moment, order);
}

function stamp(moment: Moment, order: Order): void {
  order.updatedSequence = moment.sequence;
  order.updatedAt = moment.time;
  touch(moment, "orders", order);
}

/** Which fills of a command are a liquidation's: those that led to it, back to as many lots as it closed. */
export function forcedFills(moment: Moment, count: number): ReadonlySet<number> {
  const forced = new Set<number>();
  for (let index = count - 1; index >= 0; index--) {
    const closed = eventAt(moment, "positionLiquidated", index);
    if (closed === undefined || !BY_LIQUIDATION.includes(closed.how)) continue;
    let left = Math.abs(closed.lots);
    for (let before = index - 1; before >= 0 && left > 0; before--) {
      const fill = eventAt(moment, "fill", before);
      if (fill === undefined || fill.market !== closed.market || fill.takerBucket !== closed.bucket) continue;
      forced.add(before);
      left -= fill.lots;
    }
  }
  return forced;
}

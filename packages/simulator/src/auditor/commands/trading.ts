/** Orders placed, amended and cancelled. */
import { priceMustBeInBand, priceMustBeInRange } from "../band.ts";
import { collects, isTraded, statusOf } from "../breaker.ts";
import { type Entered, enter } from "../entry.ts";
import { detach, newestFirst, orderWithClientId, reduceOrder, removeOrder, wait } from "../orders.ts";
import { refuse } from "../refusal.ts";
import { findSlot } from "../room.ts";
import {
  BREAKER,
  BUY,
  CONTRACT,
  FLAG,
  MAX_COLLECTED,
  MAX_SWEEP,
  ORDER_TYPE,
  REASON,
  TIME_IN_FORCE,
} from "../terms.ts";
import type { Bucket, Market, Order, Tier, World } from "../venue.ts";
import {
  type CommandNamed,
  accountMustBeOpen,
  bucketInMode,
  bucketOf,
  emit,
  isInUse,
  marketOf,
  orderOf,
  tierOf,
} from "../world.ts";

type Facts = readonly (number | bigint)[];
type PlaceOrder = CommandNamed<"placeOrder">;

export function placeOrder(world: World, command: PlaceOrder): Facts {
  const { bucket, market } = namedByOrder(world, command);
  marketMustTakeOrders(world, market);
  if (market.mark === 0) refuse("price_absent", market.id);
  const order = draft(command, bucket, market);

  flagsMustAgree(command, order);
  mustBeCollectable(command, order);
  auctionMustHaveRoom(market);
  pricesMustFit(command, order);
  triggerMustBeAhead(command, order);
  expiryMustFit(world, command);
  clientIdMustBeFree(order);
  ordersMustHaveRoom(world, order);
  positionMustHaveRoom(world, order);

  if (!isConditional(command)) return entered(enter(world, order));
  wait(world, order);
  return [order.id, 0, order.lots, 0];
}

export function amendOrder(world: World, command: CommandNamed<"amendOrder">): Facts {
  const { journal } = world;
  const { price } = command;
  const lots = BigInt(command.lots);
  const tier = tierOf(world, command.tier);
  accountMustBeOpen(world, command.account);
  const order = ownedOrder(tier, command.order, command.account);
  const { market } = order;
  const isWaiting = order.place === "waiting";
  marketMustTakeOrders(world, market);
  if (order.expiry > 0 && order.expiry <= world.time) refuse("expiry_required", order.expiry, world.time);
  priceMustBeInRange(market, price);
  priceMustBeInBand(market, order.direction, price, isWaiting ? order.trigger : market.mark);

  if (isWaiting) {
    journal.set(order, "price", price);
    journal.set(order, "lots", lots);
    return [order.id, 0, lots, 0];
  }
  if (price === order.price && lots <= order.lots) {
    const reduction = order.lots - lots;
    if (reduction > 0n) reduceOrder(world, order, reduction, REASON.amended);
    return [order.id, 0, lots, 0];
  }
  if (collects(market)) {
    if (order.postOnly) refuse("order_not_collected", ORDER_TYPE.limit, order.timeInForce, FLAG.postOnly);
    if (order.place !== "collected") auctionMustHaveRoom(market);
  }
  emit(world, "orderRemoved", market.id, order.id, order.bucket.id, order.lots, REASON.amended);
  detach(world, order);
  journal.set(order, "price", price);
  journal.set(order, "lots", lots);
  journal.set(order, "selfTrade", 0);
  return entered(enter(world, order));
}

export function cancelOrder(world: World, command: CommandNamed<"cancelOrder">): Facts {
  const tier = tierOf(world, command.tier);
  accountMustBeOpen(world, command.account);
  const order =
    command.order === 0
      ? (orderWithClientId(tier, command.account, command.clientId) ??
        refuse("client_id_unknown", command.clientId))
      : ownedOrder(tier, command.order, command.account);

  const { id, lots } = order;
  removeOrder(world, order, REASON.cancelled);
  return [id, lots];
}

export function cancelAll(world: World, command: CommandNamed<"cancelAll">): Facts {
  const tier = tierOf(world, command.tier);
  accountMustBeOpen(world, command.account);
  const bucket = ownedBucket(tier, command.bucket, command.account);
  const market = command.market === 0 ? undefined : marketOf(tier, command.market);

  const orders = newestFirst(bucket, market);
  for (const order of orders) removeOrder(world, order, REASON.cancelled);
  return [orders.length];
}

export function massCancel(world: World, command: CommandNamed<"massCancel">): Facts {
  const market = marketOf(tierOf(world, command.tier), command.market);
  const { bids, asks, rising, falling } = market;
  const orders = [
    ...bids.descending(),
    ...asks.ascending(),
    ...market.collected,
    ...rising.ascending(),
    ...falling.descending(),
  ].slice(0, MAX_SWEEP);

  for (const order of orders) removeOrder(world, order, REASON.massCancelled);
  return [orders.length, market.openOrders];
}

function entered({ order, filled, resting, reason }: Entered): Facts {
  return [order, filled, resting, reason];
}

/** Guard 1: the bucket and the market that an order names. */
function namedByOrder(world: World, command: PlaceOrder): { bucket: Bucket; market: Market } {
  const tier = tierOf(world, command.tier);
  accountMustBeOpen(world, command.account);
  const bucket = ownedBucket(tier, command.bucket, command.account);
  const market = marketOf(tier, command.market);
  if (bucket.mode !== 0 && bucket.mode !== market.id) refuse("bucket_is_isolated", market.id, bucket.mode);
  return { bucket, market };
}

function ownedBucket(tier: Tier, id: number, account: number): Bucket {
  const bucket = bucketOf(tier, id);
  if (bucket.account !== account) refuse("bucket_not_owned", bucket.id, bucket.account);
  return bucket;
}

function ownedOrder(tier: Tier, id: number, account: number): Order {
  const order = orderOf(tier, id);
  if (order.bucket.account !== account) refuse("order_not_owned", order.id, order.bucket.account);
  return order;
}

/** Guard 2, and the guard of every amendment. */
function marketMustTakeOrders(world: World, market: Market): void {
  const { contract, expiry } = market;
  if (!isTraded(market) && !collects(market)) refuse("market_not_open", statusOf(market));
  if (contract === CONTRACT.future && world.time >= expiry) refuse("market_expired", expiry, world.time);
}

/** The order that a command describes; it stands nowhere yet. */
function draft(command: PlaceOrder, bucket: Bucket, market: Market): Order {
  const buys = command.side === BUY;
  return {
    id: 0,
    arrival: 0,
    bucket,
    market,
    direction: buys ? 1n : -1n,
    isMarket: isMarketType(command),
    timeInForce: command.timeInForce,
    expiry: command.expiry,
    clientId: command.clientId,
    postOnly: (command.flags & FLAG.postOnly) !== 0,
    selfTrade: command.selfTrade,
    trigger: command.trigger,
    firesRising: isStop(command) === buys,
    reduceOnly: (command.flags & FLAG.reduceOnly) !== 0,
    price: command.price,
    lots: BigInt(command.lots),
    place: "nowhere",
  };
}

function isConditional({ type }: PlaceOrder): boolean {
  return type >= ORDER_TYPE.stopLimit;
}

function isStop({ type }: PlaceOrder): boolean {
  return type === ORDER_TYPE.stopLimit || type === ORDER_TYPE.stopMarket;
}

function isMarketType({ type }: PlaceOrder): boolean {
  return type === ORDER_TYPE.market || type === ORDER_TYPE.stopMarket || type === ORDER_TYPE.takeProfitMarket;
}

/** Guard 3. */
function flagsMustAgree(command: PlaceOrder, order: Order): void {
  const { type, timeInForce, flags } = command;
  const canWait =
    timeInForce === TIME_IN_FORCE.goodTillCancelled || timeInForce === TIME_IN_FORCE.goodTillDate;
  const conflicts =
    (order.postOnly && (order.isMarket || !canWait)) ||
    (type === ORDER_TYPE.market && canWait) ||
    (order.isMarket && timeInForce === TIME_IN_FORCE.goodTillCancelled);
  if (conflicts) refuse("order_flags_conflict", type, timeInForce, flags);
}

/** A call auction collects limit orders that may rest, and that do not mind with whom they trade. */
function mustBeCollectable({ type, timeInForce, flags }: PlaceOrder, { market, postOnly }: Order): void {
  const isPlain = type === ORDER_TYPE.limit && timeInForce < TIME_IN_FORCE.immediateOrCancel && !postOnly;
  if (collects(market) && !isPlain) refuse("order_not_collected", type, timeInForce, flags);
}

function auctionMustHaveRoom(market: Market): void {
  if (collects(market) && market.collected.length >= MAX_COLLECTED) refuse("auction_full", MAX_COLLECTED);
}

/** Guard 4. */
function pricesMustFit(command: PlaceOrder, order: Order): void {
  const { price, trigger } = command;
  const { market, direction, isMarket } = order;
  if (price === 0 && !isMarket) refuse("price_required", command.type);
  if (price === 0 && command.type === ORDER_TYPE.market && market.breaker.level !== BREAKER.normal) {
    refuse("price_not_named", market.breaker.level);
  }
  if (isConditional(command) !== trigger > 0) refuse("trigger_required", command.type, trigger);
  priceMustBeInRange(market, price);
  priceMustBeInRange(market, trigger);
  if (price === 0) return;
  priceMustBeInBand(market, direction, price, isConditional(command) ? trigger : market.mark);
}

/** Guard 5. */
function triggerMustBeAhead({ trigger }: PlaceOrder, { market, firesRising }: Order): void {
  if (trigger === 0) return;
  const isMet = firesRising ? market.mark >= trigger : market.mark <= trigger;
  if (isMet) refuse("trigger_already_met", trigger, market.mark);
}

/** Guard 6. */
function expiryMustFit(world: World, { timeInForce, expiry }: PlaceOrder): void {
  const fits = timeInForce === TIME_IN_FORCE.goodTillDate ? expiry > world.time : expiry === 0;
  if (!fits) refuse("expiry_required", expiry, world.time);
}

/** Guard 7. */
function clientIdMustBeFree({ bucket, clientId }: Order): void {
  const holder = orderWithClientId(bucket.tier, bucket.account, clientId);
  if (holder !== undefined) refuse("client_id_in_use", clientId, holder.id);
}

/** Guard 8. */
function ordersMustHaveRoom(world: World, { bucket, market }: Order): void {
  const { maxBucketOrders, orderSlots } = bucket.tier;
  const { maxOrders } = market.terms;
  if (bucket.orders.size >= maxBucketOrders) refuse("bucket_order_limit", maxBucketOrders);
  if (market.openOrders >= maxOrders) refuse("market_order_limit", maxOrders);
  if (orderSlots.isFull) refuse("order_capacity_reached", world.capacities.orders);
}

/** Guard 9: an account holds a market in one bucket only, and slots for positions are limited. */
function positionMustHaveRoom(world: World, { bucket, market }: Order): void {
  if (isInUse(bucket.positions.get(market.id))) return;
  const { tier, account, mode } = bucket;
  const other = bucketInMode(tier, account, mode === 0 ? market.id : 0);
  if (other !== undefined && isInUse(other.positions.get(market.id))) {
    refuse("market_held_in_other_bucket", market.id, other.id);
  }
  if (!findSlot(world, bucket)) refuse("position_capacity_reached", world.capacities.positions);
}

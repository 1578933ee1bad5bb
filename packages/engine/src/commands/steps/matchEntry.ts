/** Price-time matching: the entry meets makers until it is filled, the price is out of reach, or a rule stops it. */
import type { Arena, Ref } from "../../kernel/arena.ts";
import { least, minus, most, negate, plus } from "../../kernel/checked.ts";
import { numberOf } from "../../kernel/pool.ts";
import { type Lots, NONE, type Ppm, type Ticks } from "../../kernel/units.ts";
import { SELF_TRADE } from "../../domain/commands.ts";
import { EVENTS, REASON } from "../../domain/events.ts";
import { MAX_MATCHES } from "../../domain/limits.ts";
import type { OrderEntry } from "../../domain/orderEntry.ts";
import { isBuy, isReduceOnly, selfTradeOf, sideOf } from "../../domain/orderTerms.ts";
import { STATUS } from "../../domain/parameters.ts";
import { BUCKET, POSITION } from "../../domain/rows/bucket.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { ORDER } from "../../domain/rows/order.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { openInterestLimit, orderStatus } from "../../domain/trading.ts";
import { noteUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { bookSide, chargeFees, collectFees, openInterestChange, payIn, payOut } from "../../clearing/fill.ts";
import { settleFunding } from "../../clearing/funding.ts";
import { closeOrder, orderId, positionOfOrder, reserve } from "../../execution/openOrders.ts";
import { bestOpposite, crosses, oldestAt, reduceResting, takeOff } from "../../execution/orderBook.ts";
import { isExpired } from "../../execution/timers.ts";
import { measureBucket } from "../../risk/bucketMeasure.ts";
import { onlyReduces } from "../../risk/health.ts";
import { forcedFee } from "../../risk/liquidationStep.ts";
import { removeOrder } from "./removeOrder.ts";

const FILL = EVENTS.fill.code;
const REDUCED = EVENTS.orderReduced.code;
const FUNDING = EVENTS.fundingSettled.code;

/** Matches an entry that crosses. Afterwards `entry.open` is what is left, and `entry.reason` why, if a rule stopped it. */
export function matchEntry(venue: Venue, tier: TierShard, market: Market, entry: OrderEntry): void {
  const { arena } = tier;
  const buys = isBuy(entry.terms);
  while (entry.open > 0) {
    const price = bestOpposite(arena, market, buys);
    if (!crosses(buys, entry.limit, price)) return;
    if (venue.makersMet === MAX_MATCHES) {
      entry.reason = REASON.matchLimit;
      return;
    }
    venue.makersMet++;
    meet(venue, tier, market, entry, oldestAt(arena, market, price));
    if (entry.reason !== 0) return;
  }
}

/** One maker: expired, own, barred from growing, unfit — or filled. */
export function meet(
  venue: Venue,
  tier: TierShard,
  market: Market,
  entry: OrderEntry,
  maker: Ref<"order">,
): void {
  const { arena } = tier;
  if (isExpired(tier, maker, venue.now)) return removeOrder(venue, tier, market, maker, REASON.expired);
  const bucket = arena.int(maker, ORDER.bucket);
  if (arena.int(bucket, BUCKET.account) === entry.account)
    return preventSelfTrade(venue, tier, market, entry, maker);

  const position = positionOfOrder(arena, maker);
  const terms = arena.int(maker, ORDER.terms);
  const onlyShrinks = isReduceOnly(terms) || orderStatus(tier, market) === STATUS.reduceOnly;
  const open = arena.num(maker, ORDER.lots);
  const mayFill = onlyShrinks ? least(open, reducible(arena.num(position, POSITION.lots), terms)) : open;
  if (mayFill === 0) return removeOrder(venue, tier, market, maker, REASON.reduceOnly);

  const lots = least(entry.open, mayFill);
  if (!fill(venue, tier, market, entry, maker, bucket, position, lots)) return;
  if (lots === open) {
    takeOff(arena, market, maker);
    closeOrder(tier, market, maker);
    return;
  }
  reduceResting(arena, market, maker, lots);
  if (isReduceOnly(terms) && reducible(arena.num(position, POSITION.lots), terms) === 0) {
    removeOrder(venue, tier, market, maker, REASON.reduceOnly);
  }
}

/** Lots by which an order of these terms could shrink a position; 0 if they are on the same side. */
export function reducible(lots: Lots, terms: number): Lots {
  return most(isBuy(terms) ? negate(lots) : lots, NONE);
}

/**
 * Clears one fill between the entry and a maker, if open interest allows and the maker can bear it; otherwise leaves no trace
 * of it. The maker's row and the book are the caller's.
 */
function fill(
  venue: Venue,
  tier: TierShard,
  market: Market,
  entry: OrderEntry,
  maker: Ref<"order">,
  makerBucket: Ref<"bucket">,
  makerPosition: Ref<"position">,
  lots: Lots,
): boolean {
  const { arena } = tier;
  const { makerSide, takerSide, events } = venue;
  const { row } = market;
  const named = arena.int(maker, ORDER.price);
  const price = entry.uniformPrice === 0 ? named : entry.uniformPrice;
  const bought = isBuy(entry.terms) ? lots : negate(lots);
  const makerBefore = arena.num(makerPosition, POSITION.lots);
  const takerBefore = arena.num(entry.position, POSITION.lots);
  const makerAfter = minus(makerBefore, bought);
  const takerAfter = plus(takerBefore, bought);
  const opened = plus(
    openInterestChange(makerBefore, makerAfter),
    openInterestChange(takerBefore, takerAfter),
  );
  if (exceedsOpenInterest(arena, row, opened)) {
    entry.reason = REASON.openInterest;
    return false;
  }

  const savepoint = arena.savepoint();
  const eventsBefore = events.count;
  settleFundingOf(venue, tier, market, makerBucket, makerPosition);
  settleFundingOf(venue, tier, market, entry.bucket, entry.position);
  bookSide(arena, market, makerPosition, negate(bought), price, arena.int(row, MARKET.makerFee), makerSide);
  bookSide(arena, market, entry.position, bought, price, takerFeeOf(arena, market, entry), takerSide);
  arena.addNum(row, MARKET.openInterest, opened);
  arena.setInt(row, MARKET.lastPrice, price);
  payBetween(venue, tier, market, makerBucket, makerPosition, entry.bucket, entry.position);
  reserve(arena, market, makerPosition, arena.int(maker, ORDER.terms), named, negate(lots));

  if (!onlyReduces(makerBefore, makerAfter) && !coversInitialMargin(venue, tier, makerBucket)) {
    arena.rollbackTo(savepoint);
    events.truncate(eventsBefore);
    removeOrder(venue, tier, market, maker, REASON.makerMargin);
    return false;
  }
  noteUnsettled(tier, makerBucket);
  noteUnsettled(tier, entry.bucket);
  entry.open = minus(entry.open, lots);
  entry.filled = plus(entry.filled, lots);
  entry.fees = plus(entry.fees, takerSide.fee);
  events.emit(
    FILL,
    market.id,
    orderId(tier, maker),
    numberOf(tier.buckets, makerBucket),
    numberOf(tier.buckets, entry.bucket),
    sideOf(entry.terms),
    price,
    lots,
    makerSide.fee,
    takerSide.fee,
    makerSide.realised,
    takerSide.realised,
  );
  return true;
}

/** True when a trade that opens so many lots would raise open interest beyond its limit. */
export function exceedsOpenInterest(arena: Arena, row: Ref<"market">, opened: Lots): boolean {
  return opened > 0 && plus(arena.num(row, MARKET.openInterest), opened) > openInterestLimit(arena, row);
}

/** Money moves after both sides of a trade are booked, in `venue.makerSide` and `venue.takerSide`: losers pay in, winners take out, the house its fees. */
export function payBetween(
  venue: Venue,
  tier: TierShard,
  market: Market,
  makerBucket: Ref<"bucket">,
  makerPosition: Ref<"position">,
  takerBucket: Ref<"bucket">,
  takerPosition: Ref<"position">,
): void {
  const { arena } = tier;
  const { makerSide, takerSide } = venue;
  chargeFees(arena, market, plus(makerSide.fee, takerSide.fee));
  const makerNet = minus(makerSide.realised, makerSide.fee);
  const takerNet = minus(takerSide.realised, takerSide.fee);
  payIn(arena, market, makerBucket, makerPosition, makerNet);
  payIn(arena, market, takerBucket, takerPosition, takerNet);
  payOut(arena, market, makerBucket, makerPosition, makerNet);
  payOut(arena, market, takerBucket, takerPosition, takerNet);
  collectFees(tier, market);
}

/** Rate the entry pays; one that closes a position in distress pays what the maker's rebate costs, and nothing else. */
function takerFeeOf(arena: Arena, market: Market, entry: OrderEntry): Ppm {
  return entry.isForced ? forcedFee(arena, market) : arena.int(market.row, MARKET.takerFee);
}

/** Settles a position's funding, and says so if anything was owed. */
export function settleFundingOf(
  venue: Venue,
  tier: TierShard,
  market: Market,
  bucket: Ref<"bucket">,
  position: Ref<"position">,
): void {
  const owed = settleFunding(tier.arena, market, position);
  if (owed === 0) return;
  const index = tier.arena.num(market.row, MARKET.fundingIndex);
  venue.events.emit(FUNDING, market.id, numberOf(tier.buckets, bucket), owed, index);
}

export function coversInitialMargin(venue: Venue, tier: TierShard, bucket: Ref<"bucket">): boolean {
  const { figures } = venue;
  measureBucket(tier, bucket, figures);
  return figures.equity >= figures.required;
}

/** The entry met an order of its own account: one or both give way, nothing is traded. */
function preventSelfTrade(
  venue: Venue,
  tier: TierShard,
  market: Market,
  entry: OrderEntry,
  maker: Ref<"order">,
): void {
  const mode = selfTradeOf(entry.terms);
  if (mode === SELF_TRADE.decrement) return decrement(venue, tier, market, entry, maker);
  if (mode !== SELF_TRADE.cancelNewest) removeOrder(venue, tier, market, maker, REASON.selfTrade);
  if (mode !== SELF_TRADE.cancelOldest) entry.reason = REASON.selfTrade;
}

/** Both orders lose the smaller one's lots. */
function decrement(
  venue: Venue,
  tier: TierShard,
  market: Market,
  entry: OrderEntry,
  maker: Ref<"order">,
): void {
  const { arena } = tier;
  const open = arena.num(maker, ORDER.lots);
  const lots = least(entry.open, open);
  entry.open = minus(entry.open, lots);
  if (lots === open) return removeOrder(venue, tier, market, maker, REASON.selfTrade);
  const price: Ticks = arena.int(maker, ORDER.price);
  reduceResting(arena, market, maker, lots);
  reserve(arena, market, positionOfOrder(arena, maker), arena.int(maker, ORDER.terms), price, negate(lots));
  const bucket = numberOf(tier.buckets, arena.int(maker, ORDER.bucket));
  venue.events.emit(REDUCED, market.id, orderId(tier, maker), bucket, lots, open - lots, REASON.selfTrade);
}

/**
 * An order enters the market: admitted by risk, matched, the remainder rested, the outcome judged. This is steps 11 to 13 of
 * docs/spec/execution.md, shared by new, amended and triggered orders.
 *
 * A refusal may come after fills were made: the caller rolls back.
 */
import { type Arena, NIL } from "../../kernel/arena.ts";
import { absolute, negate } from "../../kernel/checked.ts";
import { clearLinks } from "../../kernel/ladder.ts";
import { numberOf } from "../../kernel/pool.ts";
import { type Lots, NONE } from "../../kernel/units.ts";
import { ORDER_FLAG, TIME_IN_FORCE } from "../../domain/commands.ts";
import { EVENTS, REASON } from "../../domain/events.ts";
import { MAX_BUCKET_VALUE } from "../../domain/limits.ts";
import type { OrderEntry } from "../../domain/orderEntry.ts";
import {
  isBuy,
  isPostOnly,
  isReduceOnly,
  restsNever,
  sideOf,
  timeInForceOf,
  typeOf,
} from "../../domain/orderTerms.ts";
import { FORBID } from "../../domain/permits.ts";
import { STATUS } from "../../domain/parameters.ts";
import { POSITION } from "../../domain/rows/bucket.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { ORDER } from "../../domain/rows/order.ts";
import { ACCEPTED, type OutcomeCode } from "../../domain/refusals.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { collects, orderStatus } from "../../domain/trading.ts";
import type { Venue } from "../../domain/venue.ts";
import { openOrder, orderId, relinkAsNewest, reserve } from "../../execution/openOrders.ts";
import { bestOpposite, collect, crosses, rest } from "../../execution/orderBook.ts";
import { arm } from "../../execution/timers.ts";
import {
  exposureOf,
  exposureWith,
  maintenanceOf,
  measureBucket,
  requirementOf,
} from "../../risk/bucketMeasure.ts";
import { keepsHealth, onlyReduces } from "../../risk/health.ts";
import { checkPermit } from "./checkPermit.ts";
import { matchEntry } from "./matchEntry.ts";

const RESTED = EVENTS.orderRested.code;

/** Enters `venue.entry` into a market. What became of it is then in the entry. */
export function enterOrder(venue: Venue, tier: TierShard, market: Market): OutcomeCode {
  const { entry } = venue;
  const { arena } = tier;
  const refusal = admit(venue, tier, market, entry);
  if (refusal !== ACCEPTED) return refusal;
  if (collects(tier, market)) return restRemainder(venue, tier, market, entry, true);

  const buys = isBuy(entry.terms);
  const best = bestOpposite(arena, market, buys);
  if (crosses(buys, entry.limit, best)) {
    if (isPostOnly(entry.terms)) return venue.refuse("post_only_would_cross", entry.limit, best);
    reserve(arena, market, entry.position, entry.terms, entry.limit, negate(entry.open));
    matchEntry(venue, tier, market, entry);
    return settleRemainder(venue, tier, market, entry, false);
  }
  return settleRemainder(venue, tier, market, entry, true);
}

/** Reduce-only rules, limits and margin. On acceptance the position reserves the order's lots. */
function admit(venue: Venue, tier: TierShard, market: Market, entry: OrderEntry): OutcomeCode {
  const { arena } = tier;
  const { position } = entry;
  const lots = arena.num(position, POSITION.lots);
  const opposes = isBuy(entry.terms) ? lots < 0 : lots > 0;
  if (isReduceOnly(entry.terms) && !opposes) return venue.refuse("nothing_to_reduce", lots);
  if (orderStatus(tier, market) === STATUS.reduceOnly) {
    if (!opposes) return venue.refuse("reduce_only_market", market.id);
    entry.terms |= ORDER_FLAG.reduceOnly << 6;
  }
  if (arena.int(market.row, MARKET.forbids) !== 0) {
    const barred = reduceAsForbidden(venue, tier, market, entry, opposes);
    if (barred !== ACCEPTED) return barred;
  }
  if (isReduceOnly(entry.terms)) cutTo(entry, absolute(lots));

  const exposure = exposureWith(arena, position, entry.terms, entry.open);
  const grows = exposure > exposureOf(arena, position);
  const limit = arena.num(market.row, MARKET.maxPositionLots);
  if (grows && exposure > limit) return venue.refuse("position_limit", exposure, limit);
  reserve(arena, market, position, entry.terms, entry.limit, entry.open);
  const { before } = entry;
  measureBucket(tier, entry.bucket, before);
  if (grows && before.ceilingValue > MAX_BUCKET_VALUE) {
    return venue.refuse("bucket_exposure_cap", before.ceilingValue, MAX_BUCKET_VALUE);
  }
  if (before.equity >= before.required) return ACCEPTED;
  if (raisesRequirement(arena, market, entry))
    return venue.refuse("margin_insufficient", before.equity, before.required);
  entry.wasHealthy = false;
  entry.lotsBefore = lots;
  entry.maintenanceBefore = maintenanceOf(tier, entry.bucket);
  return ACCEPTED;
}

/** Where the price is not good enough to open, orders only shrink positions; where it is not good enough to trade, they only rest. */
function reduceAsForbidden(
  venue: Venue,
  tier: TierShard,
  market: Market,
  entry: OrderEntry,
  opposes: boolean,
): OutcomeCode {
  if (!opposes) return checkPermit(venue, tier, market, FORBID.open);
  entry.terms |= ORDER_FLAG.reduceOnly << 6;
  return checkPermit(
    venue,
    tier,
    market,
    isPostOnly(entry.terms) ? FORBID.reduce : FORBID.reduce | FORBID.take,
  );
}

/** Lowers the lots an entry asks for; reduce-only orders never exceed the position. */
function cutTo(entry: OrderEntry, most: Lots): void {
  if (entry.open <= most) return;
  entry.open = most;
  entry.wanted = most;
}

/** True when the market would require more of the bucket with the order, which is already reserved, than without. */
function raisesRequirement(arena: Arena, market: Market, entry: OrderEntry): boolean {
  const { position, terms, limit, open } = entry;
  const withOrder = requirementOf(arena, market, position);
  reserve(arena, market, position, terms, limit, negate(open));
  const without = requirementOf(arena, market, position);
  reserve(arena, market, position, terms, limit, open);
  return withOrder > without;
}

/** Rests or drops what is still open, then judges the bucket if anything was filled. */
function settleRemainder(
  venue: Venue,
  tier: TierShard,
  market: Market,
  entry: OrderEntry,
  reserved: boolean,
): OutcomeCode {
  const { terms } = entry;
  if (timeInForceOf(terms) === TIME_IN_FORCE.fillOrKill && entry.filled < entry.wanted) {
    return venue.refuse("fill_or_kill_unfilled", entry.filled, entry.wanted);
  }
  if (entry.open > 0) {
    if (entry.reason === 0 && restsNever(typeOf(terms), timeInForceOf(terms)))
      entry.reason = REASON.immediateOrCancel;
    if (entry.reason === 0) return restRemainder(venue, tier, market, entry, reserved);
    if (reserved) reserve(tier.arena, market, entry.position, terms, entry.limit, negate(entry.open));
  }
  return judge(venue, tier, entry);
}

function restRemainder(
  venue: Venue,
  tier: TierShard,
  market: Market,
  entry: OrderEntry,
  reserved: boolean,
): OutcomeCode {
  const { arena } = tier;
  const { terms, limit, open } = entry;
  if (!reserved) reserve(arena, market, entry.position, terms, limit, open);
  if (entry.row === NIL) {
    entry.row = openOrder(
      tier,
      market,
      entry.bucket,
      entry.position,
      terms,
      limit,
      NONE,
      open,
      entry.clientId,
      entry.account,
    );
    if (entry.expiry !== 0) arm(tier, entry.row, entry.expiry);
  } else {
    arena.setInt(entry.row, ORDER.terms, terms);
    relinkAsNewest(arena, entry.row);
    clearLinks(arena, entry.row);
    arena.setInt(entry.row, ORDER.price, limit);
    arena.setNum(entry.row, ORDER.lots, open);
  }
  if (collects(tier, market)) collect(arena, market, entry.row);
  else rest(arena, market, entry.row);
  entry.resting = open;
  const bucket = numberOf(tier.buckets, entry.bucket);
  const id = orderId(tier, entry.row);
  venue.events.emit(RESTED, market.id, id, bucket, sideOf(terms), limit, open, entry.clientId);
  return judge(venue, tier, entry);
}

/** After fills: initial margin holds, or a bucket that was below it before holds less and has not got worse. */
function judge(venue: Venue, tier: TierShard, entry: OrderEntry): OutcomeCode {
  if (entry.filled === 0) return ACCEPTED;
  const { figures } = venue;
  measureBucket(tier, entry.bucket, figures);
  if (figures.equity >= figures.required) return ACCEPTED;
  if (entry.wasHealthy) return venue.refuse("margin_insufficient", figures.equity, figures.required);
  const maintenance = maintenanceOf(tier, entry.bucket);
  const shrunk = onlyReduces(entry.lotsBefore, tier.arena.num(entry.position, POSITION.lots));
  if (
    shrunk &&
    keepsHealth(entry.before.equity, entry.maintenanceBefore, figures.equity, maintenance, entry.fees)
  )
    return ACCEPTED;
  return venue.refuse("health_would_fall", figures.equity, maintenance);
}

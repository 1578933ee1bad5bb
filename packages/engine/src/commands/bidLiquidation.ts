/** A keeper bids for lots of a position in liquidation. The bid waits for the end of its batch, and binds until then. */
import { NIL } from "../kernel/arena.ts";
import { absolute, least, negate, plus } from "../kernel/checked.ts";
import { BID_LIQUIDATION } from "../domain/commands.ts";
import { batchOf, hasRoomForBid, recordBid } from "../domain/bids.ts";
import { DISTRESS } from "../domain/distress.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { MAX_BIDS } from "../domain/limits.ts";
import { openPosition, positionOf } from "../domain/positions.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { BUCKET, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { Venue } from "../domain/venue.ts";
import { bucketOf, enterMarket, enterTier, isAccount } from "./steps/lookUp.ts";
import { canTakeOver } from "./steps/takeOver.ts";

const { at } = BID_LIQUIDATION;

export function bidLiquidation(venue: Venue): OutcomeCode {
  const { command, now } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const account = word(command, at.account);
  if (!isAccount(venue, account)) return venue.refuse("account_unknown", account);
  const { arena } = tier;
  const bidderId = word(command, at.bucket);
  const bidder = bucketOf(tier, bidderId);
  if (bidder === NIL) return venue.refuse("bucket_unknown", bidderId);
  if (arena.int(bidder, BUCKET.account) !== account)
    return venue.refuse("bucket_not_owned", bidderId, arena.int(bidder, BUCKET.account));
  const marketId = word(command, at.market);
  const market = enterMarket(venue, tier, marketId);
  if (market === undefined) return venue.refuse("market_unknown", marketId);
  const mode = arena.int(bidder, BUCKET.mode);
  if (mode !== 0 && mode !== marketId) return venue.refuse("bucket_is_isolated", marketId, mode);

  const targetId = word(command, at.target);
  const target = bucketOf(tier, targetId);
  const distress = target === NIL ? DISTRESS.none : arena.int(target, BUCKET.distress);
  if (distress !== DISTRESS.begun) return venue.refuse("not_in_liquidation", targetId, distress);
  if (arena.int(target, BUCKET.account) === account)
    return venue.refuse("own_liquidation", targetId, account);
  const position = positionOf(arena, target, marketId);
  const open = position === NIL ? 0 : arena.num(position, POSITION.lots);
  if (open === 0) return venue.refuse("position_absent", marketId);
  const opensAt = plus(arena.num(target, BUCKET.distressSince), arena.num(tier.row, TIER.auctionStart));
  if (now < opensAt) return venue.refuse("auction_not_open", opensAt, now);
  const own = batchOf(tier, targetId, marketId).find((bid) => bid.bidder === bidderId);
  if (own !== undefined) return venue.refuse("bid_in_place", own.lots);
  if (!hasRoomForBid(tier)) return venue.refuse("bid_capacity_reached", MAX_BIDS);
  const held = arena.num(position, POSITION.lots);
  // Room is made now, for one bucket; when the batch is executed, many could be in need of it.
  if (positionOf(arena, bidder, marketId) === NIL && openPosition(tier, bidder, market) === NIL)
    return venue.refuse("position_capacity_reached", tier.capacities.positions);
  const lots = least(word(command, at.lots), absolute(held));
  const mark = arena.int(market.row, MARKET.mark);
  const signed = held > 0 ? lots : negate(lots);
  if (!canTakeOver(venue, tier, market, { bucket: target, position }, bidderId, signed, mark))
    return venue.refuse("takeover_not_possible", lots);

  const endsAt = recordBid(tier, bidderId, targetId, marketId, lots, now);
  venue.events.emit(EVENTS.bidRecorded.code, targetId, marketId, bidderId, lots, endsAt);
  return venue.accept(lots, endsAt);
}

/** Settle positions of an expired market at its final price, bucket by bucket; their orders in it go first. */
import { NIL, type Ref } from "../kernel/arena.ts";
import { usedRows } from "../kernel/pool.ts";
import { SETTLE_EXPIRED } from "../domain/commands.ts";
import { EVENTS, REASON } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { MAX_SWEEP } from "../domain/limits.ts";
import { STATUS } from "../domain/parameters.ts";
import { positionOf } from "../domain/positions.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { noteUnsettled } from "../domain/unsettled.ts";
import type { Venue } from "../domain/venue.ts";
import { settleAtFinalPrice } from "../clearing/expiry.ts";
import { collectFees, payIn, payOut } from "../clearing/fill.ts";
import { bucketOf, enterMarket, enterTier } from "./steps/lookUp.ts";
import { removeBucketOrders } from "./steps/removeBucketOrders.ts";

const { at } = SETTLE_EXPIRED;
const SETTLED = EVENTS.positionSettled.code;

export function settleExpired(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const marketId = word(command, at.market);
  const market = enterMarket(venue, tier, marketId);
  if (market === undefined) return venue.refuse("market_unknown", marketId);
  if (tier.arena.int(market.row, MARKET.status) !== STATUS.settled)
    return venue.refuse("market_not_settled", marketId);

  const last = usedRows(tier.arena, tier.buckets);
  const end = Math.min(word(command, at.bucket) + word(command, at.count) - 1, last);
  let settled = 0;
  let id = word(command, at.bucket);
  for (; id <= end && venue.events.count < MAX_SWEEP; id++) {
    if (settleBucket(venue, tier, market, bucketOf(tier, id), id)) settled++;
  }
  return venue.accept(settled, id > last ? 0 : id);
}

/** @returns true if the bucket had a position to settle */
function settleBucket(
  venue: Venue,
  tier: TierShard,
  market: Market,
  bucket: Ref<"bucket">,
  id: number,
): boolean {
  const { arena } = tier;
  const position = positionOf(arena, bucket, market.id);
  if (position === NIL) return false;
  removeBucketOrders(venue, tier, bucket, market.id, REASON.settled);
  const lots = arena.num(position, POSITION.lots);
  if (lots === 0) return false;
  const realised = settleAtFinalPrice(arena, market, position);
  payIn(arena, market, bucket, position, realised);
  payOut(arena, market, bucket, position, realised);
  collectFees(tier, market);
  noteUnsettled(tier, bucket);
  venue.events.emit(SETTLED, market.id, id, lots, arena.int(market.row, MARKET.mark), realised);
  return true;
}

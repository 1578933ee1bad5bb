/** A flat position still owes a loss, or is owed a profit: pay what can be paid now. Anyone may ask for it. */
import { NIL } from "../kernel/arena.ts";
import { negate } from "../kernel/checked.ts";
import { SETTLE_RESIDUAL } from "../domain/commands.ts";
import { EVENTS } from "../domain/events.ts";
import { word } from "../domain/frame.ts";
import { positionOf } from "../domain/positions.ts";
import type { OutcomeCode } from "../domain/refusals.ts";
import { POSITION } from "../domain/rows/bucket.ts";
import type { Venue } from "../domain/venue.ts";
import { collectFees, payIn, payOut } from "../clearing/fill.ts";
import { bucketOf, enterMarket, enterTier } from "./steps/lookUp.ts";

const { at } = SETTLE_RESIDUAL;

export function settleResidual(venue: Venue): OutcomeCode {
  const { command } = venue;
  const tier = enterTier(venue, word(command, at.tier));
  if (tier === undefined) return venue.refuse("tier_unknown", word(command, at.tier));
  const bucketId = word(command, at.bucket);
  const bucket = bucketOf(tier, bucketId);
  if (bucket === NIL) return venue.refuse("bucket_unknown", bucketId);
  const marketId = word(command, at.market);
  const market = enterMarket(venue, tier, marketId);
  if (market === undefined) return venue.refuse("market_unknown", marketId);
  const { arena } = tier;
  const position = positionOf(arena, bucket, marketId);
  if (position === NIL) return venue.refuse("position_absent", marketId);
  const lots = arena.num(position, POSITION.lots);
  if (lots !== 0) return venue.refuse("position_not_flat", lots);

  const owed = arena.num(position, POSITION.cost);
  const net = negate(owed);
  payIn(arena, market, bucket, position, net);
  payOut(arena, market, bucket, position, net);
  collectFees(tier, market);
  const remaining = arena.num(position, POSITION.cost);
  venue.events.emit(EVENTS.residualSettled.code, marketId, bucketId, remaining - owed, remaining);
  return venue.accept(remaining - owed, remaining);
}

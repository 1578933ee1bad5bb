/** A keeper bids for a position in liquidation. */
import { absolute, least } from "../arithmetic.ts";
import { bidsFor, canTake, record } from "../keepers.ts";
import { refuse } from "../refusal.ts";
import { findSlot } from "../room.ts";
import type { World } from "../venue.ts";
import { type CommandNamed, accountMustBeOpen, bucketOf, emit, isInUse, marketOf, tierOf } from "../world.ts";

type Facts = readonly (number | bigint)[];

const MAX_BIDS = 64;
const DISTRESS = { none: 0, waiting: 1, begun: 2 } as const;

export function bidLiquidation(world: World, command: CommandNamed<"bidLiquidation">): Facts {
  const { account, target: targetId, time } = command;
  const tier = tierOf(world, command.tier);
  accountMustBeOpen(world, account);
  const bidder = bucketOf(tier, command.bucket);
  if (bidder.account !== account) refuse("bucket_not_owned", bidder.id, bidder.account);
  const market = marketOf(tier, command.market);
  if (bidder.mode !== 0 && bidder.mode !== market.id) refuse("bucket_is_isolated", market.id, bidder.mode);
  const target = tier.buckets[targetId - 1];
  if (target?.distress !== "begun") {
    return refuse("not_in_liquidation", targetId, DISTRESS[target?.distress ?? "none"]);
  }
  if (target.account === account) refuse("own_liquidation", targetId, account);
  const position = target.positions.get(market.id);
  if (position === undefined || position.lots === 0n) return refuse("position_absent", market.id);
  const opensAt = target.distressSince + Number(tier.auctionStart);
  if (time < opensAt) refuse("auction_not_open", opensAt, time);
  const own = bidsFor(tier, targetId, market.id).find((bid) => bid.bidder === bidder.id);
  if (own !== undefined) refuse("bid_in_place", own.lots);
  if (tier.bids.length >= MAX_BIDS) refuse("bid_capacity_reached", MAX_BIDS);
  if (!isInUse(bidder.positions.get(market.id)) && !findSlot(world, bidder)) {
    refuse("position_capacity_reached", world.capacities.positions);
  }
  const lots = least(BigInt(command.lots), absolute(position.lots));
  const signed = position.lots > 0n ? lots : -lots;
  if (!canTake(world, position, bidder.id, signed, market.mark)) refuse("takeover_not_possible", lots);

  const endsAt = record(world, tier, { bidder: bidder.id, target: targetId, market: market.id, lots });
  emit(world, "bidRecorded", targetId, market.id, bidder.id, lots, endsAt);
  return [lots, endsAt];
}

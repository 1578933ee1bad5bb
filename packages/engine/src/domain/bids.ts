/**
 * Keepers' bids. Bids for one position make a batch: it ends a fixed time after its first bid, and nothing in it depends on who came first.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { plus } from "../kernel/checked.ts";
import { freeRow, isExhausted, rowOf, takeRow, usedRows } from "../kernel/pool.ts";
import type { Lots, Ms } from "../kernel/units.ts";
import { BATCH_SPAN } from "./limits.ts";
import { AUCTION, BID } from "./rows/auction.ts";
import type { TierShard } from "./tierShard.ts";

/** A bid as it stands in its row. */
export interface Bid {
  readonly row: Ref<"bid">;
  readonly bidder: number;
  readonly target: number;
  readonly market: number;
  readonly lots: Lots;
  readonly endsAt: Ms;
}

export function hasBids(tier: TierShard): boolean {
  return tier.arena.int(tier.auction, AUCTION.bids) !== 0;
}

export function hasRoomForBid(tier: TierShard): boolean {
  return !isExhausted(tier.arena, tier.bids);
}

/** All bids, by target, market and bidder. */
export function allBids(tier: TierShard): Bid[] {
  const { arena } = tier;
  const bids: Bid[] = [];
  if (!hasBids(tier)) return bids;
  for (let number = 1; number <= usedRows(arena, tier.bids); number++) {
    const row = rowOf(arena, tier.bids, number);
    const bidder = arena.int(row, BID.bidder);
    if (bidder === 0) continue;
    const [target, market] = [arena.int(row, BID.target), arena.int(row, BID.market)];
    bids.push({
      row,
      bidder,
      target,
      market,
      lots: arena.num(row, BID.lots),
      endsAt: arena.num(row, BID.endsAt),
    });
  }
  bids.sort((a, b) => a.target - b.target || a.market - b.market || a.bidder - b.bidder);
  return bids;
}

/** The bids for one position, by bidder. */
export function batchOf(tier: TierShard, target: number, market: number): Bid[] {
  return allBids(tier).filter((bid) => bid.target === target && bid.market === market);
}

/** Records a bid; its batch is the one under way for the position, or begins with it. @returns the batch's end */
export function recordBid(
  tier: TierShard,
  bidder: number,
  target: number,
  market: number,
  lots: Lots,
  now: Ms,
): Ms {
  const { arena, auction } = tier;
  const endsAt = batchOf(tier, target, market)[0]?.endsAt ?? plus(now, BATCH_SPAN);
  const row = takeRow(arena, tier.bids);
  if (row === NIL) return endsAt;
  arena.setInt(row, BID.bidder, bidder);
  arena.setInt(row, BID.target, target);
  arena.setInt(row, BID.market, market);
  arena.setNum(row, BID.lots, lots);
  arena.setNum(row, BID.endsAt, endsAt);
  arena.setInt(auction, AUCTION.bids, arena.int(auction, AUCTION.bids) + 1);
  return endsAt;
}

/** Takes a bid off the record. */
export function removeBid(tier: TierShard, row: Ref<"bid">): void {
  const { arena, auction } = tier;
  arena.setInt(row, BID.bidder, 0);
  freeRow(arena, tier.bids, row);
  arena.setInt(auction, AUCTION.bids, arena.int(auction, AUCTION.bids) - 1);
}

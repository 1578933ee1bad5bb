/**
 * The keepers' auction: the bids of a batch are filled together, at one price that depends on the auction's clock alone, and share what
 * is for sale pro rata. Nobody gains by coming first. See docs/spec/keepers.md.
 */
import { NIL } from "../../kernel/arena.ts";
import { absolute, least, minus, most, negate, partFloor, plus } from "../../kernel/checked.ts";
import { scaleFloor, shareFloor } from "../../kernel/mulDiv.ts";
import { numberOf, rowOf } from "../../kernel/pool.ts";
import { type Lots, type MicroUsd, NONE, type Ticks } from "../../kernel/units.ts";
import { lotValueAt, valueOf } from "../../kernel/value.ts";
import { type Bid, allBids, batchOf, removeBid } from "../../domain/bids.ts";
import { DISTRESS } from "../../domain/distress.ts";
import { EVENTS } from "../../domain/events.ts";
import { KEEPER_BOUNTY, MAX_SWEEP } from "../../domain/limits.ts";
import { positionOf } from "../../domain/positions.ts";
import { AUCTION } from "../../domain/rows/auction.ts";
import { BUCKET, POSITION } from "../../domain/rows/bucket.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { auctionLots, auctionPrice } from "../../risk/auction.ts";
import { maintenanceEquityOf, maintenanceOf } from "../../risk/bucketMeasure.ts";
import { HOW, chargePenalty } from "./closePosition.ts";
import { proRata } from "./proRata.ts";
import { mayLiquidate } from "./mayLiquidate.ts";
import { canTakeOver, takeOver } from "./takeOver.ts";
import type { Holder } from "./transferPosition.ts";

const { code: FILLED } = EVENTS.bidFilled;
const { code: DROPPED } = EVENTS.bidDropped;
const { code: LIQUIDATED } = EVENTS.positionLiquidated;

/** What a bid got. */
interface Award {
  readonly bidder: number;
  readonly lots: Lots;
}

/** Executes every batch that has ended, by target and market, within what one command may do. */
export function executeDueBids(venue: Venue, tier: TierShard): void {
  const due = allBids(tier).filter(({ endsAt }) => venue.now >= endsAt);
  let done = "";
  for (const { target, market, endsAt } of due) {
    const batch = `${target} ${market}`;
    if (batch === done) continue;
    if (venue.events.count >= MAX_SWEEP) return;
    done = batch;
    executeBatch(venue, tier, target, tier.listedMarket(market), endsAt);
  }
}

function executeBatch(
  venue: Venue,
  tier: TierShard,
  target: number,
  market: Market,
  endsAt: Bid["endsAt"],
): void {
  const { arena, row } = tier;
  const bucket = rowOf(arena, tier.buckets, target);
  const position = positionOf(arena, bucket, market.id);
  const bids = batchOf(tier, target, market.id);
  for (const bid of bids) removeBid(tier, bid.row);
  const equity = maintenanceEquityOf(tier, bucket);
  const maintenance = maintenanceOf(tier, bucket);
  const isForSale =
    arena.int(bucket, BUCKET.distress) === DISTRESS.begun &&
    equity >= 0 &&
    equity < maintenance &&
    position !== NIL &&
    arena.num(position, POSITION.lots) !== 0 &&
    mayLiquidate(venue, tier, market, equity, maintenance);
  if (!isForSale) return drop(venue, bids);

  const held = arena.num(position, POSITION.lots);
  const opened = plus(arena.num(bucket, BUCKET.distressSince), arena.num(row, TIER.auctionStart));
  const elapsed = most(minus(endsAt, opened), NONE);
  const span = arena.num(row, TIER.auctionSpan);
  const price = auctionPrice(arena, market, held, equity, maintenance, elapsed, span);
  const wanted = auctionLots(tier, market, position, equity, maintenance, price);
  const owner = { bucket, position };
  const awards = award(venue, tier, market, owner, wanted, price, bids);
  const sold = totalOf(awards);
  if (sold === 0) return;
  const worth = valueOf(sold, lotValueAt(price, market.notional));
  const mark = arena.int(market.row, MARKET.mark);
  const loss = valueOf(sold, lotValueAt(absolute(minus(mark, price)), market.notional));
  const standing = { equity, maintenance };
  const penalty = chargePenalty(tier, market, owner, absolute(held), sold, worth, loss, standing);
  const pot = shareFloor(penalty, arena.int(tier.auction, AUCTION.keeperShare));
  settle(venue, tier, market, owner, awards, held > 0, price, penalty, pot);
}

/** The bids for a position of an insolvent bucket are filled at once, at the mark; its keepers get a bounty instead of a part of a penalty. */
export function sellToBidders(venue: Venue, tier: TierShard, market: Market, owner: Holder): void {
  const { arena } = tier;
  const bids = batchOf(tier, numberOf(tier.buckets, owner.bucket), market.id);
  if (bids.length === 0) return;
  for (const bid of bids) removeBid(tier, bid.row);
  const held = arena.num(owner.position, POSITION.lots);
  const mark = arena.int(market.row, MARKET.mark);
  const awards = award(venue, tier, market, owner, absolute(held), mark, bids);
  if (awards.length === 0) return;
  const worth = valueOf(totalOf(awards), arena.num(market.row, MARKET.lotValue));
  settle(venue, tier, market, owner, awards, held > 0, mark, NONE, bountyFor(tier, market, worth));
}

/**
 * Half of what the house took in fees when such positions were opened, five dollars at most, and what the fund has: a bankrupt pays no
 * penalty, so nobody may earn by making bankrupts.
 */
function bountyFor(tier: TierShard, market: Market, worth: MicroUsd): MicroUsd {
  const { arena } = tier;
  if (arena.int(tier.auction, AUCTION.keeperShare) === 0) return NONE;
  const rate = plus(arena.int(market.row, MARKET.takerFee), arena.int(market.row, MARKET.makerFee));
  const earned = partFloor(shareFloor(worth, rate), 2);
  return least(least(earned, KEEPER_BOUNTY), arena.num(tier.row, TIER.insurance));
}

/** Who gets how much: everybody who could bear his whole bid shares in it pro rata. The lots are transferred. */
function award(
  venue: Venue,
  tier: TierShard,
  market: Market,
  owner: Holder,
  wanted: Lots,
  price: Ticks,
  bids: readonly Bid[],
): Award[] {
  const isLong = tier.arena.num(owner.position, POSITION.lots) > 0;
  const signed = (lots: Lots): Lots => (isLong ? lots : negate(lots));
  const claimOf = (bid: Bid): Lots => least(bid.lots, wanted);
  const fit: Bid[] = [];
  const unfit: Bid[] = [];
  for (const bid of bids) {
    const isFit = canTakeOver(venue, tier, market, owner, bid.bidder, signed(claimOf(bid)), price);
    (isFit ? fit : unfit).push(bid);
  }
  drop(venue, unfit);
  const claims = fit.map(claimOf);
  const claimed = claims.reduce<Lots>((sum, claim) => plus(sum, claim), NONE);
  const shares = claimed > wanted ? proRata(wanted, claims, claimed) : claims;
  const awards: Award[] = [];
  fit.forEach((bid, index) => {
    const lots = shares[index] ?? NONE;
    if (lots !== 0 && takeOver(venue, tier, market, owner, bid.bidder, signed(lots), price))
      awards.push({ bidder: bid.bidder, lots });
    else drop(venue, [bid]);
  });
  return awards;
}

/** Tells what was sold, and pays the keepers their parts of the pot; what rounding leaves stays in the insurance fund. */
function settle(
  venue: Venue,
  tier: TierShard,
  market: Market,
  owner: Holder,
  awards: readonly Award[],
  isLong: boolean,
  price: Ticks,
  penalty: MicroUsd,
  pot: MicroUsd,
): void {
  const { arena } = tier;
  const { events } = venue;
  const target = numberOf(tier.buckets, owner.bucket);
  const sold = totalOf(awards);
  const signed = (lots: Lots): Lots => (isLong ? lots : negate(lots));
  events.emit(LIQUIDATED, market.id, target, signed(sold), HOW.auction, 0, price, penalty);
  for (const { bidder, lots } of awards) {
    const reward = scaleFloor(pot, lots, sold);
    arena.addNum(tier.row, TIER.insurance, negate(reward));
    arena.addNum(rowOf(arena, tier.buckets, bidder), BUCKET.cash, reward);
    events.emit(FILLED, target, market.id, bidder, signed(lots), price, reward);
  }
}

function drop(venue: Venue, bids: readonly Bid[]): void {
  for (const { target, market, bidder, lots } of bids)
    venue.events.emit(DROPPED, target, market, bidder, lots);
}

function totalOf(awards: readonly Award[]): Lots {
  return awards.reduce<Lots>((sum, { lots }) => plus(sum, lots), NONE);
}

/**
 * The keepers' auction: bids for positions in liquidation, executed by batch at the clock's price.
 *
 * @see docs/spec/keepers.md
 */
import { absolute, ceilDivide, floorDivide, greatest, least } from "./arithmetic.ts";
import { mayBeLiquidated } from "./bookSale.ts";
import { clearTransfer } from "./clearing.ts";
import type { Bid } from "./fundBook.ts";
import { bufferOf, marginOf, marginSaved, penaltyOf, worseThanMark } from "./liquidationSize.ts";
import { type Health, equity, exposureAtCeilings, healthOf, required, worstLots } from "./margin.ts";
import { proRata } from "./tearUp.ts";
import { HOW, MAX_BUCKET_VALUE, MAX_LIQUIDATION_EVENTS, MILLION, STATUS } from "./terms.ts";
import type { Bucket, Market, Position, Tier, World } from "./venue.ts";
import {
  bucketInMode,
  bucketOf,
  emit,
  isInUse,
  marketOf,
  notionalOf,
  positionOf,
  takeBack,
} from "./world.ts";

const BOUNTY = 5_000_000n;
const BATCH_SPAN = 250;

interface Award {
  readonly bid: Bid;
  readonly lots: bigint;
}

/** Bids for one position, by bidder. */
export function bidsFor(tier: Tier, target: number, market: number): Bid[] {
  const bids = tier.bids.filter((bid) => bid.target === target && bid.market === market);
  bids.sort((a, b) => a.bidder - b.bidder);
  return bids;
}

/** Records a bid and tells when its batch ends. */
export function record(world: World, tier: Tier, bid: Omit<Bid, "endsAt">): number {
  const [first] = bidsFor(tier, bid.target, bid.market);
  const endsAt = first?.endsAt ?? world.time + BATCH_SPAN;
  world.journal.set(tier, "bids", [...tier.bids, { ...bid, endsAt }]);
  return endsAt;
}

/** Executes the batches that have ended, by target and market. */
export function executeEnded(world: World, tier: Tier): void {
  const ended = tier.bids.filter(({ endsAt }) => world.time >= endsAt);
  const names = [...new Set(ended.map(({ target, market }) => target * 1_000 + market))];
  names.sort((a, b) => a - b);
  for (const name of names) {
    if (world.events.length >= MAX_LIQUIDATION_EVENTS) return;
    executeBatch(world, tier, Math.floor(name / 1_000), name % 1_000);
  }
}

function takeBids(world: World, tier: Tier, target: number, market: number): Bid[] {
  const bids = bidsFor(tier, target, market);
  world.journal.set(
    tier,
    "bids",
    tier.bids.filter((bid) => !bids.includes(bid)),
  );
  return bids;
}

function executeBatch(world: World, tier: Tier, target: number, marketId: number): void {
  const { journal } = world;
  const bucket = bucketOf(tier, target);
  const market = marketOf(tier, marketId);
  const bids = takeBids(world, tier, target, marketId);
  const health = healthOf(world, bucket);
  const position = bucket.positions.get(marketId);
  const isLiquidating =
    bucket.distress === "begun" && health.equity >= 0n && health.equity < health.maintenance;
  if (!isLiquidating || position === undefined || !mayBeLiquidated(world, position, health)) {
    return drop(world, bids);
  }

  const held = position.lots;
  const price = priceOf(position, health, bids[0]?.endsAt ?? 0);
  const wanted = lotsForSale(position, health, price);
  const awards = award(world, position, wanted, price, bids);
  const filled = awards.reduce((sum, { lots }) => sum + lots, 0n);
  if (filled === 0n) return;
  const sold = { filled, worth: notionalOf(market, price, filled), fees: 0n, stop: 0 };
  const penalty = penaltyOf(market, held, sold, health, bucket.cash);
  journal.set(bucket, "cash", bucket.cash - penalty);
  journal.set(tier, "insurance", tier.insurance + penalty);
  pay(world, position, awards, held > 0n, price, penalty, floorDivide(penalty * tier.keeperShare, MILLION));
}

/** The bids for a position of an insolvent bucket, at the mark. */
export function offerToBidders(world: World, position: Position): void {
  const { bucket, market } = position;
  const { tier } = bucket;
  const bids = takeBids(world, tier, bucket.id, market.id);
  if (bids.length === 0) return;
  const isLong = position.lots > 0n;
  const awards = award(world, position, absolute(position.lots), market.mark, bids);
  if (awards.length === 0) return;
  const filled = awards.reduce((sum, { lots }) => sum + lots, 0n);
  const { takerFee, makerFee } = market.terms;
  const fees = floorDivide(notionalOf(market, market.mark, filled) * (takerFee + makerFee), MILLION);
  const bounty = tier.keeperShare === 0n ? 0n : least(least(floorDivide(fees, 2n), BOUNTY), tier.insurance);
  pay(world, position, awards, isLong, market.mark, 0n, bounty);
}

/** From the mark to where the position's share of the equity is given away, by the auction's clock. */
function priceOf(position: Position, { equity: own, maintenance }: Health, endsAt: number): number {
  const { bucket, market, lots } = position;
  const { auctionStart, auctionSpan } = bucket.tier;
  const share = floorDivide(own * marginOf(market, absolute(lots)), maintenance);
  const elapsed = greatest(0n, BigInt(endsAt) - BigInt(bucket.distressSince) - auctionStart);
  const given = elapsed >= auctionSpan ? share : floorDivide(share * elapsed, auctionSpan);
  return worseThanMark(market, lots, given / (absolute(lots) * market.quantum));
}

function lotsForSale(position: Position, { equity: own, maintenance }: Health, price: number): bigint {
  const { market } = position;
  const { liquidationFee, liquidationMinimum } = market.terms;
  const whole = absolute(position.lots);
  const isEnough = (lots: bigint): boolean => {
    const fee = ceilDivide(notionalOf(market, market.mark, lots) * liquidationFee, MILLION);
    const loss = absolute(notionalOf(market, market.mark, lots) - notionalOf(market, price, lots));
    const margin = maintenance - marginSaved(market, whole, lots);
    const buffer = ceilDivide(margin * bufferOf(market.tier), MILLION);
    return own - fee - loss >= margin + buffer;
  };
  let low = 0n;
  let high = whole;
  while (isEnough(whole) && high - low > 1n) {
    const middle = (low + high) / 2n;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return notionalOf(market, market.mark, whole - high) < liquidationMinimum ? whole : high;
}

function award(
  world: World,
  position: Position,
  wanted: bigint,
  price: number,
  bids: readonly Bid[],
): Award[] {
  const isLong = position.lots > 0n;
  const signed = (lots: bigint): bigint => (isLong ? lots : -lots);
  const claims = bids.map((bid) => ({ bid, lots: least(bid.lots, wanted) }));
  const fit = claims.filter(({ bid, lots }) => canTake(world, position, bid.bidder, signed(lots), price));
  drop(
    world,
    bids.filter((bid) => !fit.some((each) => each.bid === bid)),
  );
  const total = fit.reduce((sum, { lots }) => sum + lots, 0n);
  const sizes = fit.map(({ lots }) => lots);
  const shares = total > wanted ? proRata(wanted, sizes) : sizes;
  const awards: Award[] = [];
  for (const [index, { bid }] of fit.entries()) {
    const lots = shares[index] ?? 0n;
    if (lots > 0n && take(world, position, bid.bidder, signed(lots), price)) awards.push({ bid, lots });
    else drop(world, [bid]);
  }
  return awards;
}

function pay(
  world: World,
  { bucket, market }: Position,
  awards: readonly Award[],
  isLong: boolean,
  price: number,
  penalty: bigint,
  pot: bigint,
): void {
  const { tier } = bucket;
  const signed = (lots: bigint): bigint => (isLong ? lots : -lots);
  const filled = awards.reduce((sum, { lots }) => sum + lots, 0n);
  emit(world, "positionLiquidated", market.id, bucket.id, signed(filled), HOW.auction, 0, price, penalty);
  for (const { bid, lots } of awards) {
    const keeper = bucketOf(tier, bid.bidder);
    const reward = floorDivide(pot * lots, filled);
    world.journal.set(tier, "insurance", tier.insurance - reward);
    world.journal.set(keeper, "cash", keeper.cash + reward);
    emit(world, "bidFilled", bucket.id, market.id, keeper.id, signed(lots), price, reward);
  }
}

function drop(world: World, bids: readonly Bid[]): void {
  for (const { target, market, bidder, lots } of bids) {
    emit(world, "bidDropped", target, market, bidder, lots);
  }
}

/** Whether a bucket could take over lots, signed like the position; nothing has happened afterwards. */
export function canTake(
  world: World,
  position: Position,
  taker: number,
  lots: bigint,
  price: number,
): boolean {
  const mark = world.journal.mark;
  const told = world.events.length;
  const could = take(world, position, taker, lots, price);
  takeBack(world, mark, told);
  return could;
}

function take(world: World, position: Position, taker: number, lots: bigint, price: number): boolean {
  const mark = world.journal.mark;
  const told = world.events.length;
  if (passes(world, position, bucketOf(position.bucket.tier, taker), lots, price)) return true;
  takeBack(world, mark, told);
  return false;
}

function passes(world: World, position: Position, bucket: Bucket, lots: bigint, price: number): boolean {
  const { market } = position;
  if (!isInUse(bucket.positions.get(market.id))) {
    const used = [...bucket.positions.values()].filter(isInUse).length;
    if (isHeldElsewhere(bucket, market) || used >= bucket.slots) return false;
  }
  const to = positionOf(world, bucket, market);
  const before = to.lots;
  const exposed = worstLots(to);
  const after = before + lots;
  const shrinks = absolute(after) < absolute(before) && after * before >= 0n;
  if (!shrinks && market.terms.status === STATUS.reduceOnly) return false;
  clearTransfer(world, position, to, lots, price);
  if (shrinks) return true;
  if (equity(world, bucket) < required(bucket) || exposureAtCeilings(bucket) > MAX_BUCKET_VALUE) return false;
  const exposure = worstLots(to);
  return exposure <= exposed || exposure <= market.terms.maxPositionLots;
}

function isHeldElsewhere({ tier, account, mode }: Bucket, market: Market): boolean {
  const other = bucketInMode(tier, account, mode === 0 ? market.id : 0);
  return isInUse(other?.positions.get(market.id));
}

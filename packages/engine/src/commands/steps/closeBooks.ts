/**
 * An insolvent bucket: its positions are sold at once, its collateral and claims turned into cash, its losses paid as far as that goes;
 * what is left is a default, and the waterfall absorbs it. Positions nobody wanted are then torn up. See docs/spec/liquidation.md, "Insolvent".
 */
import { NIL, type Ref } from "../../kernel/arena.ts";
import { absolute, minus, most, negate } from "../../kernel/checked.ts";
import { numberOf, rowOf } from "../../kernel/pool.ts";
import { type MicroUsd, NONE } from "../../kernel/units.ts";
import { hasBids } from "../../domain/bids.ts";
import { EVENTS } from "../../domain/events.ts";
import { MAX_ASSETS } from "../../domain/limits.ts";
import { holdingOf, openHolding, positionOf } from "../../domain/positions.ts";
import { BUCKET, HOLDING, POSITION } from "../../domain/rows/bucket.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { noteUnsettled } from "../../domain/unsettled.ts";
import type { Venue } from "../../domain/venue.ts";
import { debtIn } from "../../clearing/defaultDebts.ts";
import { payIn, payOut } from "../../clearing/fill.ts";
import { maintenanceEquityOf, maintenanceOf } from "../../risk/bucketMeasure.ts";
import { maintenanceWorth } from "../../risk/collateral.ts";
import { absorbDeficit } from "./absorbDeficit.ts";
import { type Standing, closeOnBook, passToBackstop, tearUp } from "./closePosition.ts";
import { sellToBidders } from "./keeperAuction.ts";
import { settleFundingOf } from "./matchEntry.ts";
import { mayLiquidate } from "./mayLiquidate.ts";

/** Closes an insolvent bucket's books; `waits` if it has a position that may not be liquidated now. */
export function closeBooks(
  venue: Venue,
  tier: TierShard,
  bucket: Ref<"bucket">,
): "waits" | "closed" | "defaulted" {
  const standing = { equity: maintenanceEquityOf(tier, bucket), maintenance: maintenanceOf(tier, bucket) };
  let mustWait = false;
  for (let id = 1; id <= tier.marketCount; id++) {
    if (!sellPosition(venue, tier, bucket, tier.listedMarket(id), standing)) mustWait = true;
  }
  if (mustWait) return "waits";
  settleAllFunding(venue, tier, bucket);
  sellCollateral(venue, tier, bucket);
  settleResiduals(venue, tier, bucket);
  const deficit = negate(maintenanceEquityOf(tier, bucket));
  if (deficit > 0) absorbDeficit(venue, tier, bucket, deficit);
  // Last: who is torn up against has borne his share of the loss by then, and is paid no sooner than others.
  for (let id = 1; id <= tier.marketCount; id++) {
    const position = openPositionOf(tier, bucket, id);
    if (position !== NIL) tearUp(venue, tier, tier.listedMarket(id), { bucket, position });
  }
  return deficit > 0 ? "defaulted" : "closed";
}

/** On the book, then to the backstop, at the mark. @returns false if the position may not be liquidated now */
function sellPosition(
  venue: Venue,
  tier: TierShard,
  bucket: Ref<"bucket">,
  market: Market,
  { equity, maintenance }: Standing,
): boolean {
  const { arena } = tier;
  const position = openPositionOf(tier, bucket, market.id);
  if (position === NIL) return true;
  if (!mayLiquidate(venue, tier, market, equity, maintenance)) return false;
  const owner = { bucket, position };
  const lots = absolute(arena.num(position, POSITION.lots));
  closeOnBook(venue, tier, market, owner, lots, NONE, undefined);
  if (hasBids(tier) && arena.num(position, POSITION.lots) !== 0) sellToBidders(venue, tier, market, owner);
  if (arena.num(position, POSITION.lots) !== 0)
    passToBackstop(venue, tier, market, owner, arena.int(market.row, MARKET.mark));
  return true;
}

/** The bucket's position in a market, `NIL` if it has no lots there. */
function openPositionOf(tier: TierShard, bucket: Ref<"bucket">, market: number): Ref<"position"> {
  const position = positionOf(tier.arena, bucket, market);
  return position !== NIL && tier.arena.num(position, POSITION.lots) !== 0 ? position : NIL;
}

function settleAllFunding(venue: Venue, tier: TierShard, bucket: Ref<"bucket">): void {
  for (let id = 1; id <= tier.marketCount; id++) {
    const position = openPositionOf(tier, bucket, id);
    if (position !== NIL) settleFundingOf(venue, tier, tier.listedMarket(id), bucket, position);
  }
}

/** The backstop buys each holding at its maintenance value, if it has the cash. */
function sellCollateral(venue: Venue, tier: TierShard, bucket: Ref<"bucket">): void {
  const { arena } = tier;
  const id = arena.int(tier.row, TIER.backstop);
  const buyer = id === 0 ? NIL : rowOf(arena, tier.buckets, id);
  if (buyer === NIL || buyer === bucket) return;
  for (let asset = 1; asset <= MAX_ASSETS; asset++) {
    const holding = holdingOf(arena, bucket, asset);
    if (holding === NIL) continue;
    const worth = maintenanceWorth(tier, holding);
    if (worth === 0 || worth > arena.num(buyer, BUCKET.cash)) continue;
    const bought = openHolding(tier, buyer, asset);
    if (bought === NIL) continue;
    const amount = arena.num(holding, HOLDING.amount);
    arena.setNum(holding, HOLDING.amount, NONE);
    arena.addNum(bought, HOLDING.amount, amount);
    arena.addNum(buyer, BUCKET.cash, negate(worth));
    arena.addNum(bucket, BUCKET.cash, worth);
    noteUnsettled(tier, buyer);
    venue.events.emit(EVENTS.collateralSold.code, numberOf(tier.buckets, bucket), asset, amount, worth);
  }
}

/** Flat claims are paid out as far as the pools go, then losses are paid in as far as the cash goes. */
function settleResiduals(venue: Venue, tier: TierShard, bucket: Ref<"bucket">): void {
  for (let id = 1; id <= tier.marketCount; id++) {
    const position = positionOf(tier.arena, bucket, id);
    if (position === NIL || tier.arena.num(position, POSITION.lots) !== 0) continue;
    settle(venue, tier, bucket, id, most(negate(tier.arena.num(position, POSITION.cost)), NONE));
  }
  for (let id = 1; id <= tier.marketCount; id++)
    settle(venue, tier, bucket, id, negate(debtIn(tier, bucket, id)));
}

/** Pays a claim (`net` > 0) out or a loss (< 0) in, and says so if any money moved. */
function settle(venue: Venue, tier: TierShard, bucket: Ref<"bucket">, id: number, net: MicroUsd): void {
  if (net === 0) return;
  const { arena } = tier;
  const market = tier.listedMarket(id);
  const position = positionOf(arena, bucket, id);
  const before = arena.num(position, POSITION.cost);
  payOut(arena, market, bucket, position, net);
  payIn(arena, market, bucket, position, net);
  const received = minus(arena.num(position, POSITION.cost), before);
  if (received === 0) return;
  const number = numberOf(tier.buckets, bucket);
  venue.events.emit(EVENTS.residualSettled.code, id, number, received, received - net);
}

/** Questions to a venue's state. They change nothing, allocate plain objects, and are for edges, tests and reports. */
import { NIL, type Ref } from "./kernel/arena.ts";
import { least, minus, most } from "./kernel/checked.ts";
import { find } from "./kernel/pairIndex.ts";
import { numberOf, rowOf, usedRows } from "./kernel/pool.ts";
import {
  type AssetUnits,
  type Lots,
  type MicroUsd,
  type Ms,
  NONE,
  type PicoUsdPerLot,
  type Ppm,
  type Ticks,
} from "./kernel/units.ts";
import { isWaiting, selfTradeOf, sideOf, timeInForceOf, typeOf } from "./domain/orderTerms.ts";
import { FORBID } from "./domain/permits.ts";
import { isVacant, positionOf, slotAt } from "./domain/positions.ts";
import { BUCKET, HOLDING, POSITION } from "./domain/rows/bucket.ts";
import { MARKET } from "./domain/rows/market.ts";
import { ORDER } from "./domain/rows/order.ts";
import { TIER } from "./domain/rows/tier.ts";
import { ACCOUNT, ASSET, BALANCE, DRAWING, VAULT } from "./domain/rows/vault.ts";
import type { Market, TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { newestOrder, orderId, orderOf } from "./execution/openOrders.ts";
import type { BookLevel } from "./execution/orderBook.ts";
import { collectedSide } from "./execution/collected.ts";
import { expiryOf } from "./execution/timers.ts";
import { maintenanceEquityOf, maintenanceOf, measureBucket, unrealised } from "./risk/bucketMeasure.ts";
import { liquidationPrice } from "./risk/liquidationPrice.ts";
import { forbiddingMarket, worstEquity } from "./risk/withdrawable.ts";
import { accountOf, balanceOf, custodyOf } from "./vault/ledger.ts";
import { BucketFigures } from "./domain/bucketFigures.ts";

/** A name for nothing of that id. */
export class UnknownId extends Error {
  constructor(what: string, id: number) {
    super(`no ${what} ${id}`);
    this.name = "UnknownId";
  }
}

export interface AssetView {
  readonly scale: AssetUnits;
  readonly held: AssetUnits;
  readonly transit: AssetUnits;
  readonly pending: AssetUnits;
  readonly dust: AssetUnits;
  /** The operator's second tranche and the mutual guarantee fund; quote currency only. */
  readonly skin: AssetUnits;
  readonly mutual: AssetUnits;
  /** On its way between tiers' insurance funds; quote currency only. */
  readonly loans: AssetUnits;
  /** By tier, from tier 1. */
  readonly custody: readonly AssetUnits[];
}

export interface PositionView {
  readonly market: number;
  readonly lots: Lots;
  readonly cost: MicroUsd;
  readonly fundingEntry: PicoUsdPerLot;
  readonly orders: number;
  readonly bidLots: Lots;
  readonly askLots: Lots;
  readonly bidNotional: MicroUsd;
  readonly askNotional: MicroUsd;
  readonly unrealised: MicroUsd;
  /** 0 = none in the range. */
  readonly liquidationPrice: Ticks;
}

export interface BucketView {
  readonly id: number;
  readonly account: number;
  /** 0 = cross, else the isolated market. */
  readonly mode: number;
  readonly cash: MicroUsd;
  readonly holdings: readonly { readonly asset: number; readonly amount: AssetUnits }[];
  readonly positions: readonly PositionView[];
  /** Ids of open orders, newest first. */
  readonly orders: readonly number[];
  readonly equity: MicroUsd;
  readonly initialMargin: MicroUsd;
  readonly maintenanceEquity: MicroUsd;
  readonly maintenanceMargin: MicroUsd;
  /** What could be taken out now, quote currency. */
  readonly withdrawable: MicroUsd;
  /** 0 = healthy, 1 = in the distress queue, 2 = its liquidation has begun, since then. */
  readonly distress: number;
  readonly distressSince: Ms;
}

export interface TierView {
  readonly markets: number;
  readonly buckets: number;
  readonly fees: MicroUsd;
  /** The operator's first tranche and the insurance fund. */
  readonly skin: MicroUsd;
  readonly insurance: MicroUsd;
  /** What providers of cover have paid in ahead. */
  readonly escrow: MicroUsd;
  readonly defaults: number;
  /** The mutual fund as it was when the tier's day of drawing on it began, and what the tier has had of it since. */
  readonly drawnSince: Ms;
  readonly drawnBase: AssetUnits;
  readonly drawn: AssetUnits;
  /** The backstop's bucket, 0 = none. */
  readonly backstop: number;
  /** What it may take over within a day of its own, 0 = no limit; that day, its equity when it began, and what it has taken over since. */
  readonly backstopDay: Ppm;
  readonly backstopSince: Ms;
  readonly backstopBase: MicroUsd;
  readonly backstopTaken: MicroUsd;
  readonly liquidationBuffer: Ppm;
  readonly insuranceDraw: Ppm;
  readonly auctionStart: Ms;
  readonly auctionSpan: Ms;
  /** Buckets in distress, in the order of the queue. */
  readonly distressed: readonly number[];
}

export interface OrderView {
  readonly id: number;
  readonly bucket: number;
  readonly market: number;
  readonly side: number;
  readonly type: number;
  readonly timeInForce: number;
  readonly flags: number;
  readonly selfTrade: number;
  readonly waiting: boolean;
  readonly price: Ticks;
  readonly trigger: Ticks;
  readonly lots: Lots;
  readonly clientId: number;
  /** 0 = none. */
  readonly expiry: Ms;
}

export interface MarketView {
  readonly contract: number;
  readonly status: number;
  readonly mark: Ticks;
  /** The oracle's price of the underlying; 0 = none yet. */
  readonly index: Ticks;
  /** What the quality of the price forbids: bits of `FORBID`. */
  readonly forbids: number;
  /** True while nobody may be liquidated by the mark. */
  readonly unconfirmed: boolean;
  readonly bestBid: Ticks;
  readonly bestAsk: Ticks;
  readonly orders: number;
  readonly openInterest: Lots;
  /** What it may rise to: the parameter, or less where moving the price would cost less. */
  readonly openInterestLimit: Lots;
  readonly pool: MicroUsd;
  readonly feeCost: MicroUsd;
  readonly fundingCost: MicroUsd;
  readonly settledLots: Lots;
  readonly settledCost: MicroUsd;
  readonly fundingIndex: PicoUsdPerLot;
  readonly expiry: Ms;
}

/** The venue's clock and how much of everything there is. */
export function venueView(venue: Venue): {
  readonly clock: Ms;
  readonly assets: number;
  readonly tiers: number;
  readonly accounts: number;
} {
  const { vault } = venue;
  return {
    clock: vault.arena.num(vault.row, VAULT.clock),
    assets: vault.assetCount,
    tiers: vault.tierCount,
    accounts: usedRows(vault.arena, vault.accounts),
  };
}

/** @throws {UnknownId} */
export function assetView(venue: Venue, asset: number): AssetView {
  const { vault } = venue;
  if (!(asset >= 1 && asset <= vault.assetCount)) throw new UnknownId("asset", asset);
  const row = vault.asset(asset);
  const { arena } = vault;
  return {
    scale: arena.num(row, ASSET.scale),
    held: arena.num(row, ASSET.held),
    transit: arena.num(row, ASSET.transit),
    pending: arena.num(row, ASSET.pending),
    dust: arena.num(row, ASSET.dust),
    skin: arena.num(row, ASSET.skin),
    mutual: arena.num(row, ASSET.mutual),
    loans: arena.num(row, ASSET.loans),
    custody: venue.tiers.map((tier) => arena.num(row, custodyOf(tier.id))),
  };
}

/** What an account owns of an asset outside its buckets. @throws {UnknownId} */
export function balanceView(venue: Venue, account: number, asset: number): AssetUnits {
  if (account < 1 || accountOf(venue.vault, account) === NIL) throw new UnknownId("account", account);
  return balanceOf(venue.vault, account, asset);
}

/** All balances of an account. @throws {UnknownId} */
export function balancesView(
  venue: Venue,
  account: number,
): { readonly asset: number; readonly amount: AssetUnits }[] {
  const { arena } = venue.vault;
  const owner = account < 1 ? NIL : accountOf(venue.vault, account);
  if (owner === NIL) throw new UnknownId("account", account);
  const balances: { asset: number; amount: AssetUnits }[] = [];
  let row = arena.int(owner, ACCOUNT.balances);
  for (; row !== NIL; row = arena.int(row, BALANCE.next)) {
    balances.push({ asset: arena.int(row, BALANCE.asset), amount: arena.num(row, BALANCE.amount) });
  }
  return balances;
}

/** A tier's size, fees, layers of the waterfall and distress queue. @throws {UnknownId} */
export function tierView(venue: Venue, tierId: number): TierView {
  const tier = tierAt(venue, tierId);
  const { arena, row } = tier;
  const { vault } = venue;
  const drawing = vault.drawing(tierId);
  return {
    markets: tier.marketCount,
    buckets: usedRows(arena, tier.buckets),
    fees: arena.num(row, TIER.fees),
    skin: arena.num(row, TIER.skin),
    insurance: arena.num(row, TIER.insurance),
    escrow: arena.num(row, TIER.escrow),
    defaults: arena.num(row, TIER.defaults),
    drawnSince: vault.arena.num(drawing, DRAWING.since),
    drawnBase: vault.arena.num(drawing, DRAWING.base),
    drawn: vault.arena.num(drawing, DRAWING.drawn),
    backstop: arena.int(row, TIER.backstop),
    backstopDay: arena.int(row, TIER.backstopDay),
    backstopSince: arena.num(row, TIER.backstopSince),
    backstopBase: arena.num(row, TIER.backstopBase),
    backstopTaken: arena.num(row, TIER.backstopTaken),
    liquidationBuffer: arena.int(row, TIER.liquidationBuffer),
    insuranceDraw: arena.int(row, TIER.insuranceDraw),
    auctionStart: arena.num(row, TIER.auctionStart),
    auctionSpan: arena.num(row, TIER.auctionSpan),
    distressed: distressedOf(tier),
  };
}

function distressedOf(tier: TierShard): number[] {
  const { arena, row } = tier;
  const ids: number[] = [];
  let bucket = arena.int(row, TIER.distressHead);
  for (; bucket !== NIL; bucket = arena.int(bucket, BUCKET.nextInDistress))
    ids.push(numberOf(tier.buckets, bucket));
  return ids;
}

/** @throws {UnknownId} */
export function marketView(venue: Venue, tierId: number, marketId: number): MarketView {
  const tier = tierAt(venue, tierId);
  const { row } = marketAt(tier, marketId);
  const { arena } = tier;
  return {
    contract: arena.int(row, MARKET.contract),
    status: arena.int(row, MARKET.status),
    mark: arena.int(row, MARKET.mark),
    index: arena.int(row, MARKET.index),
    forbids: arena.int(row, MARKET.forbids),
    unconfirmed: arena.int(row, MARKET.unconfirmed) === 1,
    bestBid: arena.int(row, MARKET.bestBid),
    bestAsk: arena.int(row, MARKET.bestAsk),
    orders: arena.int(row, MARKET.orders),
    openInterest: arena.num(row, MARKET.openInterest),
    openInterestLimit: arena.num(row, MARKET.openInterestLimit),
    pool: arena.num(row, MARKET.pool),
    feeCost: arena.num(row, MARKET.feeCost),
    fundingCost: arena.num(row, MARKET.fundingCost),
    settledLots: arena.num(row, MARKET.settledLots),
    settledCost: arena.num(row, MARKET.settledCost),
    fundingIndex: arena.num(row, MARKET.fundingIndex),
    expiry: arena.num(row, MARKET.expiry),
  };
}

/**
 * Price levels of a market, best first. While a call auction collects orders, what it has collected is among them: then bids may lie above asks.
 * @throws {UnknownId}
 */
export function bookView(
  venue: Venue,
  tierId: number,
  marketId: number,
  depth = 20,
): { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] } {
  const tier = tierAt(venue, tierId);
  const market = marketAt(tier, marketId);
  return {
    bids: collectedSide(tier, market, true, depth),
    asks: collectedSide(tier, market, false, depth),
  };
}

/** The bucket of an account in a tier: cross, or isolated to a market. 0 = it has none. @throws {UnknownId} */
export function bucketIdOf(venue: Venue, tierId: number, account: number, mode = 0): number {
  const tier = tierAt(venue, tierId);
  const bucket = find(tier.arena, tier.bucketIndex, account, mode);
  return bucket === NIL ? 0 : numberOf(tier.buckets, bucket);
}

/** @throws {UnknownId} */
export function bucketView(venue: Venue, tierId: number, bucketId: number): BucketView {
  const tier = tierAt(venue, tierId);
  const { arena } = tier;
  const bucket = bucketAt(tier, bucketId);
  const figures = new BucketFigures();
  measureBucket(tier, bucket, figures);
  const cash = arena.num(bucket, BUCKET.cash);
  const free = minus(worstEquity(tier, bucket), figures.required);
  const isBarred = forbiddingMarket(tier, bucket, FORBID.withdraw) !== 0;
  return {
    id: bucketId,
    account: arena.int(bucket, BUCKET.account),
    mode: arena.int(bucket, BUCKET.mode),
    cash,
    holdings: holdingsOf(tier, bucket),
    positions: positionsOf(tier, bucket),
    orders: ordersOf(tier, bucket),
    equity: figures.equity,
    initialMargin: figures.required,
    maintenanceEquity: maintenanceEquityOf(tier, bucket),
    maintenanceMargin: maintenanceOf(tier, bucket),
    distress: arena.int(bucket, BUCKET.distress),
    distressSince: arena.num(bucket, BUCKET.distressSince),
    withdrawable: isBarred ? NONE : most(least(cash, free), NONE),
  };
}

/** True when a bucket's equity is below its maintenance margin. @throws {UnknownId} */
export function isBelowMaintenance(venue: Venue, tierId: number, bucketId: number): boolean {
  const tier = tierAt(venue, tierId);
  const bucket = bucketAt(tier, bucketId);
  return maintenanceEquityOf(tier, bucket) < maintenanceOf(tier, bucket);
}

/** An open order, or undefined once it is filled or cancelled. @throws {UnknownId} if there is no such tier */
export function orderView(venue: Venue, tierId: number, id: number): OrderView | undefined {
  const tier = tierAt(venue, tierId);
  const { arena } = tier;
  const order = orderOf(tier, id);
  if (order === NIL) return undefined;
  const terms = arena.int(order, ORDER.terms);
  return {
    id,
    bucket: numberOf(tier.buckets, arena.int(order, ORDER.bucket)),
    market: arena.int(order, ORDER.market),
    side: sideOf(terms),
    type: typeOf(terms),
    timeInForce: timeInForceOf(terms),
    flags: (terms >> 6) & 3,
    selfTrade: selfTradeOf(terms),
    waiting: isWaiting(terms),
    price: arena.int(order, ORDER.price),
    trigger: arena.int(order, ORDER.trigger),
    lots: arena.num(order, ORDER.lots),
    clientId: arena.num(order, ORDER.clientId),
    expiry: arena.int(order, ORDER.timer) === 0 ? NONE : expiryOf(tier, order),
  };
}

function positionsOf(tier: TierShard, bucket: Ref<"bucket">): PositionView[] {
  const { arena } = tier;
  const views: PositionView[] = [];
  const slots = arena.int(bucket, BUCKET.slots);
  for (let slot = 0; slot < slots; slot++) {
    const position = slotAt(arena, bucket, slot);
    if (!isVacant(arena, position)) views.push(viewOfPosition(tier, bucket, position));
  }
  return views;
}

function viewOfPosition(tier: TierShard, bucket: Ref<"bucket">, position: Ref<"position">): PositionView {
  const { arena } = tier;
  const market = tier.listedMarket(arena.int(position, POSITION.market));
  return {
    market: market.id,
    lots: arena.num(position, POSITION.lots),
    cost: arena.num(position, POSITION.cost),
    fundingEntry: arena.num(position, POSITION.fundingEntry),
    orders: arena.int(position, POSITION.orders),
    bidLots: arena.num(position, POSITION.bidLots),
    askLots: arena.num(position, POSITION.askLots),
    bidNotional: arena.num(position, POSITION.bidNotional),
    askNotional: arena.num(position, POSITION.askNotional),
    unrealised: unrealised(arena, market, position),
    liquidationPrice: liquidationPrice(tier, bucket, market, position),
  };
}

/** The bucket's slot for a market, as a view; undefined when it has none in use. @throws {UnknownId} */
export function positionView(
  venue: Venue,
  tierId: number,
  bucketId: number,
  marketId: number,
): PositionView | undefined {
  const tier = tierAt(venue, tierId);
  const bucket = bucketAt(tier, bucketId);
  const position = positionOf(tier.arena, bucket, marketId);
  return position === NIL ? undefined : viewOfPosition(tier, bucket, position);
}

function holdingsOf(tier: TierShard, bucket: Ref<"bucket">): { asset: number; amount: AssetUnits }[] {
  const { arena } = tier;
  const views: { asset: number; amount: AssetUnits }[] = [];
  for (let row = arena.int(bucket, BUCKET.holdings); row !== NIL; row = arena.int(row, HOLDING.next)) {
    views.push({ asset: arena.int(row, HOLDING.asset), amount: arena.num(row, HOLDING.amount) });
  }
  return views;
}

function ordersOf(tier: TierShard, bucket: Ref<"bucket">): number[] {
  const { arena } = tier;
  const ids: number[] = [];
  for (let order = newestOrder(arena, bucket); order !== NIL; order = arena.int(order, ORDER.bucketOlder)) {
    ids.push(orderId(tier, order));
  }
  return ids;
}

function tierAt(venue: Venue, id: number): TierShard {
  const tier = id >= 1 ? venue.tier(id) : undefined;
  if (tier === undefined) throw new UnknownId("tier", id);
  return tier;
}

function marketAt(tier: TierShard, id: number): Market {
  const market = id >= 1 ? tier.market(id) : undefined;
  if (market === undefined) throw new UnknownId("market", id);
  return market;
}

function bucketAt(tier: TierShard, id: number): Ref<"bucket"> {
  const bucket = id >= 1 ? rowOf(tier.arena, tier.buckets, id) : NIL;
  if (bucket === NIL) throw new UnknownId("bucket", id);
  return bucket;
}

/**
 * How near the buckets of a tier are to liquidation, and what a market would liquidate at which price. These read every bucket, so they are
 * taken in parts: a census or a map is opened, then told one run of buckets after another, with commands in between if there are any. What it
 * says then is of no single moment, and whoever asks has to say from when to when it was taken. They change nothing in the venue.
 */
import { type Arena, NIL, type Ref } from "./kernel/arena.ts";
import { absolute, minus, most, negate, plus, plusUpTo, times } from "./kernel/checked.ts";
import { compareProducts, scaleCeil, scaleFloor } from "./kernel/mulDiv.ts";
import { rowOf, usedRows } from "./kernel/pool.ts";
import { type MicroUsd, type MicroUsdPerWhole, NONE, type Ppm, type Ticks } from "./kernel/units.ts";
import { lotValueAt, valueOf, worthUpTo } from "./kernel/value.ts";
import { MAX_COLLATERAL_VALUE, ONE_TICK, PPM_ONE } from "./domain/limits.ts";
import { isVacant, nextSlot, positionOf, slotAt } from "./domain/positions.ts";
import { BUCKET, HOLDING, POSITION } from "./domain/rows/bucket.ts";
import { MARKET } from "./domain/rows/market.ts";
import { COLLATERAL } from "./domain/rows/tier.ts";
import type { Market, TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { UnknownId } from "./queries.ts";
import { unrealised } from "./risk/bucketMeasure.ts";
import { maintenanceCollateral } from "./risk/collateral.ts";
import { liquidationPrice } from "./risk/liquidationPrice.ts";
import { initialMargin, maintenanceMargin, marginBeforeDepth } from "./risk/margin.ts";

/** Health is told within ±1,000: beyond that nobody is nearer to anything. */
const MOST_RATIO = 1_000;
const MOST_HEALTH: Ppm = times(PPM_ONE, MOST_RATIO);

/** Numbers of buckets, both included. */
export interface BucketRun {
  readonly first: number;
  readonly last: number;
}

/** How the buckets of a tier stand, as far as they were counted. Sums beyond 2^53 − 1 are told as that. */
export interface Census {
  readonly tier: number;
  /** Between bins of health, ppm, ascending; the first bin lies below the first edge, the last has no end. */
  readonly edges: readonly number[];
  /** Every so manieth bucket, by number, is told of in `health` and `size` if it has a position. */
  readonly every: number;
  readonly bins: { buckets: number; maintenance: MicroUsd }[];
  /** ⌊1e6 · equity / maintenance margin⌋, both as liquidation looks at them, within ±`MOST_HEALTH`. */
  readonly health: Ppm[];
  /** Notional of the bucket's positions at the marks. */
  readonly size: MicroUsd[];
  /** Buckets with a position, and those of them below their maintenance margin. */
  exposed: number;
  below: number;
  /** Cash, collateral without a haircut at the prices given, and profit at the marks: the sum over buckets above 0, and of those below it. */
  equity: MicroUsd;
  shortfall: MicroUsd;
  /** The most that depth multiplies a position's initial margin by, rounded up; 1e6 = by nothing. */
  marginScale: Ppm;
}

/** Buckets that a tier has, in distress or not. @throws {UnknownId} */
export function bucketsIn(venue: Venue, tierId: number): number {
  const tier = tierAt(venue, tierId);
  return usedRows(tier.arena, tier.buckets);
}

export function openCensus(tier: number, edges: readonly number[], every: number): Census {
  return {
    tier,
    edges,
    every,
    bins: Array.from({ length: edges.length + 1 }, () => ({ buckets: 0, maintenance: NONE })),
    health: [],
    size: [],
    exposed: 0,
    below: 0,
    equity: NONE,
    shortfall: NONE,
    marginScale: PPM_ONE,
  };
}

/**
 * Counts a run of buckets.
 * @param prices - of collateral by asset, micro-dollars per whole: what equity is told at; health goes by the tier's own
 * @throws {UnknownId}
 */
export function countBuckets(
  venue: Venue,
  census: Census,
  { first, last }: BucketRun,
  prices: readonly MicroUsdPerWhole[],
): void {
  const tier = tierAt(venue, census.tier);
  const end = Math.min(last, usedRows(tier.arena, tier.buckets));
  for (let number = first; number <= end; number++)
    countBucket(tier, census, number, rowOf(tier.arena, tier.buckets, number), prices);
}

function countBucket(
  tier: TierShard,
  census: Census,
  number: number,
  bucket: Ref<"bucket">,
  prices: readonly MicroUsdPerWhole[],
): void {
  const { arena } = tier;
  let worth = arena.num(bucket, BUCKET.cash);
  let maintenance: MicroUsd = NONE;
  let notional: MicroUsd = NONE;
  let isExposed = false;
  const end = slotAt(arena, bucket, arena.int(bucket, BUCKET.slots));
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position)) {
    if (isVacant(arena, position)) continue;
    const market = tier.listedMarket(arena.int(position, POSITION.market));
    worth = plus(worth, unrealised(arena, market, position));
    const lots = arena.num(position, POSITION.lots);
    if (lots === 0) continue;
    isExposed = true;
    const value = absolute(valueOf(lots, arena.num(market.row, MARKET.lotValue)));
    notional = plus(notional, value);
    maintenance = plus(maintenance, maintenanceMargin(arena, market, value));
    census.marginScale = most(census.marginScale, scaleOf(arena, market, value));
  }
  const owned = plus(worth, collateralAt(tier, bucket, prices));
  if (owned >= 0) census.equity = plusUpTo(census.equity, owned);
  else census.shortfall = plusUpTo(census.shortfall, negate(owned));
  if (!isExposed) return;

  const equity = plus(worth, maintenanceCollateral(tier, bucket));
  const health = healthOf(equity, maintenance);
  const bin = census.bins[binOf(census.edges, health)] as Census["bins"][number];
  bin.buckets++;
  bin.maintenance = plusUpTo(bin.maintenance, maintenance);
  census.exposed++;
  if (equity < maintenance) census.below++;
  if (number % census.every !== 0) return;
  census.health.push(health);
  census.size.push(notional);
}

/** ⌊1e6 · equity / maintenance⌋ within ±`MOST_HEALTH`; where no margin is asked for, whoever is not below 0 has the most. */
function healthOf(equity: MicroUsd, maintenance: MicroUsd): Ppm {
  if (compareProducts(equity, 1, maintenance, MOST_RATIO) >= 0) return MOST_HEALTH;
  if (compareProducts(equity, 1, maintenance, -MOST_RATIO) <= 0) return negate(MOST_HEALTH);
  return scaleFloor(PPM_ONE, equity, maintenance);
}

/** The bin a health falls in: as many as there are edges at or below it. */
function binOf(edges: readonly number[], health: Ppm): number {
  const above = edges.findIndex((edge) => edge > health);
  return above < 0 ? edges.length : above;
}

function scaleOf(arena: Arena, market: Market, notional: MicroUsd): Ppm {
  const flat = marginBeforeDepth(arena, market, notional);
  return flat === 0 ? PPM_ONE : scaleCeil(PPM_ONE, initialMargin(arena, market, notional), flat);
}

/** A bucket's collateral at prices of one's own, without a haircut. */
function collateralAt(tier: TierShard, bucket: Ref<"bucket">, prices: readonly MicroUsdPerWhole[]): MicroUsd {
  const { arena } = tier;
  let total: MicroUsd = NONE;
  for (let row = arena.int(bucket, BUCKET.holdings); row !== NIL; row = arena.int(row, HOLDING.next)) {
    const asset = arena.int(row, HOLDING.asset);
    const scale = arena.num(tier.collateral(asset), COLLATERAL.scale);
    const price = prices[asset] ?? NONE;
    total = plus(total, worthUpTo(MAX_COLLATERAL_VALUE, arena.num(row, HOLDING.amount), price, scale));
  }
  return total;
}

// ------------------------------------------------------------------------------------------------------ the map of prices

/** What was found in one place of a map: notionals at the prices of liquidation, of long and of short positions, and how many. */
export interface Doomed {
  long: MicroUsd;
  short: MicroUsd;
  positions: number;
}

/** What a market would liquidate at which price, other marks held, as far as buckets were looked at. Sums are bounded like a census's. */
export interface LiquidationMap {
  readonly tier: number;
  readonly market: number;
  /** When the map was opened; 0 = the market has none, and nothing is found. */
  readonly mark: Ticks;
  /** Lower end of the first bin, and how many ticks each is wide. */
  readonly low: Ticks;
  readonly width: Ticks;
  readonly bins: Doomed[];
  /** Below maintenance margin as it is. */
  readonly now: Doomed;
  /** Outside the bins. */
  readonly beyond: Doomed;
  /** Every so manieth bucket by number is looked at. */
  readonly every: number;
  /** Positions met, and those whose bucket is in danger at no price of the market's range. */
  positions: number;
  never: number;
}

/**
 * A map around a market's mark. Bins that would lie below the first tick are left out.
 * @param bins - half of them below the mark; even
 * @param range - how far they reach to each side at least, of the mark
 * @throws {UnknownId}
 */
export function openLiquidationMap(
  venue: Venue,
  tierId: number,
  marketId: number,
  { bins, range, every }: { readonly bins: number; readonly range: number; readonly every: number },
): LiquidationMap {
  const tier = tierAt(venue, tierId);
  const market = marketAt(tier, marketId);
  const mark = tier.arena.int(market.row, MARKET.mark);
  const width = most(scaleCeil(mark, range, PPM_ONE * (bins / 2)), ONE_TICK);
  const below = Math.min(bins / 2, Math.floor((mark - 1) / width));
  const count = mark === 0 ? 0 : below + bins / 2;
  return {
    tier: tierId,
    market: marketId,
    mark,
    low: minus(mark, times(width, below)),
    width,
    bins: Array.from({ length: count }, nobody),
    now: nobody(),
    beyond: nobody(),
    every,
    positions: 0,
    never: 0,
  };
}

/** Looks at a run of buckets. Where the mark has moved since the map was opened, what is found is told at the prices of now. @throws {UnknownId} */
export function mapLiquidations(venue: Venue, map: LiquidationMap, { first, last }: BucketRun): void {
  const tier = tierAt(venue, map.tier);
  const market = marketAt(tier, map.market);
  const { arena } = tier;
  const end = Math.min(last, usedRows(arena, tier.buckets));
  if (map.mark === 0) return;
  const from = Math.ceil(first / map.every) * map.every;
  for (let number = from; number <= end; number += map.every) {
    const bucket = rowOf(arena, tier.buckets, number);
    const position = positionOf(arena, bucket, map.market);
    if (position === NIL) continue;
    const lots = arena.num(position, POSITION.lots);
    if (lots === 0) continue;
    map.positions++;
    const price = liquidationPrice(tier, bucket, market, position);
    if (price === 0) {
      map.never++;
      continue;
    }
    const mark = arena.int(market.row, MARKET.mark);
    const place =
      price === mark ? map.now : (map.bins[Math.floor((price - map.low) / map.width)] ?? map.beyond);
    const notional = valueOf(absolute(lots), lotValueAt(price, market.notional));
    if (lots > 0) place.long = plusUpTo(place.long, notional);
    else place.short = plusUpTo(place.short, notional);
    place.positions++;
  }
}

function nobody(): Doomed {
  return { long: NONE, short: NONE, positions: 0 };
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

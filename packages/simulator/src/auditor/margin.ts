/**
 * Equity and margin, formula by formula as in docs/spec/risk.md. Everything is micro-dollars unless it says otherwise.
 */
import { absolute, ceilDivide, ceilSquareRoot, floorDivide, greatest, least } from "./arithmetic.ts";
import { BILLION, BREAKER, MAX_COLLATERAL, MILLION } from "./terms.ts";
import type { Bucket, Market, Position, World } from "./venue.ts";
import { notionalOf } from "./world.ts";

/** Funding a position owes since it was last settled, signed. */
export function fundingOwed(position: Position): bigint {
  const { lots, market } = position;
  if (lots === 0n || market.fundingIndex === position.fundingEntry) return 0n;
  return ceilDivide(lots * (market.fundingIndex - position.fundingEntry), MILLION);
}

/** `u`: what closing at the mark would bring, less what was paid and is owed. */
export function unrealised(position: Position): bigint {
  const { market, lots } = position;
  return notionalOf(market, market.mark, lots) - position.cost - fundingOwed(position);
}

type Weight = "initialWeight" | "maintenanceWeight";

/** What a bucket's collateral counts for, at initial or at maintenance weights. */
export function collateralValue(world: World, bucket: Bucket, weight: Weight): bigint {
  let total = 0n;
  for (const asset of bucket.holdings.keys()) total += holdingValue(world, bucket, asset, weight);
  return least(total, MAX_COLLATERAL);
}

/** What a bucket's holding of one asset counts for, before all its collateral is capped. */
export function holdingValue({ venue }: World, bucket: Bucket, asset: number, weight: Weight): bigint {
  const accepted = bucket.tier.collateral.get(asset);
  const scale = venue.assets[asset - 1]?.scale;
  if (accepted === undefined || scale === undefined) return 0n;
  const amount = bucket.holdings.get(asset) ?? 0n;
  const price = weight === "initialWeight" ? accepted.initialPrice : accepted.price;
  const value = least(floorDivide(amount * price, scale), MAX_COLLATERAL);
  return floorDivide(value * accepted[weight], MILLION);
}

/** `E`: cash, collateral at its weights, and unrealised profit and loss. */
export function equity(world: World, bucket: Bucket, weight: Weight = "initialWeight"): bigint {
  let total = bucket.cash + collateralValue(world, bucket, weight);
  for (const position of bucket.positions.values()) total += unrealised(position);
  return total;
}

/** Equity that counts losses at the worst price there may be, and no unrealised profit: what may leave must leave this behind. */
export function equityWithoutProfit(world: World, bucket: Bucket): bigint {
  let total = bucket.cash + collateralValue(world, bucket, "initialWeight");
  for (const position of bucket.positions.values()) {
    const { market, lots } = position;
    const worse = notionalOf(market, worstPrice(position) - market.mark, lots);
    total += least(0n, unrealised(position) + worse);
  }
  return total;
}

/** The most a bucket may be worth to those who own it together: no haircut on its collateral, and every position at its best price. */
export function mostNetAssets({ venue }: World, bucket: Bucket): bigint {
  let collateral = 0n;
  for (const [asset, amount] of bucket.holdings) {
    const accepted = bucket.tier.collateral.get(asset);
    const scale = venue.assets[asset - 1]?.scale;
    if (accepted === undefined || scale === undefined) continue;
    collateral += least(floorDivide(amount * accepted.price, scale), MAX_COLLATERAL);
  }
  let total = bucket.cash + least(collateral, MAX_COLLATERAL);
  for (const position of bucket.positions.values()) {
    const { market, lots } = position;
    total += unrealised(position) + notionalOf(market, bestPrice(position) - market.mark, lots);
  }
  return total;
}

/** The least it may be worth to them: collateral at maintenance weights, no profit, every loss at the worst price there may be. */
export function leastNetAssets(world: World, bucket: Bucket): bigint {
  const counted = collateralValue(world, bucket, "maintenanceWeight");
  const forMargin = collateralValue(world, bucket, "initialWeight");
  return equityWithoutProfit(world, bucket) - forMargin + counted;
}

function bestPrice({ market, lots }: Position): number {
  const { mark, leastPrice, mostPrice } = market;
  if (mostPrice === 0) return mark;
  return lots > 0n ? Math.max(mark, mostPrice) : Math.min(mark, leastPrice);
}

function worstPrice({ market, lots }: Position): number {
  const { mark, leastPrice, mostPrice } = market;
  if (mostPrice === 0) return mark;
  return lots < 0n ? Math.max(mark, mostPrice) : Math.min(mark, leastPrice);
}

/** Initial margin rate by size, ppb: grows with the square root of the notional above `scaleBase`. */
export function sizeRate(
  market: Market,
  notional: bigint,
  baseRate: bigint = market.terms.initialMargin,
): bigint {
  const { scaleBase } = market.terms;
  if (scaleBase === 0n || notional <= scaleBase) return baseRate * 1_000n;
  if (notional / 9_007n >= scaleBase) return BILLION;
  const root = ceilSquareRoot(ceilDivide(notional * MILLION * MILLION, scaleBase));
  return least(BILLION, ceilDivide(baseRate * 1_000n * root, MILLION));
}

/** Initial margin rate by the market's open interest, ppb: rises linearly to 1. */
export function openInterestRate(market: Market): bigint {
  const { initialMargin: baseRate, oiLower, oiUpper } = market.terms;
  if (oiUpper === 0n) return baseRate * 1_000n;
  const interest = notionalOf(market, market.mark, market.openInterest);
  if (interest <= oiLower) return baseRate * 1_000n;
  const above = least(interest, oiUpper) - oiLower;
  const rise = ceilDivide(above * (MILLION - baseRate), oiUpper - oiLower);
  return (baseRate + rise) * 1_000n;
}

/** Margin by the bracket the notional falls in; 0 below the first. */
export function bracketMargin(market: Market, notional: bigint): bigint {
  let margin = 0n;
  let deduction = 0n;
  let rateBelow = market.terms.initialMargin;
  for (let number = 1; ; number += 1) {
    const bracket = market.brackets.get(number);
    if (bracket === undefined || bracket.lower >= notional) return margin;
    deduction += floorDivide(bracket.lower * (bracket.rate - rateBelow), MILLION);
    margin = ceilDivide(notional * bracket.rate, MILLION) - deduction;
    rateBelow = bracket.rate;
  }
}

/** `IM(N)`. */
export function initialMargin(market: Market, notional: bigint): bigint {
  const rate = greatest(sizeRate(market, notional), openInterestRate(market));
  const margin = greatest(ceilDivide(notional * rate, BILLION), bracketMargin(market, notional));
  const asked = least(greatest(margin, notional), ceilDivide(margin * multiplierOf(market), MILLION));
  return deepened(market.tier.depth, asked, stressLoss(market, notional));
}

/** What a position of this size loses under stress. */
export function stressLoss(market: Market, notional: bigint): bigint {
  return ceilDivide(notional * sizeRate(market, notional, market.terms.stressMove), BILLION);
}

/** The least m with m ≥ margin·(1 + D(m)/4), found by bisection; D counts the layers that the loss less m uses up. */
export function deepened(layers: readonly bigint[], margin: bigint, loss: bigint): bigint {
  const isEnough = (m: bigint): boolean => {
    let left = loss - m;
    for (const [passed, layer] of layers.entries()) {
      // m ≥ margin·(1 + (passed + left/layer)/4)
      if (left <= 0n) return 4n * m >= margin * BigInt(4 + passed);
      if (left <= layer) return 4n * m * layer >= margin * (BigInt(4 + passed) * layer + left);
      left -= layer;
    }
    return 4n * m >= margin * BigInt(4 + layers.length);
  };
  if (loss <= margin) return margin;
  let low = margin - 1n;
  let high = 2n * margin;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** What the breaker, the tier's posture and a wide price make of initial margin; the largest of them. */
export function multiplierOf({ breaker, tier, isWide }: Market): bigint {
  if (tier.controller.posture >= 2) return 1_400_000n;
  if (isWide) return 1_250_000n;
  return breaker.level === BREAKER.normal && tier.controller.posture === 0 ? MILLION : 1_150_000n;
}

/** `MM(N)`: open interest plays no part in it. */
export function maintenanceMargin(market: Market, notional: bigint): bigint {
  const bySize = ceilDivide(notional * sizeRate(market, notional), BILLION);
  const base = greatest(bySize, bracketMargin(market, notional));
  return ceilDivide(base * market.terms.maintenanceRatio, MILLION);
}

/** What decides the requirement of a market: its position and the orders that could change it. */
export interface Exposure {
  readonly market: Market;
  readonly lots: bigint;
  readonly bidLots: bigint;
  readonly bidNotional: bigint;
  readonly askLots: bigint;
  readonly askNotional: bigint;
}

/** `R`: initial margin at the worst of no fill, all bids filled, all asks filled. */
export function requirement(exposure: Exposure): bigint {
  const { market, lots, bidLots, bidNotional, askLots, askNotional } = exposure;
  const atMark = (size: bigint): bigint => notionalOf(market, market.mark, size);

  let worst = initialMargin(market, absolute(atMark(lots)));
  if (bidLots > 0n) {
    const loss = greatest(0n, bidNotional - atMark(bidLots));
    worst = greatest(worst, initialMargin(market, absolute(atMark(lots + bidLots))) + loss);
  }
  if (askLots > 0n) {
    const loss = greatest(0n, atMark(askLots) - askNotional);
    worst = greatest(worst, initialMargin(market, absolute(atMark(lots - askLots))) + loss);
  }
  return worst;
}

/** Initial margin a bucket must cover, over all its markets. */
export function required(bucket: Bucket): bigint {
  let total = 0n;
  for (const position of bucket.positions.values()) {
    if (isIdle(position)) continue;
    total += requirement(position);
  }
  return total;
}

/** Maintenance margin of a bucket's positions; open orders do not count. */
export function maintenance(bucket: Bucket): bigint {
  let total = 0n;
  for (const { market, lots } of bucket.positions.values()) {
    if (lots === 0n) continue;
    total += maintenanceMargin(market, absolute(notionalOf(market, market.mark, lots)));
  }
  return total;
}

/** What decides whether a bucket is liquidated: its equity at maintenance weights, and its maintenance margin. */
export interface Health {
  readonly equity: bigint;
  readonly maintenance: bigint;
}

export function healthOf(world: World, bucket: Bucket): Health {
  return { equity: equity(world, bucket, "maintenanceWeight"), maintenance: maintenance(bucket) };
}

/** Largest position, in lots, that the open orders could lead to, alone or after reduce-only orders have closed what is there. */
export function worstLots({ lots, bidLots, askLots }: Exposure): bigint {
  const withPosition = greatest(absolute(lots + bidLots), absolute(lots - askLots));
  return greatest(greatest(absolute(lots), withPosition), greatest(bidLots, askLots));
}

/** Worst positions over a bucket's markets, valued at the tops of their price ranges. */
export function exposureAtCeilings(bucket: Bucket): bigint {
  let total = 0n;
  for (const position of bucket.positions.values()) total += worstLots(position) * position.market.ceiling;
  return total;
}

function isIdle({ lots, bidLots, askLots }: Exposure): boolean {
  return lots === 0n && bidLots === 0n && askLots === 0n;
}

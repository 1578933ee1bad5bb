/**
 * A bucket's standing, derived a second time: equity and initial margin from docs/spec/risk.md and the rows alone, without any code of the
 * risk layer, so that one mistake cannot both allow a trade and hide it. Straightforward rather than fast.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { mulDivCeil, mulDivFloor, squareRootCeil } from "../kernel/mulDiv.ts";
import { PICO_PER_MICRO, PPB_ONE, PPM_ONE } from "../domain/limits.ts";
import { slotAt } from "../domain/positions.ts";
import { shockOf } from "../domain/controls.ts";
import { BUCKET, HOLDING, POSITION } from "../domain/rows/bucket.ts";
import { SHOCK } from "../domain/rows/governance.ts";
import { MARKET } from "../domain/rows/market.ts";
import { COLLATERAL, DEPTH } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";

/** Equity at initial weights; with `onlyLosses`, unrealised profits count nothing. */
export function standingEquity(tier: TierShard, bucket: Ref<"bucket">, onlyLosses: boolean): number {
  const { arena } = tier;
  let equity =
    arena.num(bucket, BUCKET.cash) +
    collateralOf(tier, bucket, COLLATERAL.initialWeight, COLLATERAL.initialPrice);
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (arena.int(position, POSITION.market) === 0) continue;
    const profit = profitOf(tier, position);
    if (profit < 0 || !onlyLosses) equity += profit;
  }
  return equity;
}

/** Initial margin of positions and open orders. */
export function standingMargin(tier: TierShard, bucket: Ref<"bucket">): number {
  const { arena } = tier;
  let margin = 0;
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++)
    margin += initialMarginOf(tier, slotAt(arena, bucket, slot));
  return margin;
}

/** Equity at initial weights less initial margin: both of the above in one pass, for every taker is asked. */
export function initialSurplus(tier: TierShard, bucket: Ref<"bucket">): number {
  const { arena } = tier;
  let surplus =
    arena.num(bucket, BUCKET.cash) +
    collateralOf(tier, bucket, COLLATERAL.initialWeight, COLLATERAL.initialPrice);
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (arena.int(position, POSITION.market) !== 0)
      surplus += profitOf(tier, position) - initialMarginOf(tier, position);
  }
  return surplus;
}

/** Equity at maintenance weights less maintenance margin, likewise for makers. */
export function maintenanceSurplus(tier: TierShard, bucket: Ref<"bucket">): number {
  const { arena } = tier;
  let surplus =
    arena.num(bucket, BUCKET.cash) +
    collateralOf(tier, bucket, COLLATERAL.maintenanceWeight, COLLATERAL.price);
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (arena.int(position, POSITION.market) === 0) continue;
    const mark = markOf(tier, position);
    surplus += profitAt(tier, position, mark) - maintenanceMarginAt(tier, position, mark);
  }
  return surplus;
}

/** Initial margin of one position with its open orders. */
function initialMarginOf(tier: TierShard, position: Ref<"position">): number {
  const { arena } = tier;
  const lots = arena.num(position, POSITION.lots);
  const bids = arena.num(position, POSITION.bidLots);
  const asks = arena.num(position, POSITION.askLots);
  if (lots === 0 && bids === 0 && asks === 0) return 0;
  const id = arena.int(position, POSITION.market);
  const market = tier.marketRow(id);
  const value = arena.int(market, MARKET.mark) * arena.num(market, MARKET.notional);
  const move = arena.int(shockOf(tier.controls, id), SHOCK.move);
  const ifHeld = marginOf(tier, market, move, Math.abs(lots) * value);
  const ifBought = bids === 0 ? ifHeld : marginOf(tier, market, move, Math.abs(lots + bids) * value);
  const ifSold = asks === 0 ? ifHeld : marginOf(tier, market, move, Math.abs(lots - asks) * value);
  const bidLoss = Math.max(0, arena.num(position, POSITION.bidNotional) - bids * value);
  const askLoss = Math.max(0, asks * value - arena.num(position, POSITION.askNotional));
  return Math.max(ifHeld, ifBought + bidLoss, ifSold + askLoss);
}

/**
 * Equity at maintenance weights less maintenance margin, were every position at that end of its range of prices which suits it worst.
 * @param rangeOf - the lowest and the highest price of a position
 */
export function leastMaintenanceSurplus(
  tier: TierShard,
  bucket: Ref<"bucket">,
  rangeOf: (position: Ref<"position">) => readonly [lowest: number, highest: number],
): number {
  const { arena } = tier;
  let surplus =
    arena.num(bucket, BUCKET.cash) +
    collateralOf(tier, bucket, COLLATERAL.maintenanceWeight, COLLATERAL.price);
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (arena.int(position, POSITION.market) === 0) continue;
    const ends = rangeOf(position).map(
      (price) => profitAt(tier, position, price) - maintenanceMarginAt(tier, position, price),
    );
    surplus += Math.min(...ends);
  }
  return surplus;
}

/** Maintenance margin of one position at a price. */
function maintenanceMarginAt(tier: TierShard, position: Ref<"position">, price: number): number {
  const { arena } = tier;
  const lots = Math.abs(arena.num(position, POSITION.lots));
  if (lots === 0) return 0;
  const market = tier.marketRow(arena.int(position, POSITION.market));
  const notional = lots * price * arena.num(market, MARKET.notional);
  const ppm = arena.int(market, MARKET.initialMargin);
  const base = ppm * (PPB_ONE / PPM_ONE);
  const rate = sizeRate(base, arena.num(market, MARKET.scaleBase), notional);
  const bySize = rate === base ? mulDivCeil(notional, ppm, PPM_ONE) : mulDivCeil(notional, rate, PPB_ONE);
  const whole = Math.max(bySize, bracketMargin(arena, market, notional));
  return mulDivCeil(whole, arena.int(market, MARKET.maintenanceRatio), PPM_ONE);
}

/** Equity at maintenance weights. */
export function standingMaintenanceEquity(tier: TierShard, bucket: Ref<"bucket">): number {
  const { arena } = tier;
  let equity =
    arena.num(bucket, BUCKET.cash) +
    collateralOf(tier, bucket, COLLATERAL.maintenanceWeight, COLLATERAL.price);
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (arena.int(position, POSITION.market) !== 0) equity += profitOf(tier, position);
  }
  return equity;
}

/** The most a bucket may be worth to those who own it together: no haircut, and every position at the best price of its market. */
export function standingAtMost(tier: TierShard, bucket: Ref<"bucket">): number {
  const { arena } = tier;
  let worth: number = arena.num(bucket, BUCKET.cash);
  let collateral = 0;
  for (let row = arena.int(bucket, BUCKET.holdings); row !== NIL; row = arena.int(row, HOLDING.next)) {
    const terms = tier.collateral(arena.int(row, HOLDING.asset));
    collateral += holdingValue(arena, row, terms, COLLATERAL.price);
  }
  worth += Math.min(collateral, MAX_VALUE);
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (arena.int(position, POSITION.market) !== 0)
      worth += profitOf(tier, position) + swingOf(tier, position, 1);
  }
  return worth;
}

/** The least: collateral at maintenance weights, and losses alone, at the worst price of their markets. */
export function standingAtLeast(tier: TierShard, bucket: Ref<"bucket">): number {
  const { arena } = tier;
  let worth =
    arena.num(bucket, BUCKET.cash) +
    collateralOf(tier, bucket, COLLATERAL.maintenanceWeight, COLLATERAL.price);
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (arena.int(position, POSITION.market) === 0) continue;
    worth += Math.min(0, profitOf(tier, position) + swingOf(tier, position, -1));
  }
  return worth;
}

/** What a position would be worth beyond its worth at the mark, at the price of its market's range that suits it best (1) or worst (−1). */
function swingOf(tier: TierShard, position: Ref<"position">, way: number): number {
  const { arena } = tier;
  const market = tier.marketRow(arena.int(position, POSITION.market));
  if (arena.int(market, MARKET.mostPrice) === 0) return 0;
  const lots = arena.num(position, POSITION.lots);
  const mark = arena.int(market, MARKET.mark);
  const up = Math.max(0, arena.int(market, MARKET.mostPrice) - mark);
  const down = Math.max(0, mark - arena.int(market, MARKET.leastPrice));
  const ticks = lots * way > 0 ? up : -down;
  return lots * ticks * arena.num(market, MARKET.notional);
}

/** Maintenance margin of positions. */
export function standingMaintenance(tier: TierShard, bucket: Ref<"bucket">): number {
  const { arena } = tier;
  let margin = 0;
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    margin += maintenanceMarginAt(tier, position, markOf(tier, position));
  }
  return margin;
}

/** The slot of a bucket for a market, `NIL` if it has none. */
export function slotFor(arena: Arena, bucket: Ref<"bucket">, market: number): Ref<"position"> {
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
    const position = slotAt(arena, bucket, slot);
    if (arena.int(position, POSITION.market) === market) return position;
  }
  return NIL;
}

/** The mark of a position's market; 0 for a slot that has never served one. */
function markOf(tier: TierShard, position: Ref<"position">): number {
  const { arena } = tier;
  const market = arena.int(position, POSITION.market);
  return market === 0 ? 0 : arena.int(tier.marketRow(market), MARKET.mark);
}

function profitOf(tier: TierShard, position: Ref<"position">): number {
  return profitAt(tier, position, markOf(tier, position));
}

function profitAt(tier: TierShard, position: Ref<"position">, price: number): number {
  const { arena } = tier;
  const market = tier.marketRow(arena.int(position, POSITION.market));
  const lots = arena.num(position, POSITION.lots);
  const drift = arena.num(market, MARKET.fundingIndex) - arena.num(position, POSITION.fundingEntry);
  const owed = lots === 0 || drift === 0 ? 0 : mulDivCeil(lots, drift, PICO_PER_MICRO);
  return lots * price * arena.num(market, MARKET.notional) - arena.num(position, POSITION.cost) - owed;
}

/** IM(N) of docs/spec/risk.md, rates in ppb; the base rate alone in ppm, whose products are a thousand times smaller and cheaper. */
function marginOf(tier: TierShard, market: Ref<"market">, move: number, notional: number): number {
  const { arena } = tier;
  const ppm = arena.int(market, MARKET.initialMargin);
  const base = ppm * (PPB_ONE / PPM_ONE);
  const bySize = sizeRate(base, arena.num(market, MARKET.scaleBase), notional);
  const rate = Math.max(bySize, openInterestRate(arena, market, base));
  const byRate = rate === base ? mulDivCeil(notional, ppm, PPM_ONE) : mulDivCeil(notional, rate, PPB_ONE);
  const margin = Math.max(byRate, bracketMargin(arena, market, notional));
  const multiplier = arena.int(market, MARKET.marginMultiplier);
  const asked = multiplier === 0 ? margin : Math.min(notional, mulDivCeil(margin, multiplier, PPM_ONE));
  if (move <= ppm) return asked;
  const jump = move * (PPB_ONE / PPM_ONE);
  const stress = sizeRate(jump, arena.num(market, MARKET.scaleBase), notional);
  const loss = stress === jump ? mulDivCeil(notional, move, PPM_ONE) : mulDivCeil(notional, stress, PPB_ONE);
  return deepMargin(tier, asked, loss);
}

/**
 * The least m ≥ margin·(1 + D(m)/4), D by how far the loss less m reaches into the three layers: the deepest piece in which the margin of
 * the layers above it still leaves a loss.
 */
function deepMargin({ arena, depth }: TierShard, margin: number, loss: number): number {
  if (loss <= margin) return margin;
  const own = arena.num(depth, DEPTH.own);
  const cover = arena.num(depth, DEPTH.cover);
  const venue = arena.num(depth, DEPTH.venue);
  const beyondOwn = loss - own;
  const beyondCover = beyondOwn - cover;
  if (beyondCover - venue > mulDivFloor(margin, 7, 4)) return mulDivCeil(margin, 7, 4);
  if (beyondCover > mulDivFloor(margin, 6, 4)) return inLayer(3, margin, venue, beyondCover);
  if (beyondOwn > mulDivFloor(margin, 5, 4)) return inLayer(2, margin, cover, beyondOwn);
  return inLayer(1, margin, own, loss);
}

/** Solves m = margin·(1 + (layer − 1 + (rest − m)/size)/4), `rest` being what of the loss the layers above do not bear. */
function inLayer(layer: number, margin: number, size: number, rest: number): number {
  return mulDivCeil(margin, (3 + layer) * size + rest, 4 * size + margin);
}

function sizeRate(base: number, scaleBase: number, notional: number): number {
  if (scaleBase === 0 || notional <= scaleBase) return base;
  if (Math.floor(notional / 9_007) >= scaleBase) return PPB_ONE;
  return Math.min(PPB_ONE, mulDivCeil(base, squareRootCeil(mulDivCeil(notional, 1e12, scaleBase)), 1e6));
}

function openInterestRate(arena: Arena, market: Ref<"market">, base: number): number {
  const upper = arena.num(market, MARKET.oiUpper);
  const lower = arena.num(market, MARKET.oiLower);
  const value =
    arena.num(market, MARKET.openInterest) *
    arena.int(market, MARKET.mark) *
    arena.num(market, MARKET.notional);
  if (upper === 0 || value <= lower) return base;
  const ppm = base / (PPB_ONE / PPM_ONE);
  return (
    (ppm + mulDivCeil(Math.min(value, upper) - lower, PPM_ONE - ppm, upper - lower)) * (PPB_ONE / PPM_ONE)
  );
}

function bracketMargin(arena: Arena, market: Ref<"market">, notional: number): number {
  let rate: number = arena.int(market, MARKET.initialMargin);
  let deduction = 0;
  let isAbove = false;
  for (let bracket = 0; bracket < arena.int(market, MARKET.brackets); bracket++) {
    const lower = arena.num(market, (MARKET.bracketLower + bracket) as typeof MARKET.bracketLower);
    if (notional <= lower) break;
    const next = arena.int(market, (MARKET.bracketRate + bracket) as typeof MARKET.bracketRate);
    deduction += mulDivFloor(lower, next - rate, PPM_ONE);
    rate = next;
    isAbove = true;
  }
  return isAbove ? mulDivCeil(notional, rate, PPM_ONE) - deduction : 0;
}

function collateralOf(
  tier: TierShard,
  bucket: Ref<"bucket">,
  weight: typeof COLLATERAL.initialWeight,
  priced: typeof COLLATERAL.price,
): number {
  const { arena } = tier;
  let total = 0;
  for (let row = arena.int(bucket, BUCKET.holdings); row !== NIL; row = arena.int(row, HOLDING.next)) {
    const terms = tier.collateral(arena.int(row, HOLDING.asset));
    total += mulDivFloor(holdingValue(arena, row, terms, priced), arena.int(terms, weight), PPM_ONE);
  }
  return Math.min(total, MAX_VALUE);
}

/** 2^50: what a holding, and all of a bucket's collateral, counts at most. */
const MAX_VALUE = 1_125_899_906_842_624;

function holdingValue(
  arena: Arena,
  row: Ref<"holding">,
  terms: Ref<"collateral">,
  priced: typeof COLLATERAL.price,
): number {
  const amount = arena.num(row, HOLDING.amount);
  const price = arena.num(terms, priced);
  const scale = arena.num(terms, COLLATERAL.scale);
  if (amount * price > 2 * MAX_VALUE * scale) return MAX_VALUE;
  return Math.min(MAX_VALUE, mulDivFloor(amount, price, scale));
}

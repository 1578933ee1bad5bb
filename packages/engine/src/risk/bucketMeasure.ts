/**
 * The one measurement of a bucket: what it is worth, and what it must be worth.
 *
 * A single pass over its position slots, which lie side by side in memory. Open orders are charged at the worst of the three
 * ways the book can resolve: none fills, all bids, all asks. See docs/spec/risk.md.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { absolute, minus, most, plus } from "../kernel/checked.ts";
import { type Lots, type MicroUsd, NONE } from "../kernel/units.ts";
import { fundingOn, sumOfCells, valueOf } from "../kernel/value.ts";
import type { BucketFigures } from "../domain/bucketFigures.ts";
import { PPM_ONE } from "../domain/limits.ts";
import { isBuy, isReduceOnly } from "../domain/orderTerms.ts";
import { nextSlot, slotAt } from "../domain/positions.ts";
import { BUCKET, POSITION } from "../domain/rows/bucket.ts";
import { SHOCK, SHOCK_WORDS } from "../domain/rows/governance.ts";
import { MARKET } from "../domain/rows/market.ts";
import { DEPTH } from "../domain/rows/tier.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { initialCollateral, maintenanceCollateral } from "./collateral.ts";
import { initialMargin, maintenanceMargin } from "./margin.ts";

/** Columns of the hot loop, as constants of this module so that they are compiled in. */
const { lots: LOTS, cost: COST, fundingEntry: FUNDING_ENTRY } = POSITION;
const {
  bidLots: BID_LOTS,
  askLots: ASK_LOTS,
  bidNotional: BID_NOTIONAL,
  askNotional: ASK_NOTIONAL,
} = POSITION;
const {
  lotValue: LOT_VALUE,
  flatNotional: FLAT_NOTIONAL,
  oiUpper: OI_UPPER,
  fundingIndex: FUNDING_INDEX,
} = MARKET;
const { initialMargin: INITIAL_MARGIN, ceiling: CEILING } = MARKET;
const EXACT_PRODUCT = 9_007_199_254_740_991;

/**
 * Measures a bucket against initial margin, at the marks.
 *
 * This is the hottest loop of the engine, several passes per order. It reads the slots through the raw views and charges the common
 * case (a flat rate, a product below 2^53) in place, since a call per position would box its operands; everything else is the plain
 * formula in the functions below. Its result equals theirs: a property test compares them.
 */
export function measureBucket(tier: TierShard, bucket: Ref<"bucket">, result: BucketFigures): void {
  const { arena } = tier;
  const { f64, i32 } = arena;
  const holdings = arena.int(bucket, BUCKET.holdings);
  const funds = arena.num(bucket, BUCKET.cash) + (holdings === NIL ? 0 : initialCollateral(tier, bucket));
  let equity: number = funds;
  let equityWithoutProfit: number = funds;
  let required = 0;
  let ceilingValue = 0;
  const shocks = tier.controls.shocksBase + SHOCK.move;
  const own = arena.num(tier.depth, DEPTH.own) as number;
  const end = endOfSlots(arena, bucket);
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position)) {
    const slot = position >> 1;
    const lots = f64[slot + LOTS] as number;
    const cost = f64[slot + COST] as number;
    const bids = f64[slot + BID_LOTS] as number;
    const asks = f64[slot + ASK_LOTS] as number;
    if (lots === 0 && cost === 0 && bids === 0 && asks === 0) continue;
    const marketRow = tier.marketRow(i32[position] as number);
    const row = marketRow >> 1;
    const lotValue = f64[row + LOT_VALUE] as number;
    let profit = lots * lotValue - cost;
    if (f64[row + FUNDING_INDEX] !== f64[slot + FUNDING_ENTRY])
      profit -= fundingOwed(arena, tier.listedMarket(i32[position] as number), position);
    equity += profit;
    if (profit < 0) equityWithoutProfit += profit;

    const held = lots < 0 ? -lots : lots;
    let exposure = held;
    if (bids !== 0 && lots + bids > exposure) exposure = lots + bids;
    if (asks !== 0 && asks - lots > exposure) exposure = asks - lots;
    let largest = exposure;
    if (bids > largest) largest = bids;
    if (asks > largest) largest = asks;
    ceilingValue += largest * (f64[row + CEILING] as number);
    const notional = exposure * lotValue;
    const product = notional * (i32[marketRow + INITIAL_MARGIN] as number);
    const losesNothing =
      (f64[slot + BID_NOTIONAL] as number) <= bids * lotValue &&
      asks * lotValue <= (f64[slot + ASK_NOTIONAL] as number);
    const isFlat = notional <= (f64[row + FLAT_NOTIONAL] as number) && f64[row + OI_UPPER] === 0;
    const move = i32[shocks + (i32[position] as number) * SHOCK_WORDS] as number;
    const jump = notional * move;
    if (losesNothing && isFlat && product <= EXACT_PRODUCT && jump <= EXACT_PRODUCT) {
      const margin = Math.ceil(product / PPM_ONE);
      const excess = jump <= product ? 0 : Math.ceil(jump / PPM_ONE) - margin;
      const scaled = margin * excess;
      // Where a default would stay within the tier's own layers, θ − 1 is what it would use of them, over four.
      if (excess === 0) required += margin;
      else if (excess - own <= margin / 4 && scaled <= EXACT_PRODUCT)
        required += margin + Math.ceil(scaled / (4 * own + margin));
      else required += requirementOf(arena, tier.listedMarket(i32[position] as number), position);
    } else required += requirementOf(arena, tier.listedMarket(i32[position] as number), position);
  }
  result.equity = sumOfCells(equity);
  result.equityWithoutProfit = sumOfCells(equityWithoutProfit);
  result.required = sumOfCells(required);
  result.ceilingValue = sumOfCells(ceilingValue);
}

/** Equity at maintenance weights: what liquidation looks at. */
export function maintenanceEquityOf(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  return equityOver(tier, bucket, maintenanceCollateral(tier, bucket));
}

/** Maintenance margin of a bucket's positions; open orders are not in it. */
export function maintenanceOf(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const { arena } = tier;
  let total: MicroUsd = NONE;
  const end = endOfSlots(arena, bucket);
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position)) {
    const lots = arena.num(position, POSITION.lots);
    if (lots === 0) continue;
    const market = tier.listedMarket(arena.int(position, POSITION.market));
    total = plus(total, maintenanceMargin(arena, market, valueAtMark(arena, market, lots)));
  }
  return total;
}

/** Unrealised profit of a position at the mark, after the funding it owes. */
export function unrealised(arena: Arena, market: Market, position: Ref<"position">): MicroUsd {
  const lots = arena.num(position, POSITION.lots);
  const value = valueOf(lots, arena.num(market.row, MARKET.lotValue));
  return minus(minus(value, arena.num(position, POSITION.cost)), fundingOwed(arena, market, position));
}

/** Initial margin of a position with its open orders, at the worst way the book can resolve. */
export function requirementOf(arena: Arena, market: Market, position: Ref<"position">): MicroUsd {
  return requirement(
    arena,
    market,
    arena.num(position, POSITION.lots),
    arena.num(position, POSITION.bidLots),
    arena.num(position, POSITION.bidNotional),
    arena.num(position, POSITION.askLots),
    arena.num(position, POSITION.askNotional),
  );
}

/**
 * The largest a position is, its open orders can make it, or they alone could make it after reduce-only orders have closed it; lots ≥ 0.
 * No fill raises it.
 */
export function exposureOf(arena: Arena, position: Ref<"position">): Lots {
  const lots = arena.num(position, POSITION.lots);
  const bids = arena.num(position, POSITION.bidLots);
  const asks = arena.num(position, POSITION.askLots);
  const held = most(absolute(lots), most(bids, asks));
  return most(held, most(absolute(plus(lots, bids)), absolute(minus(lots, asks))));
}

/** The exposure there would be with one more order of these terms; reduce-only orders add none. */
export function exposureWith(arena: Arena, position: Ref<"position">, terms: number, lots: Lots): Lots {
  const held = exposureOf(arena, position);
  if (isReduceOnly(terms)) return held;
  const buys = isBuy(terms);
  const side = plus(arena.num(position, buys ? POSITION.bidLots : POSITION.askLots), lots);
  const before = arena.num(position, POSITION.lots);
  const after = buys ? plus(before, side) : minus(before, side);
  return most(held, most(absolute(after), side));
}

function requirement(
  arena: Arena,
  market: Market,
  lots: Lots,
  bidLots: Lots,
  bidNotional: MicroUsd,
  askLots: Lots,
  askNotional: MicroUsd,
): MicroUsd {
  const lotValue = arena.num(market.row, MARKET.lotValue);
  const held = absolute(lots);
  const bought = absolute(plus(lots, bidLots));
  const sold = absolute(minus(lots, askLots));
  const lostOnBids = minus(bidNotional, valueOf(bidLots, lotValue));
  const lostOnAsks = minus(valueOf(askLots, lotValue), askNotional);
  if (lostOnBids <= 0 && lostOnAsks <= 0) {
    return initialMargin(arena, market, valueOf(most(held, most(bought, sold)), lotValue));
  }
  const none = initialMargin(arena, market, valueOf(held, lotValue));
  const bids = plus(initialMargin(arena, market, valueOf(bought, lotValue)), most(lostOnBids, NONE));
  const asks = plus(initialMargin(arena, market, valueOf(sold, lotValue)), most(lostOnAsks, NONE));
  return most(none, most(bids, asks));
}

function equityOver(tier: TierShard, bucket: Ref<"bucket">, collateral: MicroUsd): MicroUsd {
  const { arena } = tier;
  let equity = plus(arena.num(bucket, BUCKET.cash), collateral);
  const end = endOfSlots(arena, bucket);
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position)) {
    if (isIdleSlot(arena, position)) continue;
    equity = plus(
      equity,
      unrealised(arena, tier.listedMarket(arena.int(position, POSITION.market)), position),
    );
  }
  return equity;
}

/** Where a bucket's slots end. */
function endOfSlots(arena: Arena, bucket: Ref<"bucket">): Ref<"position"> {
  return slotAt(arena, bucket, arena.int(bucket, BUCKET.slots));
}

function valueAtMark(arena: Arena, market: Market, lots: Lots): MicroUsd {
  return valueOf(absolute(lots), arena.num(market.row, MARKET.lotValue));
}

/** Funding a position has not settled yet, rounded up: payers owe more, receivers get less. */
function fundingOwed(arena: Arena, market: Market, position: Ref<"position">): MicroUsd {
  const drift = minus(arena.num(market.row, MARKET.fundingIndex), arena.num(position, POSITION.fundingEntry));
  return drift === 0 ? NONE : fundingOn(arena.num(position, POSITION.lots), drift);
}

function isIdleSlot(arena: Arena, position: Ref<"position">): boolean {
  return (
    arena.num(position, POSITION.lots) === 0 &&
    arena.num(position, POSITION.cost) === 0 &&
    arena.num(position, POSITION.bidLots) === 0 &&
    arena.num(position, POSITION.askLots) === 0
  );
}

/**
 * The one measurement of a bucket: what it is worth, and what it must be worth.
 *
 * A single pass over its position slots, which lie side by side in memory. Open orders are charged at the worst of the three
 * ways the book can resolve: none fills, all bids, all asks. See docs/spec/risk.md.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { checked, minus, plus } from "../kernel/checked.ts";
import { mulDivCeil } from "../kernel/mulDiv.ts";
import type { Lots, MicroUsd } from "../kernel/units.ts";
import type { BucketFigures } from "../domain/bucketFigures.ts";
import { PICO_PER_MICRO, PPM_ONE } from "../domain/limits.ts";
import { isBuy, isReduceOnly } from "../domain/orderTerms.ts";
import { BUCKET, MARKET, POSITION, POSITION_WORDS } from "../domain/rows.ts";
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
const { initialMargin: INITIAL_MARGIN } = MARKET;
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
  const start = arena.int(bucket, BUCKET.positions);
  const end = start + arena.int(bucket, BUCKET.slots) * POSITION_WORDS;
  for (let at: number = start; at < end; at += POSITION_WORDS) {
    const slot = at >> 1;
    const lots = f64[slot + LOTS] as number;
    const cost = f64[slot + COST] as number;
    const bids = f64[slot + BID_LOTS] as number;
    const asks = f64[slot + ASK_LOTS] as number;
    if (lots === 0 && cost === 0 && bids === 0 && asks === 0) continue;
    const market = tier.listedMarket(i32[at] as number);
    const row = market.row >> 1;
    const lotValue = f64[row + LOT_VALUE] as number;
    let profit = lots * lotValue - cost;
    if (f64[row + FUNDING_INDEX] !== f64[slot + FUNDING_ENTRY])
      profit -= fundingOwed(arena, market, at as Ref<"position">);
    equity += profit;
    if (profit < 0) equityWithoutProfit += profit;

    const held = lots < 0 ? -lots : lots;
    let exposure = held;
    if (bids !== 0 && lots + bids > exposure) exposure = lots + bids;
    if (asks !== 0 && asks - lots > exposure) exposure = asks - lots;
    ceilingValue += Math.max(exposure, bids, asks) * market.ceiling;
    const notional = exposure * lotValue;
    const product = notional * (i32[market.row + INITIAL_MARGIN] as number);
    const losesNothing =
      (f64[slot + BID_NOTIONAL] as number) <= bids * lotValue &&
      asks * lotValue <= (f64[slot + ASK_NOTIONAL] as number);
    const isFlat = notional <= (f64[row + FLAT_NOTIONAL] as number) && f64[row + OI_UPPER] === 0;
    if (losesNothing && isFlat && product <= EXACT_PRODUCT) {
      const margin = Math.floor(product / PPM_ONE);
      required += margin * PPM_ONE === product ? margin : margin + 1;
    } else required += requirementOf(arena, market, at as Ref<"position">);
  }
  result.equity = checked(equity) as MicroUsd;
  result.equityWithoutProfit = checked(equityWithoutProfit) as MicroUsd;
  result.required = checked(required) as MicroUsd;
  result.ceilingValue = checked(ceilingValue) as MicroUsd;
}

/** Equity at initial weights: what `measureBucket` finds, without the requirement. */
export function equityOf(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  return equityOver(tier, bucket, initialCollateral(tier, bucket));
}

/** Equity at maintenance weights: what liquidation looks at. */
export function maintenanceEquityOf(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  return equityOver(tier, bucket, maintenanceCollateral(tier, bucket));
}

/** Maintenance margin of a bucket's positions; open orders are not in it. */
export function maintenanceOf(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const { arena } = tier;
  let total = 0 as MicroUsd;
  const end = arena.int(bucket, BUCKET.positions) + arena.int(bucket, BUCKET.slots) * POSITION_WORDS;
  for (let at: number = arena.int(bucket, BUCKET.positions); at < end; at += POSITION_WORDS) {
    const position = at as Ref<"position">;
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
  const value = (lots * arena.num(market.row, MARKET.lotValue)) as MicroUsd;
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
  return Math.max(Math.abs(lots), Math.abs(lots + bids), Math.abs(lots - asks), bids, asks) as Lots;
}

/** The exposure there would be with one more order of these terms; reduce-only orders add none. */
export function exposureWith(arena: Arena, position: Ref<"position">, terms: number, lots: Lots): Lots {
  const held = exposureOf(arena, position);
  if (isReduceOnly(terms)) return held;
  const side = arena.num(position, isBuy(terms) ? POSITION.bidLots : POSITION.askLots) + lots;
  const signed = arena.num(position, POSITION.lots) + (isBuy(terms) ? side : -side);
  return Math.max(held, Math.abs(signed), side) as Lots;
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
  const held = Math.abs(lots);
  const bought = Math.abs(lots + bidLots);
  const sold = Math.abs(lots - askLots);
  const lostOnBids = bidNotional - bidLots * lotValue;
  const lostOnAsks = askLots * lotValue - askNotional;
  if (lostOnBids <= 0 && lostOnAsks <= 0) {
    return initialMargin(arena, market, (Math.max(held, bought, sold) * lotValue) as MicroUsd);
  }
  const none = initialMargin(arena, market, (held * lotValue) as MicroUsd);
  const bids = initialMargin(arena, market, (bought * lotValue) as MicroUsd) + Math.max(0, lostOnBids);
  const asks = initialMargin(arena, market, (sold * lotValue) as MicroUsd) + Math.max(0, lostOnAsks);
  return Math.max(none, bids, asks) as MicroUsd;
}

function equityOver(tier: TierShard, bucket: Ref<"bucket">, collateral: MicroUsd): MicroUsd {
  const { arena } = tier;
  let equity = plus(arena.num(bucket, BUCKET.cash), collateral);
  const end = arena.int(bucket, BUCKET.positions) + arena.int(bucket, BUCKET.slots) * POSITION_WORDS;
  for (let at: number = arena.int(bucket, BUCKET.positions); at < end; at += POSITION_WORDS) {
    const position = at as Ref<"position">;
    if (isIdleSlot(arena, position)) continue;
    equity = plus(
      equity,
      unrealised(arena, tier.listedMarket(arena.int(position, POSITION.market)), position),
    );
  }
  return equity;
}

function valueAtMark(arena: Arena, market: Market, lots: Lots): MicroUsd {
  return (Math.abs(lots) * arena.num(market.row, MARKET.lotValue)) as MicroUsd;
}

/** Funding a position has not settled yet, rounded up: payers owe more, receivers get less. */
function fundingOwed(arena: Arena, market: Market, position: Ref<"position">): MicroUsd {
  const drift = arena.num(market.row, MARKET.fundingIndex) - arena.num(position, POSITION.fundingEntry);
  if (drift === 0) return 0 as MicroUsd;
  return mulDivCeil(arena.num(position, POSITION.lots), drift, PICO_PER_MICRO) as MicroUsd;
}

function isIdleSlot(arena: Arena, position: Ref<"position">): boolean {
  return (
    arena.num(position, POSITION.lots) === 0 &&
    arena.num(position, POSITION.cost) === 0 &&
    arena.num(position, POSITION.bidLots) === 0 &&
    arena.num(position, POSITION.askLots) === 0
  );
}

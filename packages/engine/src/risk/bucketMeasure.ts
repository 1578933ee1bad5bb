/**
 * The one measurement of a bucket: what it is worth, and what it must be worth.
 *
 * A single pass over its position slots, which lie side by side in memory. Open orders are charged at the worst of the three
 * ways the book can resolve: none fills, all bids, all asks. See docs/spec/risk.md.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { minus, plus } from "../kernel/checked.ts";
import { mulDivCeil } from "../kernel/mulDiv.ts";
import type { Lots, MicroUsd } from "../kernel/units.ts";
import type { BucketFigures } from "../domain/bucketFigures.ts";
import { PICO_PER_MICRO } from "../domain/limits.ts";
import { isBuy, isReduceOnly } from "../domain/orderTerms.ts";
import { BUCKET, MARKET, POSITION, POSITION_WORDS } from "../domain/rows.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { initialCollateral, maintenanceCollateral } from "./collateral.ts";
import { initialMargin, maintenanceMargin } from "./margin.ts";

/** Measures a bucket against initial margin, at the marks. */
export function measureBucket(tier: TierShard, bucket: Ref<"bucket">, result: BucketFigures): void {
  const { arena } = tier;
  const holdings = arena.int(bucket, BUCKET.holdings);
  const funds = plus(arena.num(bucket, BUCKET.cash), holdings === NIL ? (0 as MicroUsd) : initialCollateral(tier, bucket));
  let equity = funds;
  let equityWithoutProfit = funds;
  let required = 0 as MicroUsd;
  let ceilingValue = 0 as MicroUsd;
  const end = arena.int(bucket, BUCKET.positions) + arena.int(bucket, BUCKET.slots) * POSITION_WORDS;
  for (let at: number = arena.int(bucket, BUCKET.positions); at < end; at += POSITION_WORDS) {
    const position = at as Ref<"position">;
    if (isIdleSlot(arena, position)) continue;
    const market = tier.listedMarket(arena.int(position, POSITION.market));
    const profit = unrealised(arena, market, position);
    equity = plus(equity, profit);
    if (profit < 0) equityWithoutProfit = plus(equityWithoutProfit, profit);
    required = plus(required, requirementOf(arena, market, position));
    ceilingValue = plus(ceilingValue, (exposureOf(arena, position) * market.ceiling) as MicroUsd);
  }
  result.equity = equity;
  result.equityWithoutProfit = equityWithoutProfit;
  result.required = required;
  result.ceilingValue = ceilingValue;
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

/** The larger of what a position is and what its open orders can make it, lots ≥ 0. */
export function exposureOf(arena: Arena, position: Ref<"position">): Lots {
  const lots = arena.num(position, POSITION.lots);
  const afterBids = Math.abs(lots + arena.num(position, POSITION.bidLots));
  const afterAsks = Math.abs(lots - arena.num(position, POSITION.askLots));
  return Math.max(Math.abs(lots), afterBids, afterAsks) as Lots;
}

/** The exposure there would be with one more order of these terms; reduce-only orders add none. */
export function exposureWith(arena: Arena, position: Ref<"position">, terms: number, lots: Lots): Lots {
  const held = exposureOf(arena, position);
  if (isReduceOnly(terms)) return held;
  const side = arena.num(position, isBuy(terms) ? POSITION.bidLots : POSITION.askLots) + lots;
  const signed = arena.num(position, POSITION.lots) + (isBuy(terms) ? side : -side);
  return Math.max(held, Math.abs(signed)) as Lots;
}

function requirement(
  arena: Arena, market: Market, lots: Lots, bidLots: Lots, bidNotional: MicroUsd, askLots: Lots, askNotional: MicroUsd,
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
    equity = plus(equity, unrealised(arena, tier.listedMarket(arena.int(position, POSITION.market)), position));
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

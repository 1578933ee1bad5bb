/**
 * A fill, cleared: both sides trade with the market, and money moves only where it is.
 *
 * A position is (lots, cost). Profit is realised by the part that closes; losers pay into the market's pool what cash they
 * have, winners take from the pool what is there, and what is not paid stays in the cost as a debt or a claim. So the sum of
 * all costs and the pool stays zero exactly, and nobody is ever paid with money that no loser had. See docs/spec/clearing.md.
 */
import type { Arena, Ref } from "../kernel/arena.ts";
import { absolute, least, minus, most, negate, plus } from "../kernel/checked.ts";
import { scaleTruncate, shareCeil } from "../kernel/mulDiv.ts";
import { type Lots, type MicroUsd, NONE, type Ppm, type Ticks } from "../kernel/units.ts";
import { lotValueAt, valueOf } from "../kernel/value.ts";
import type { FillSide } from "../domain/fillSide.ts";
import { BUCKET, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";

/** Books one side: lots and cost of the trade, the profit it realises, its fee. Funding must be settled before. */
export function bookSide(
  arena: Arena,
  market: Market,
  position: Ref<"position">,
  signedLots: Lots,
  price: Ticks,
  feeRate: Ppm,
  result: FillSide,
): void {
  const lots = arena.num(position, POSITION.lots);
  const cost = arena.num(position, POSITION.cost);
  const lotValue = lotValueAt(price, market.notional);
  const traded = valueOf(signedLots, lotValue);
  const fee = shareCeil(absolute(traded), feeRate);
  result.realised = realisedBy(lots, cost, signedLots, lotValue);
  result.fee = fee;
  arena.addNum(position, POSITION.lots, signedLots);
  arena.addNum(position, POSITION.cost, plus(traded, fee));
}

/** Profit realised by a trade against a position: value of the part that closes less its share of the cost (toward zero). */
function realisedBy(lots: Lots, cost: MicroUsd, signedLots: Lots, lotValue: MicroUsd): MicroUsd {
  if (lots === 0 || lots > 0 === signedLots > 0) return NONE;
  const held = absolute(lots);
  const closed = least(held, absolute(signedLots));
  const released = closed === held ? cost : scaleTruncate(cost, closed, held);
  return minus(valueOf(lots > 0 ? closed : negate(closed), lotValue), released);
}

/** Pays a net loss into the pool as far as the bucket's cash goes. `net` ≥ 0 does nothing. */
export function payIn(
  arena: Arena,
  market: Market,
  bucket: Ref<"bucket">,
  position: Ref<"position">,
  net: MicroUsd,
): void {
  if (net >= 0) return;
  const paid = least(negate(net), arena.num(bucket, BUCKET.cash));
  move(arena, market, bucket, position, negate(paid));
}

/** Pays a net profit out of the pool as far as the pool goes. `net` ≤ 0 does nothing. */
export function payOut(
  arena: Arena,
  market: Market,
  bucket: Ref<"bucket">,
  position: Ref<"position">,
  net: MicroUsd,
): void {
  if (net <= 0) return;
  const paid = least(net, arena.num(market.row, MARKET.pool));
  move(arena, market, bucket, position, paid);
}

/** The house takes the fees it is owed, last, as far as the pool goes. */
export function collectFees(tier: TierShard, market: Market): void {
  const { arena } = tier;
  const owed = negate(arena.num(market.row, MARKET.feeCost));
  if (owed <= 0) return;
  const taken = least(owed, arena.num(market.row, MARKET.pool));
  if (taken === 0) return;
  arena.addNum(market.row, MARKET.pool, negate(taken));
  arena.addNum(market.row, MARKET.feeCost, taken);
  arena.addNum(tier.row, TIER.fees, taken);
}

/** Both fees of a fill become the house's claim. */
export function chargeFees(arena: Arena, market: Market, fees: MicroUsd): void {
  arena.addNum(market.row, MARKET.feeCost, negate(fees));
}

/** Change of open interest when a position goes from `before` to `after` lots: that of its long side. */
export function openInterestChange(before: Lots, after: Lots): Lots {
  return minus(most(after, NONE), most(before, NONE));
}

/** Moves cash between a bucket and the pool; `received` > 0 pays the bucket. The cost takes the other side. */
function move(
  arena: Arena,
  market: Market,
  bucket: Ref<"bucket">,
  position: Ref<"position">,
  received: MicroUsd,
): void {
  if (received === 0) return;
  arena.addNum(bucket, BUCKET.cash, received);
  arena.addNum(market.row, MARKET.pool, negate(received));
  arena.addNum(position, POSITION.cost, received);
}

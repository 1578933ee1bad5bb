/**
 * A fill, cleared: both sides trade with the market, and money moves only where it is.
 *
 * A position is (lots, cost). Profit is realised by the part that closes; losers pay into the market's pool what cash they
 * have, winners take from the pool what is there, and what is not paid stays in the cost as a debt or a claim. So the sum of
 * all costs and the pool stays zero exactly, and nobody is ever paid with money that no loser had. See docs/spec/clearing.md.
 */
import type { Arena, Ref } from "../kernel/arena.ts";
import { mulDivCeil, mulDivTruncate } from "../kernel/mulDiv.ts";
import type { Lots, MicroUsd, Ppm, Ticks } from "../kernel/units.ts";
import type { FillSide } from "../domain/fillSide.ts";
import { PPM_ONE } from "../domain/limits.ts";
import { BUCKET, MARKET, POSITION, TIER } from "../domain/rows.ts";
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
  const traded = signedLots * price * market.notional;
  result.realised = realisedBy(lots, cost, signedLots, price * market.notional);
  result.fee = mulDivCeil(Math.abs(traded), feeRate, PPM_ONE) as MicroUsd;
  arena.setNum(position, POSITION.lots, (lots + signedLots) as Lots);
  arena.setNum(position, POSITION.cost, (cost + traded + result.fee) as MicroUsd);
}

/** Profit realised by a trade against a position: value of the part that closes less its share of the cost (toward zero). */
function realisedBy(lots: Lots, cost: MicroUsd, signedLots: Lots, lotPrice: number): MicroUsd {
  if (lots === 0 || lots > 0 === signedLots > 0) return 0 as MicroUsd;
  const held = Math.abs(lots);
  const closed = Math.min(held, Math.abs(signedLots));
  const released = closed === held ? cost : mulDivTruncate(cost, closed, held);
  return (Math.sign(lots) * closed * lotPrice - released) as MicroUsd;
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
  const cash = arena.num(bucket, BUCKET.cash);
  const paid = Math.min(-net, cash);
  move(arena, market, bucket, position, -paid as MicroUsd);
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
  const paid = Math.min(net, arena.num(market.row, MARKET.pool));
  move(arena, market, bucket, position, paid as MicroUsd);
}

/** The house takes the fees it is owed, last, as far as the pool goes. */
export function collectFees(tier: TierShard, market: Market): void {
  const { arena } = tier;
  const owed = -arena.num(market.row, MARKET.feeCost);
  if (owed <= 0) return;
  const taken = Math.min(owed, arena.num(market.row, MARKET.pool));
  if (taken === 0) return;
  arena.setNum(market.row, MARKET.pool, (arena.num(market.row, MARKET.pool) - taken) as MicroUsd);
  arena.setNum(market.row, MARKET.feeCost, (taken - owed) as MicroUsd);
  arena.setNum(tier.row, TIER.fees, (arena.num(tier.row, TIER.fees) + taken) as MicroUsd);
}

/** Both fees of a fill become the house's claim. */
export function chargeFees(arena: Arena, market: Market, fees: MicroUsd): void {
  arena.setNum(market.row, MARKET.feeCost, (arena.num(market.row, MARKET.feeCost) - fees) as MicroUsd);
}

/** Change of open interest when a position goes from `before` to `after` lots: that of its long side. */
export function openInterestChange(before: Lots, after: Lots): Lots {
  return (Math.max(after, 0) - Math.max(before, 0)) as Lots;
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
  arena.setNum(bucket, BUCKET.cash, (arena.num(bucket, BUCKET.cash) + received) as MicroUsd);
  arena.setNum(market.row, MARKET.pool, (arena.num(market.row, MARKET.pool) - received) as MicroUsd);
  arena.setNum(position, POSITION.cost, (arena.num(position, POSITION.cost) + received) as MicroUsd);
}

/**
 * How much of a position a liquidation closes and what it may cost, formula by formula as in docs/spec/liquidation.md.
 *
 * `E` and `M` of a bucket are its health; a position's lots count without their sign.
 */
import { absolute, ceilDivide, floorDivide, greatest, least } from "./arithmetic.ts";
import { forcedFee } from "./clearing.ts";
import { type Health, maintenanceMargin } from "./margin.ts";
import type { Matched } from "./matching.ts";
import { MILLION } from "./terms.ts";
import type { Market, Position, Tier } from "./venue.ts";
import { notionalOf } from "./world.ts";

/** Whether a bucket's equity is still two thirds of its maintenance margin: it is liquidated in parts, and grace protects it. */
export function isShallow({ equity, maintenance }: Health): boolean {
  return 3n * equity >= 2n * maintenance;
}

/** `MM(x·v)`. */
export function marginOf(market: Market, lots: bigint): bigint {
  return maintenanceMargin(market, notionalOf(market, market.mark, lots));
}

/** `M − M(x)`: maintenance margin that a close of so many of the position's `whole` lots sets free. */
export function marginSaved(market: Market, whole: bigint, lots: bigint): bigint {
  return marginOf(market, whole) - marginOf(market, whole - lots);
}

/** `x`: lots that one step closes. */
export function lotsToClose(position: Position, health: Health): bigint {
  const { market } = position;
  const whole = absolute(position.lots);
  return orWhole(market, whole, least(lotsNeeded(market, whole, health), stepLimit(market, whole, health)));
}

/** Lots that a call auction closes: no step limits it. */
export function lotsToAuction({ market, lots }: Position, health: Health): bigint {
  const whole = absolute(lots);
  return orWhole(market, whole, lotsNeeded(market, whole, health));
}

function orWhole(market: Market, whole: bigint, lots: bigint): bigint {
  const left = notionalOf(market, market.mark, whole - lots);
  return left < market.terms.liquidationMinimum ? whole : lots;
}

/** What a liquidation aims at above maintenance margin: the tier's own, or its posture's if that is more. */
export function bufferOf({ controller, liquidationBuffer }: Tier): bigint {
  const asked = [0n, 150_000n, 200_000n, 250_000n, 250_000n][controller.posture] as bigint;
  return greatest(liquidationBuffer, asked);
}

/** `x*`: the fewest lots whose close leaves the buffer above maintenance margin, fees paid; all if none does. */
function lotsNeeded(market: Market, whole: bigint, { equity, maintenance }: Health): bigint {
  const { liquidationFee } = market.terms;
  const takerFee = forcedFee(market);
  const buffer = bufferOf(market.tier);
  const isEnough = (lots: bigint): boolean => {
    const fee = ceilDivide(notionalOf(market, market.mark, lots) * (takerFee + liquidationFee), MILLION);
    const margin = maintenance - marginSaved(market, whole, lots);
    return equity - fee >= margin + ceilDivide(margin * buffer, MILLION);
  };
  if (!isEnough(whole)) return whole;
  let low = 0n;
  let high = whole;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Lots that one step may close at most: a part of the position, unless its bucket is deep in distress. */
function stepLimit(market: Market, whole: bigint, health: Health): bigint {
  const { liquidationStep, liquidationMinimum } = market.terms;
  if (liquidationStep === 0n || !isShallow(health)) return whole;
  const part = ceilDivide(whole * liquidationStep, MILLION);
  return greatest(part, ceilDivide(liquidationMinimum, notionalOf(market, market.mark, 1n)));
}

/** `s` of a sale on the book: ticks from the mark to where a fill leaves E/M as it was. */
export function ticksGiven(position: Position, health: Health, lots: bigint): bigint {
  const { market } = position;
  const saved = marginSaved(market, absolute(position.lots), lots);
  const rate = forcedFee(market);
  const fee = ceilDivide(notionalOf(market, market.mark, lots) * rate, MILLION);
  const room = greatest(0n, floorDivide(health.equity * saved, health.maintenance) - fee);
  return (room * MILLION) / (MILLION + rate) / (lots * market.quantum);
}

/** `s` of a takeover: ticks that pay the backstop three quarters of the equity behind the position. */
export function ticksToBackstop(position: Position, { equity, maintenance }: Health): bigint {
  const { market } = position;
  const lots = absolute(position.lots);
  const share = floorDivide(equity * marginOf(market, lots), maintenance);
  return (share - share / 4n) / (lots * market.quantum);
}

/** The price so many ticks worse than the mark for one who closes `lots`, within the price range. */
export function worseThanMark(market: Market, lots: bigint, ticks: bigint): number {
  const price = BigInt(market.mark) + (lots > 0n ? -ticks : ticks);
  return Number(greatest(1n, least(price, BigInt(market.highestPrice))));
}

/** What the bucket pays the insurance fund for what the book filled of its `held` lots; never so much that E/M falls. */
export function penaltyOf(
  market: Market,
  held: bigint,
  { filled, worth, fees }: Matched,
  health: Health,
  cash: bigint,
): bigint {
  const atMark = notionalOf(market, market.mark, filled);
  const loss = greatest(0n, held > 0n ? atMark - worth : worth - atMark);
  const saved = marginSaved(market, absolute(held), filled);
  const room = floorDivide(health.equity * saved, health.maintenance) - loss - fees;
  const asked = ceilDivide(worth * market.terms.liquidationFee, MILLION);
  return least(least(asked, greatest(0n, room)), cash);
}

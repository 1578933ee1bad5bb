/**
 * What speaks for a breaker's level and what against.
 *
 * @see docs/spec/breakers.md, "Evidence"
 */
import { ceilDivide, greatest, least } from "./arithmetic.ts";
import { distance, isStill, largestMoves } from "./breakerSignals.ts";
import { BREAKER, MILLION } from "./terms.ts";
import type { Market } from "./venue.ts";
import { notionalOf } from "./world.ts";

const HOUR = 3_600_000n;
const WEIGHTS: Readonly<Record<number, bigint>> = {
  [BREAKER.caution]: 100_000n,
  [BREAKER.reduceOnly]: 500_000n,
  [BREAKER.halt]: MILLION,
};

export interface Evidence {
  readonly avoided: bigint;
  readonly cost: bigint;
  readonly isWorth: boolean;
}

/** @param dwell - of the level, this trip counted; milliseconds */
export function evidenceOf(
  market: Market,
  level: number,
  score: bigint,
  time: number,
  dwell: number,
): Evidence {
  const { haltCost } = market.breaker.config;
  const value = notionalOf(market, market.mark, market.openInterest);
  const avoided = lossAvoided(market, value, score, time);
  const perHour = ceilDivide(value * haltCost, MILLION);
  const cost = ceilDivide(ceilDivide(perHour * (WEIGHTS[level] as bigint), MILLION) * BigInt(dwell), HOUR);
  return { avoided, cost, isWorth: haltCost === 0n || score >= 2n * MILLION || avoided > cost };
}

function lossAvoided(market: Market, value: bigint, score: bigint, time: number): bigint {
  const { initialMargin, maintenanceRatio } = market.terms;
  const margin = greatest((initialMargin * maintenanceRatio) / MILLION, 1n);
  const implied = (margin * least(score, 2n * MILLION)) / (2n * MILLION);
  const seen = largestMoves(market, time).reduce(greatest, distanceNow(market));
  const move = least(greatest(seen, implied), MILLION);
  const ratio = least((move * MILLION) / margin, 2_828_427n);
  const eighth = (value * move) / MILLION / 8n;
  return (((eighth * ratio) / MILLION) * ratio) / MILLION;
}

/** The book says nothing while the market is still. */
function distanceNow(market: Market): bigint {
  return isStill(market.breaker) ? 0n : distance(market);
}

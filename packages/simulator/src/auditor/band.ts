/**
 * How far through the mark (or the trigger) an order's price may be.
 *
 * @see docs/spec/execution.md
 */
import { MILLION } from "./terms.ts";
import { refuse } from "./refusal.ts";
import type { Market } from "./venue.ts";

/** Worst price an order may name around `centre`: the highest for a buy, the lowest for a sell. */
export function bandEdge(market: Market, direction: bigint, centre: number): number {
  const width = Number(
    (BigInt(centre) * (market.breaker.band === 0n ? market.terms.band : market.breaker.band)) / MILLION,
  );
  if (direction > 0n) return Math.min(centre + width, market.highestPrice);
  return Math.max(centre - width, 1);
}

export function priceMustBeInBand(market: Market, direction: bigint, price: number, centre: number): void {
  const edge = bandEdge(market, direction, centre);
  const isOutside = direction > 0n ? price > edge : price < edge;
  if (isOutside) refuse("price_outside_band", price, edge);
}

export function priceMustBeInRange(market: Market, price: number): void {
  if (price > market.highestPrice) refuse("price_outside_range", price, market.highestPrice);
}

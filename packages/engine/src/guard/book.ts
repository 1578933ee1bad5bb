/** What the book says: how far its middle is from the index, how wide it is, and how deep, against what is usual for it. */
import type { Arena, Ref } from "../kernel/arena.ts";
import { LEVEL, levelAt, nextAbove, nextBelow } from "../kernel/ladder.ts";
import { GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { Market } from "../domain/tierShard.ts";
import { scoreOf } from "./scores.ts";

/** Between two samples of the book. */
const PERIOD = 10_000;
/** Levels of a side that count as its depth. */
const LEVELS = 8;
/** Lots that count at most, so that a mean times 256 is exact. */
const MAX_DEPTH = 2 ** 44;
/** Running means weigh the newest sample by one part in so many. */
export const WEIGHT = 256;

/** Distance of the book's middle from the index, ppm of the index, rounded up; 0 unless there are bids, asks and an index. */
export function divergenceOf(arena: Arena, market: Market): number {
  const { row } = market;
  const index = arena.int(row, MARKET.index);
  const bid = arena.int(row, MARKET.bestBid);
  const ask = arena.int(row, MARKET.bestAsk);
  return index === 0 || bid === 0 || ask === 0 ? 0 : scoreOf(Math.abs(bid + ask - 2 * index), 2 * index);
}

/** Distance of the best ask from the best bid, ppm of their middle, rounded up; 0 unless there are both. */
export function spreadOf(arena: Arena, market: Market): number {
  const bid = arena.int(market.row, MARKET.bestBid);
  const ask = arena.int(market.row, MARKET.bestAsk);
  return bid === 0 || ask === 0 ? 0 : scoreOf(2 * (ask - bid), ask + bid);
}

/** Lots on the best eight levels of the thinner side, at most 2^44. */
function depthOf(arena: Arena, market: Market): number {
  return Math.min(sideDepth(arena, market, true), sideDepth(arena, market, false), MAX_DEPTH);
}

function sideDepth(arena: Arena, market: Market, bids: boolean): number {
  let price = arena.int(market.row, bids ? MARKET.bestBid : MARKET.bestAsk);
  let lots = 0;
  for (let level = 0; level < LEVELS && price !== 0; level++) {
    lots += arena.num(levelAt(market.book, price), LEVEL.lots);
    price = bids ? nextBelow(arena, market.book, price) : nextAbove(arena, market.book, price);
  }
  return lots;
}

/** Samples spread and depth, at most every ten seconds, into their running means. An absent spread is no sample. */
export function sampleBook(arena: Arena, guard: Ref<"guard">, market: Market, now: number): void {
  const slot = Math.floor(now / PERIOD);
  if (slot <= arena.num(guard, GUARD.bookSlot)) return;
  arena.setNum(guard, GUARD.bookSlot, slot);
  const depth = depthOf(arena, market);
  arena.setNum(guard, GUARD.depth, depth);
  approach(arena, guard, GUARD.depthMean, depth);
  const spread = spreadOf(arena, market);
  if (spread !== 0) approach(arena, guard, GUARD.spreadMean, spread);
}

/** Moves a mean, times 256, towards a sample; the first sample is the mean. */
function approach(arena: Arena, guard: Ref<"guard">, column: typeof GUARD.depthMean, sample: number): void {
  const mean = arena.num(guard, column);
  const next = mean === 0 ? sample * WEIGHT : mean + sample - Math.floor(mean / WEIGHT);
  arena.setNum(guard, column, next);
}

/**
 * The mark, measured funding and final prices, formula by formula as in docs/spec/oracle.md. Prices are points: thousandths of a tick.
 */
import { absolute, ceilDivide, greatest, least } from "./arithmetic.ts";
import { decayed, ticksBelow } from "./prices.ts";
import type { PriceQueue } from "./queue.ts";
import { BILLION, CONTRACT, FEED_KIND, MILLION, STATUS } from "./terms.ts";
import type { Market, Order, Tier, World } from "./venue.ts";
import { emit, feedOf } from "./world.ts";

const SECOND = 1_000n;
const HOUR = 3_600_000n;
const WINDOW = 1_800_000n;
const SLOTS = 240n;
const YEAR = 31_557_600_000n;
const MOST_IMPACT_LOTS = 2n ** 30n;
const IMPACT_LEVELS = 32;

/** Makes the mark anew. */
export function remark(world: World, market: Market): void {
  if (market.index === 0) return;
  if (!looksAtBook(market)) {
    world.journal.set(market, "mark", market.index);
    return;
  }
  look(world, market);
  const mark = markOf(world, market);
  if (mark === market.mark) return;
  world.journal.set(market, "mark", mark);
  emit(world, "markMoved", market.id, mark, market.index);
}

export function remarkSampled(world: World, tier: Tier): void {
  for (const market of tier.markets) {
    if (looksAtBook(market) && market.terms.status !== STATUS.settled) remark(world, market);
  }
}

function looksAtBook(market: Market): boolean {
  return market.terms.markBand > 0n || market.terms.fundingInterval > 0n || isMadeByReporters(market);
}

export function isMadeByReporters({ contract, tier, id }: Market): boolean {
  return contract === CONTRACT.future && feedOf(tier, FEED_KIND.market, id).quorum > 0;
}

function indexOf({ tier, id, index }: Market): bigint {
  const { price } = feedOf(tier, FEED_KIND.market, id);
  return price === 0n ? BigInt(index) * 1_000n : price;
}

function look(world: World, market: Market): void {
  const { journal } = world;
  const { book, terms } = market;
  const now = BigInt(world.time);
  const index = indexOf(market);
  const notional = ceilDivide(500_000_000n * MILLION, terms.initialMargin);
  const wanted = ceilDivide(notional, BigInt(market.index) * market.quantum);
  const lots = least(MOST_IMPACT_LOTS, greatest(1n, wanted));
  const sold = exchanged(market.bids, lots, (a, b) => b - a);
  const bought = exchanged(market.asks, lots, (a, b) => a - b);
  const bid = sold === undefined ? undefined : (sold * 1_000n) / lots;
  const ask = bought === undefined ? undefined : ceilDivide(bought * 1_000n, lots);

  const time = book.sampledAt === 0n ? 0n : least(now - book.sampledAt, 9n * SECOND);
  const kept = decayed(time, 103_972n);
  if (bid === undefined || ask === undefined) journal.set(book, "premium", (book.premium * kept) / BILLION);
  else {
    const seen = ((bid + ask) / 2n - index) * 1_000n;
    journal.set(book, "premium", book.premium + ((seen - book.premium) * (BILLION - kept)) / BILLION);
  }
  journal.set(book, "sampledAt", now);

  const isDue = book.samples === 0n || now - book.premiumAt >= SECOND;
  if (terms.fundingInterval > 0n && isDue) {
    const above = greatest(0n, (bid ?? 0n) - index);
    const below = ask === undefined ? 0n : greatest(0n, index - ask);
    journal.set(book, "premiumAt", now);
    journal.set(book, "premiumSum", book.premiumSum + (clamped(above - below, index) * BILLION) / index);
    journal.set(book, "samples", book.samples + 1n);
  }
  fillSlots(world, market, index);
}

/** What so many lots would bring or cost at the best levels, ticks times lots; undefined if they do not suffice. */
function exchanged(
  side: PriceQueue<Order>,
  lots: bigint,
  better: (a: number, b: number) => number,
): bigint | undefined {
  const prices = [...side.ticks()];
  prices.sort(better);
  let left = lots;
  let total = 0n;
  for (const price of prices.slice(0, IMPACT_LEVELS)) {
    const there = side.at(price).reduce((sum, order) => sum + order.lots, 0n);
    const taken = least(left, there);
    total += BigInt(price) * taken;
    left -= taken;
    if (left === 0n) return total;
  }
  return undefined;
}

function isInWindow({ time }: World, { contract, expiry }: Market): boolean {
  return contract === CONTRACT.future && BigInt(time) >= BigInt(expiry) - WINDOW;
}

function fillSlots(world: World, market: Market, index: bigint): void {
  const { journal } = world;
  const { book } = market;
  if (isInWindow(world, market)) {
    const since = BigInt(world.time) - (BigInt(market.expiry) - WINDOW);
    const due = least(SLOTS, since / (WINDOW / SLOTS));
    const price = book.lastIndex === 0n ? index : book.lastIndex;
    journal.set(book, "slotSum", book.slotSum + (due - book.slots) * price);
    journal.set(book, "slots", due);
  }
  journal.set(book, "lastIndex", index);
}

function windowAverage({ book }: Market, index: bigint): bigint {
  return (book.slotSum + (SLOTS - book.slots) * index) / SLOTS;
}

/** The final price that reporters made; 0 if nobody told any. */
export function finalPrice(world: World, market: Market): number {
  const index = indexOf(market);
  if (index === 0n) return 0;
  fillSlots(world, market, index);
  return nearestTick(market, windowAverage(market, index));
}

function markOf(world: World, market: Market): number {
  const { terms, book } = market;
  const index = indexOf(market);
  if (isInWindow(world, market)) return nearestTick(market, windowAverage(market, index));
  if (terms.markBand === 0n) return nearestTick(market, index);
  const premium = book.premium / 1_000n;
  let fair = index;
  if (market.contract === CONTRACT.perpetual) {
    fair = middle(carried(world, market, index), index + premium, traded(market, index + premium));
  } else {
    const left = greatest(0n, BigInt(market.expiry - world.time));
    fair = index + clamped(premium, (index * least(left, YEAR)) / YEAR);
  }
  const lowest = greatest(1n, ceilDivide(ceilDivide(index * (MILLION - terms.markBand), MILLION), 1_000n));
  const top = (index * (MILLION + terms.markBand)) / MILLION / 1_000n;
  const highest = least(BigInt(market.highestPrice), top);
  if (lowest > highest) return nearestTick(market, index);
  const nearest = BigInt(nearestTick(market, fair));
  return Number(greatest(lowest, least(nearest, highest)));
}

function nearestTick(market: Market, price: bigint): number {
  const tick = price + 500n < 0n ? 0 : ticksBelow(price + 500n);
  return Math.max(1, Math.min(tick, market.highestPrice));
}

function carried({ time }: World, { terms, book }: Market, index: bigint): bigint {
  if (terms.fundingInterval === 0n) return index;
  const left = greatest(0n, book.fundingDue - BigInt(time));
  return index + (index * ((book.fundingRate * left) / terms.fundingInterval)) / BILLION;
}

function traded({ bids, asks, lastPrice }: Market, smoothed: bigint): bigint {
  const { highest: bid } = bids;
  const { lowest: ask } = asks;
  if (bid === undefined || ask === undefined) return smoothed;
  if (lastPrice === 0) return BigInt(bid + ask) * 500n;
  return 1_000n * middle(BigInt(bid), BigInt(ask), BigInt(lastPrice));
}

function middle(...three: readonly [bigint, bigint, bigint]): bigint {
  const sorted = [...three];
  sorted.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[1] as bigint;
}

export function clamped(value: bigint, most: bigint): bigint {
  return absolute(value) <= most ? value : value < 0n ? -most : most;
}

export function averagePremium({ book }: Market): bigint {
  return book.samples === 0n ? 0n : book.premiumSum / book.samples;
}

/** Funding rate for one interval, as the market has measured it. */
export function measuredRate(market: Market): bigint {
  const { terms } = market;
  const premium = averagePremium(market) / 8n;
  const hourly = premium + clamped(terms.interestRate - premium, 62_500n);
  const initial = terms.initialMargin * 1_000n;
  const cap = (initial - ceilDivide(initial * terms.maintenanceRatio, MILLION)) / 16n;
  return clamped((clamped(hourly, cap) * terms.fundingInterval) / HOUR, terms.fundingCap);
}

export function beginInterval({ journal }: World, { book }: Market, rate: bigint, due: bigint): void {
  journal.set(book, "fundingRate", rate);
  journal.set(book, "fundingDue", due);
  journal.set(book, "premiumSum", 0n);
  journal.set(book, "samples", 0n);
}

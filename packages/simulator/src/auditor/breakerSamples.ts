/**
 * What breakers remember. A sample of an interval is the value that held before the first update in that interval or after it.
 *
 * @see docs/spec/breakers.md, "Samples"
 */
import { greatest, least } from "./arithmetic.ts";
import { HOW, MAX_INTEGER, MILLION } from "./terms.ts";
import type { Breaker, Loss, Update } from "./breakerBook.ts";
import type { Market, Order, World } from "./venue.ts";
import { notionalOf } from "./world.ts";
import type { PriceQueue } from "./queue.ts";

/** Longer than any window. */
const MEMORY = 4_000_000;
const BOOK_PERIOD = 10_000;
const DEEPEST = 2n ** 44n;

/** Remembers this update. */
export function remember(world: World, market: Market): void {
  const { breaker, mark, openInterest } = market;
  const { time } = world;
  const kept = breaker.updates.filter((_, index, all) => {
    const next = all[index + 1];
    return next === undefined || next.time > time - MEMORY;
  });
  world.journal.set(breaker, "updates", [...kept, { time, mark, interest: openInterest }]);
}

/** A breaker that begins to watch takes mark and open interest as if they had been so since it last looked. */
export function beginAnew(world: World, market: Market): void {
  const { breaker, mark, openInterest } = market;
  const time = breaker.updates[breaker.updates.length - 1]?.time ?? -Infinity;
  world.journal.set(breaker, "updates", [...breaker.updates, { time, mark, interest: openInterest }]);
}

/** The values that held in the `count` intervals up to now, each so long. */
export function samples(breaker: Breaker, time: number, count: number, period: number): Update[] {
  const slot = Math.floor(time / period);
  const found: Update[] = [];
  for (let interval = slot - count + 1; interval <= slot; interval += 1) {
    const before = breaker.updates.filter((each) => Math.floor(each.time / period) < interval);
    const update = before[before.length - 1];
    if (update !== undefined) found.push(update);
  }
  return found;
}

/** What happened in the `count` intervals up to now. */
export function sumOf(losses: readonly Loss[], time: number, count: number, period: number): bigint {
  const first = Math.floor(time / period) - count + 1;
  const within = losses.filter((loss) => Math.floor(loss.time / period) >= first);
  return least(
    within.reduce((sum, { value }) => sum + value, 0n),
    MAX_INTEGER,
  );
}

/** Notes what the command liquidated and lost, from what it told. */
export function noteLosses(world: World, market: Market): void {
  const { breaker } = market;
  if (!breaker.on) return;
  const { time, journal, events } = world;
  const closed = events.filter(
    ({ name, values }) => name === "positionLiquidated" && Number(values[0]) === market.id,
  );
  if (closed.length === 0) return;
  const counted = closed.filter(({ values }) => Number(values[3]) !== HOW.callAuction);
  const sold = counted.map(({ values }) => {
    const lots = values[2] as bigint;
    return { time, value: notionalOf(market, market.mark, lots < 0n ? -lots : lots) };
  });
  journal.set(breaker, "liquidations", [...recent(breaker.liquidations, time), ...sold]);
  const buckets = new Set(closed.map(({ values }) => values[1] as bigint));
  const lost = events
    .filter(({ name, values }) => name === "lossAbsorbed" && buckets.has(values[1] as bigint))
    .map(({ values }) => ({ time, value: values[3] as bigint }));
  journal.set(breaker, "losses", [...recent(breaker.losses, time), ...lost]);
}

function recent(losses: readonly Loss[], time: number): Loss[] {
  return losses.filter((loss) => loss.time > time - MEMORY);
}

/** Distance of two prices from twice a middle, ppm, rounded up, at most a thousand times. */
export function share(part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : least((part * MILLION + whole - 1n) / whole, 1_000n * MILLION);
}

export function spreadOf({ bids, asks }: Market): bigint {
  if (bids.highest === undefined || asks.lowest === undefined) return 0n;
  return share(2n * BigInt(asks.lowest - bids.highest), BigInt(asks.lowest + bids.highest));
}

/** Samples spread and depth, at most once in ten seconds. */
export function sampleBook(world: World, market: Market): void {
  const { breaker } = market;
  const { journal, time } = world;
  const slot = Math.floor(time / BOOK_PERIOD);
  if (slot <= breaker.bookSlot) return;
  journal.set(breaker, "bookSlot", slot);
  const bids = lotsOf(market.bids, market.bids.ticks().slice(-8));
  const asks = lotsOf(market.asks, market.asks.ticks().slice(0, 8));
  const depth = least(least(bids, asks), DEEPEST);
  journal.set(breaker, "depth", depth);
  journal.set(breaker, "depthMean", approach(breaker.depthMean, depth));
  const spread = spreadOf(market);
  if (spread > 0n) journal.set(breaker, "spreadMean", approach(breaker.spreadMean, spread));
}

function lotsOf(side: PriceQueue<Order>, ticks: readonly number[]): bigint {
  return ticks.flatMap((tick) => side.at(tick)).reduce((sum, { lots }) => sum + lots, 0n);
}

function approach(mean: bigint, sample: bigint): bigint {
  return mean === 0n ? 256n * sample : greatest(0n, mean + sample - mean / 256n);
}

/** Candles of what is traded on the book, in six lengths. Between trades there are none. */
import type { RowOf } from "../schema.ts";
import type { Moment } from "./moment.ts";

const MINUTE = 60_000;
/** Lengths by the names clients know, ms. Days are UTC. */
export const INTERVALS = {
  "1m": MINUTE,
  "5m": 5 * MINUTE,
  "15m": 15 * MINUTE,
  "1h": 60 * MINUTE,
  "4h": 240 * MINUTE,
  "1d": 1_440 * MINUTE,
} as const;

const LENGTHS: readonly number[] = Object.values(INTERVALS);

/** Adds a trade to the candles it falls into: to what is new of them, which is then joined to what is stored. */
export function addTrade(
  { harvest, time }: Moment,
  { tier, market, notional }: RowOf<"markets">,
  price: number,
  lots: number,
): void {
  const value = BigInt(price * notional) * BigInt(lots);
  for (const interval of LENGTHS) {
    const start = time - (time % interval);
    const key = `${tier}/${market}/${interval}/${start}`;
    const candle = harvest.candles.get(key);
    if (candle === undefined) {
      harvest.candles.set(key, {
        tier,
        market,
        interval,
        start,
        open: price,
        high: price,
        low: price,
        close: price,
        volume: String(lots),
        quoteVolume: String(value),
        trades: 1,
      });
      continue;
    }
    candle.high = Math.max(candle.high, price);
    candle.low = Math.min(candle.low, price);
    candle.close = price;
    candle.volume = String(BigInt(candle.volume) + BigInt(lots));
    candle.quoteVolume = String(BigInt(candle.quoteVolume) + value);
    candle.trades++;
  }
}

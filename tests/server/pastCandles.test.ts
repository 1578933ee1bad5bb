/** A node that comes back has the candles it would have had if it had never gone. */
import { INTERVALS, type Instrument, type Interval, notionalOf } from "@bulkhead/protocol";
import type { History } from "@bulkhead/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Candle, CandleRing } from "../../packages/server/src/market/candles.ts";
import { pastCandles } from "../../packages/server/src/node/pastCandles.ts";
import { DIRECTORY } from "./streaming.ts";

const DAY = 86_400_000;
const instrument = DIRECTORY.instruments[0] as Instrument;
const NAMES = Object.keys(INTERVALS) as Interval[];

interface Traded {
  readonly sequence: number;
  readonly time: number;
  readonly price: number;
  readonly lots: number;
}

/** Everything in a ring without an end. */
function candlesOf(interval: number, trades: readonly Traded[]): Candle[] {
  const ring = new CandleRing(interval, Infinity);
  for (const { time, price, lots } of trades) ring.trade(time, price, lots);
  return ring.all();
}

/** Views that have taken in these trades, and answer in pages of so many rows. */
function historyOf(trades: readonly Traded[]): History {
  const ask = async (name: string, question: object): Promise<unknown> => {
    const {
      from = 0,
      until = Infinity,
      limit = 100,
      cursor = "0",
      interval,
    } = question as {
      from?: number;
      until?: number;
      limit?: number;
      cursor?: string;
      interval: Interval;
    };
    if (name === "candles")
      return candlesOf(INTERVALS[interval], trades)
        .filter(({ start }) => start >= from && start <= until)
        .toReversed()
        .slice(0, limit)
        .map(({ lots, turnover, ...candle }) => ({
          ...candle,
          volume: String(lots),
          quoteVolume: String(turnover * notionalOf(instrument)),
        }));
    const found = trades.filter(({ time }) => time >= from && time <= until);
    const end = Number(cursor) + limit;
    return { rows: found.slice(Number(cursor), end), ...(end < found.length && { next: String(end) }) };
  };
  return { sequence: async () => 0, reached: async () => undefined, ask: ask as never };
}

const steps = fc.array(
  fc.record({
    wait: fc.oneof(fc.constant(0), fc.nat({ max: 90_000 }), fc.nat({ max: DAY / 8 })),
    price: fc.integer({ min: 1, max: 1_000 }),
    lots: fc.integer({ min: 1, max: 50 }),
  }),
  { maxLength: 60 },
);

describe("candles from before a restart", () => {
  test("and those of what was traded since are those of all that was traded", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat({ max: 60 }), fc.nat({ max: 120_000 }), async (all, cut, idle) => {
        let time = 1_800_000_000_000;
        const trades = all.map(({ wait, price, lots }, index) => ({
          sequence: 2 * index + 1,
          time: (time += wait),
          price,
          lots,
        }));
        const before = trades.slice(0, cut);
        // The last command of the log need not be a trade.
        const next = trades[cut]?.time ?? Infinity;
        const last = Math.min((before.at(-1)?.time ?? 1_800_000_000_000) + idle, next);
        const beginning = { sequence: 2 * cut, time: last };
        const past = await pastCandles(historyOf(trades), instrument, beginning);
        for (const interval of NAMES) {
          const length = INTERVALS[interval];
          const ring = new CandleRing(length, 500);
          for (const trade of trades.slice(cut)) ring.trade(trade.time, trade.price, trade.lots);
          ring.fill(past.get(interval) ?? []);
          const kept = interval === "1m" ? last - DAY : last - (last % length) - 500 * length;
          const expected = candlesOf(length, trades).filter(({ start }) => start >= kept);
          expect(ring.all(), interval).toEqual(expected);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("come in as many pages as they take", async () => {
    const begun = 1_800_000_000_000;
    const trades = Array.from({ length: 1_400 + 2_500 }, (_, index) => ({
      sequence: index + 1,
      time: begun + (index < 1_400 ? index * 60_000 : 1_400 * 60_000 + (index - 1_400)),
      price: 100 + (index % 7),
      lots: 1,
    }));
    const { sequence, time } = trades.at(-1)!;
    const past = await pastCandles(historyOf(trades), instrument, { sequence, time });
    expect(past.get("1m")).toEqual(candlesOf(60_000, trades));
    expect(past.get("1m")?.at(-1)).toMatchObject({ trades: 2_500 });
  });
});

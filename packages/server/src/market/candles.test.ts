import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CandleRing } from "./candles.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const trades = fc.array(
  fc.record({
    wait: fc.nat(5 * MINUTE),
    price: fc.integer({ min: 1, max: 50 }),
    lots: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 80 },
);

describe("candles", () => {
  test("are what all trades of their minute come to, the newest kept", () => {
    fc.assert(
      fc.property(trades, fc.integer({ min: 1, max: 20 }), (steps, capacity) => {
        const ring = new CandleRing(MINUTE, capacity);
        const minutes = new Map<number, { price: number; lots: number }[]>();
        let time = DAY;
        for (const { wait, price, lots } of steps) {
          time += wait;
          ring.trade(time, price, lots);
          const start = Math.floor(time / MINUTE) * MINUTE;
          minutes.set(start, [...(minutes.get(start) ?? []), { price, lots }]);
        }
        const expected = Array.from(minutes, ([start, those]) => {
          const prices = those.map(({ price }) => price);
          return {
            start,
            open: prices[0],
            high: Math.max(...prices),
            low: Math.min(...prices),
            close: prices.at(-1),
            lots: those.reduce((sum, { lots }) => sum + lots, 0),
            turnover: those.reduce((sum, { price, lots }) => sum + price * lots, 0),
            trades: those.length,
          };
        }).slice(-capacity);
        expect(ring.all()).toEqual(expected);
        const day = ring.day(time);
        expect(day.first).toBe(expected[0]?.open);
        expect(day.last).toBe(expected.at(-1)?.close);
        expect(day.high).toBe(Math.max(...expected.map(({ high }) => high)));
        expect(day.low).toBe(Math.min(...expected.map(({ low }) => low)));
        expect(day.trades).toBe(expected.reduce((sum, candle) => sum + candle.trades, 0));
      }),
    );
  });

  test("of a day ago are not of the day any more", () => {
    const ring = new CandleRing(MINUTE, 2_000);
    ring.trade(MINUTE, 5, 1);
    ring.trade(2 * MINUTE, 7, 2);
    expect(ring.day(DAY + MINUTE)).toMatchObject({ first: 7, low: 7, lots: 2 });
    expect(ring.day(DAY + 2 * MINUTE)).toEqual({
      first: 0,
      last: 0,
      high: 0,
      low: 0,
      lots: 0,
      turnover: 0,
      trades: 0,
    });
  });
});

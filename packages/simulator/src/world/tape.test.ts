import { expect, test } from "vitest";
import type { PriceSeries } from "./priceSeries.ts";
import { playTape, tapeLength } from "./tape.ts";

type Bar = readonly [time: number, open: number, high: number, low: number, close: number];

function seriesOf(...bars: readonly Bar[]): PriceSeries {
  const column = (at: 0 | 1 | 2 | 3 | 4): Float64Array => Float64Array.from(bars, (bar) => bar[at]);
  return {
    name: "",
    decimals: 0,
    time: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
  };
}

function played(
  ...series: readonly PriceSeries[]
): (readonly [time: number, series: number, price: number])[] {
  return [...playTape(series)].map((print) => [print.time, print.series, print.price]);
}

test("a rising bar sees its low first, a falling one its high", () => {
  const series = seriesOf([0, 5, 9, 1, 6], [1_000, 6, 8, 2, 3]);
  expect(played(series)).toEqual([
    [0, 0, 5],
    [250, 0, 1],
    [500, 0, 9],
    [999, 0, 6],
    [1_000, 0, 6],
    [1_250, 0, 8],
    [1_500, 0, 2],
    [1_999, 0, 3],
  ]);
});

test("series of different bars share one clock, those given first come first", () => {
  const fast = seriesOf([0, 1, 1, 1, 1], [100, 2, 2, 2, 2]);
  const slow = seriesOf([0, 7, 7, 7, 7], [200, 8, 8, 8, 8]);
  const times = played(fast, slow).map(([time, series]) => `${time}:${series}`);
  expect(times.join(" ")).toBe(
    "0:0 0:1 25:0 50:0 50:1 99:0 100:0 100:1 125:0 150:0 199:0 199:1 200:1 250:1 300:1 399:1",
  );
});

test("a market may come later, with a gap, or as a single bar", () => {
  const gap = seriesOf([0, 1, 1, 1, 1], [100, 1, 1, 1, 1], [900, 1, 1, 1, 1]);
  const single = seriesOf([500, 3, 3, 3, 3]);
  const prints = [...playTape([gap, single])];
  expect(prints).toHaveLength(tapeLength([gap, single]));
  expect(prints.map(({ time }) => time)).toEqual([
    0, 25, 50, 99, 100, 125, 150, 199, 500, 900, 925, 950, 999, 15_500, 30_500, 60_499,
  ]);
  expect(prints.filter(({ isClose }) => isClose).map(({ series }) => series)).toEqual([0, 0, 0, 1]);
});

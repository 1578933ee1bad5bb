/** Prices of one market over time, as bars. */

/** Bars in columns, oldest first; a price is a whole number of 10^−decimals USD. */
export interface PriceSeries {
  readonly name: string;
  readonly decimals: number;
  /** When each bar opens, ms since the epoch, rising. */
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** Length of a bar taken to stand alone, ms. */
const LONE_BAR_MS = 60_000;

/** The length of a series' bars: the shortest time between two of them, ms. */
export function barLength({ time }: PriceSeries): number {
  let shortest = Infinity;
  for (let bar = 1; bar < time.length; bar++) {
    shortest = Math.min(shortest, (time[bar] as number) - (time[bar - 1] as number));
  }
  return shortest === Infinity ? LONE_BAR_MS : shortest;
}

/** When the last bar ends, ms since the epoch. */
export function endOf(series: PriceSeries): number {
  return (series.time.at(-1) ?? 0) + barLength(series);
}

/** The bars that open at or after one moment and before another, ms since the epoch; columns are views of the same memory. */
export function between(series: PriceSeries, from: number, to: number): PriceSeries {
  const { time, open, high, low, close } = series;
  const first = indexAtOrAfter(time, from);
  const end = Math.max(first, indexAtOrAfter(time, to));
  const cut = (column: Float64Array): Float64Array => column.subarray(first, end);
  return { ...series, time: cut(time), open: cut(open), high: cut(high), low: cut(low), close: cut(close) };
}

function indexAtOrAfter(time: Float64Array, moment: number): number {
  const found = time.findIndex((each) => each >= moment);
  return found === -1 ? time.length : found;
}

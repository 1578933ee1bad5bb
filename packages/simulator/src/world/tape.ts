/** All series on one clock: every bar becomes four prices, and the prices of all markets follow one another in time. */
import { type PriceSeries, barLength } from "./priceSeries.ts";

/** One price on the tape. */
export interface Print {
  /** Ms since the epoch. */
  readonly time: number;
  /** Which series, from 0. */
  readonly series: number;
  /** In the units of the series. */
  readonly price: number;
  readonly isClose: boolean;
}

export const PRINTS_PER_BAR = 4;

/** How many prices the tape has. */
export function tapeLength(series: readonly PriceSeries[]): number {
  return series.reduce((sum, { time }) => sum + time.length, 0) * PRINTS_PER_BAR;
}

/**
 * Plays the tape. A bar prints its open when it opens, then its low and high at a quarter and half of its length — the low first if it
 * closed no lower than it opened, the high first otherwise — and its close in its last millisecond. At one time the series go in order.
 */
export function* playTape(series: readonly PriceSeries[]): Generator<Print, void> {
  const heads = series.map((prices, index) => new Head(prices, index));
  for (;;) {
    const next = heads.reduce<Head | undefined>(
      (first, head) => (head.isOver || (first !== undefined && first.time <= head.time) ? first : head),
      undefined,
    );
    if (next === undefined) return;
    yield next.print();
  }
}

/** Where the tape stands in one series. */
class Head {
  time: number;

  private readonly prices: PriceSeries;
  private readonly index: number;
  private readonly length: number;
  private bar = 0;
  private phase = 0;

  constructor(prices: PriceSeries, index: number) {
    this.prices = prices;
    this.index = index;
    this.length = barLength(prices);
    this.time = prices.time[0] ?? Infinity;
  }

  get isOver(): boolean {
    return this.bar >= this.prices.time.length;
  }

  print(): Print {
    const { time, index: series } = this;
    const print = { time, series, price: this.price(), isClose: this.phase === PRINTS_PER_BAR - 1 };
    this.phase = (this.phase + 1) % PRINTS_PER_BAR;
    if (this.phase === 0) this.bar += 1;
    this.time = (this.prices.time[this.bar] ?? Infinity) + this.delay();
    return print;
  }

  private price(): number {
    const { prices, bar, phase } = this;
    const isRising = (prices.close[bar] as number) >= (prices.open[bar] as number);
    const [first, second] = isRising ? [prices.low, prices.high] : [prices.high, prices.low];
    return ([prices.open, first, second, prices.close][phase] as Float64Array)[bar] as number;
  }

  private delay(): number {
    if (this.phase === PRINTS_PER_BAR - 1) return this.length - 1;
    return Math.floor((this.length * this.phase) / PRINTS_PER_BAR);
  }
}

/** What was traded in a market by the minute, hour or day: candles, as many as fit, and the figures of the last 24 hours. */

/** Prices are ticks. A time in which nobody traded has no candle. */
export interface Candle {
  /** When it begins, ms; a multiple of the interval. */
  readonly start: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly lots: number;
  /** Σ price · lots, ticks · lots; beyond 2^53 to sixteen digits. */
  readonly turnover: number;
  readonly trades: number;
}

/** One that is still being made. */
type Growing = { -readonly [Field in keyof Candle]: Candle[Field] };

/** What was traded since some time. `first` is the price it began with, 0 = nobody has traded. */
export interface Day {
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
  readonly lots: number;
  readonly turnover: number;
  readonly trades: number;
}

const DAY_MS = 86_400_000;
const NO_DAY: Day = { first: 0, last: 0, high: 0, low: 0, lots: 0, turnover: 0, trades: 0 };

/** One in which a single trade happened. */
export function candleOf(start: number, price: number, lots: number): Candle {
  return {
    start,
    open: price,
    high: price,
    low: price,
    close: price,
    lots,
    turnover: price * lots,
    trades: 1,
  };
}

/** Candles of a longer interval made of shorter ones, or of parts; what was traded first comes first. @param interval - ms */
export function joined(candles: readonly Candle[], interval: number): Candle[] {
  const made: Growing[] = [];
  for (const candle of candles) {
    const start = candle.start - (candle.start % interval);
    const last = made.at(-1);
    if (last?.start !== start) {
      made.push({ ...candle, start });
      continue;
    }
    last.high = Math.max(last.high, candle.high);
    last.low = Math.min(last.low, candle.low);
    last.close = candle.close;
    last.lots += candle.lots;
    last.turnover += candle.turnover;
    last.trades += candle.trades;
  }
  return made;
}

/** The newest candles of one interval, in a ring. */
export class CandleRing {
  readonly interval: number;
  private readonly ring: Growing[] = [];
  private readonly capacity: number;
  /** Where the next new one goes, once the ring is full. */
  private next = 0;

  /** @param interval - ms */
  constructor(interval: number, capacity: number) {
    this.interval = interval;
    this.capacity = capacity;
  }

  get newest(): Candle | undefined {
    return this.growing;
  }

  /** Counts a trade; times never go back. */
  trade(time: number, price: number, lots: number): void {
    const start = time - (time % this.interval);
    const newest = this.growing;
    if (newest === undefined || newest.start < start) {
      this.push(candleOf(start, price, lots));
      return;
    }
    if (price > newest.high) newest.high = price;
    if (price < newest.low) newest.low = price;
    newest.close = price;
    newest.lots += lots;
    newest.turnover += price * lots;
    newest.trades++;
  }

  /** Candles of what was traded before everything it has, the oldest first. The last of them may be the beginning of its own oldest. */
  fill(candles: readonly Candle[]): void {
    const all = joined([...candles, ...this.all()], this.interval);
    this.ring.length = 0;
    this.next = 0;
    for (const candle of all.slice(-this.capacity)) this.push({ ...candle });
  }

  /** All that are kept, the oldest first. */
  all(): Candle[] {
    return [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
  }

  /** What was traded in the 24 hours before a time, to the interval. */
  day(now: number): Day {
    const since = now - DAY_MS;
    let day = NO_DAY;
    const { ring, next } = this;
    for (let back = 1; back <= ring.length; back++) {
      const candle = ring[(next - back + 2 * ring.length) % ring.length] as Candle;
      if (candle.start <= since) break;
      day = {
        first: candle.open,
        last: day.trades === 0 ? candle.close : day.last,
        high: Math.max(day.high, candle.high),
        low: day.trades === 0 ? candle.low : Math.min(day.low, candle.low),
        lots: day.lots + candle.lots,
        turnover: day.turnover + candle.turnover,
        trades: day.trades + candle.trades,
      };
    }
    return day;
  }

  private push(candle: Growing): void {
    if (this.ring.length < this.capacity) {
      this.ring.push(candle);
      return;
    }
    this.ring[this.next] = candle;
    this.next = (this.next + 1) % this.capacity;
  }

  private get growing(): Growing | undefined {
    const { ring, next } = this;
    return ring[next === 0 ? ring.length - 1 : next - 1];
  }
}

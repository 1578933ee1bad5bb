/** What everybody can see of a market: its index price, where it has been, and the top of the book. */
import { marketView } from "@bulkhead/engine";
import type { Exchange } from "./exchange.ts";

/** What everybody knows of a market before it opens. */
export interface Terms {
  readonly tier: number;
  readonly market: number;
  /** Micro-dollars per tick and lot. */
  readonly notional: number;
  /** Highest price, ticks. */
  readonly topPrice: number;
  readonly maxPositionLots: number;
  /** Time between two bars of the price source, ms. */
  readonly paceMs: number;
}

/** Averages are kept over about 2^1 … 2^SLOWEST index updates. */
const SLOWEST = 11;

export class Screen {
  readonly terms: Terms;
  /** Last index price, ticks; 0 before the first. */
  index = 0;
  /** Mean of the last moves, ppm of the price. */
  restlessness = 0;

  private readonly exchange: Exchange;
  private readonly averages = new Float64Array(SLOWEST + 1);

  constructor(terms: Terms, exchange: Exchange) {
    this.terms = terms;
    this.exchange = exchange;
  }

  /** Shows a new index price, ticks. */
  show(index: number): void {
    if (this.index === 0) this.averages.fill(index);
    else
      this.restlessness += ((Math.abs(index - this.index) / this.index) * 1_000_000 - this.restlessness) / 32;
    this.index = index;
    for (let slowness = 1; slowness <= SLOWEST; slowness++) {
      const average = this.averages[slowness] as number;
      this.averages[slowness] = average + (index - average) / 2 ** slowness;
    }
  }

  /** How far the price stands above its average over about 2^slowness updates, ppm, signed. */
  trend(slowness: number): number {
    const average = this.averages[slowness] as number;
    return ((this.index - average) / average) * 1_000_000;
  }

  /** Best bid and ask, ticks; 0 = none. */
  top(): { readonly bestBid: number; readonly bestAsk: number } {
    return marketView(this.exchange.venue, this.terms.tier, this.terms.market);
  }

  /** Lots worth about so many micro-dollars, within what one order may sensibly be. */
  lotsWorth(value: number): number {
    const lots = Math.floor(value / (this.index * this.terms.notional));
    return Math.min(lots, Math.floor(this.terms.maxPositionLots / 4));
  }

  /** The price moved by a share of itself, ticks: at least one tick, within the range. */
  moved(ppm: number): number {
    const ticks = Math.max(1, Math.round((this.index * Math.abs(ppm)) / 1_000_000));
    return this.within(ppm < 0 ? this.index - ticks : this.index + ticks);
  }

  /** The nearest price of the range, ticks. */
  within(price: number): number {
    return Math.min(Math.max(1, Math.round(price)), this.terms.topPrice);
  }
}

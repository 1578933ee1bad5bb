/** Hourly funding: the mean distance of the book's mid price from the index since the last accrual, within the market's cap. */
export class Premium {
  private sum = 0;
  private samples = 0;

  /** Notes where the book stands, all in ticks; a book without two sides says nothing. */
  note(bestBid: number, bestAsk: number, index: number): void {
    if (bestBid === 0 || bestAsk === 0) return;
    this.sum += ((bestBid + bestAsk) / 2 - index) / index;
    this.samples += 1;
  }

  /** The rate to accrue, ppb of the mark, and a fresh start; longs pay when it is positive. */
  take(cap: number): number {
    const mean = this.samples === 0 ? 0 : this.sum / this.samples;
    this.sum = 0;
    this.samples = 0;
    const rate = Math.round(mean * PPB);
    // + 0 turns −0 into 0: a rate is a whole number, and −0 is not one to the engine.
    return Math.min(cap, Math.max(-cap, rate)) + 0;
  }
}

const PPB = 1_000_000_000;

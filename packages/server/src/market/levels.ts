/** One side of a market's book by price: what rests at each level, and which levels have changed since somebody looked. */

/** What rests at a price: ticks, and the lots of so many orders. */
export interface Level {
  readonly price: number;
  readonly lots: number;
  readonly orders: number;
}

/**
 * Levels lie in plain arrays, the worst first and the best at the end: almost everything happens near the best price, where inserting and
 * removing move next to nothing.
 */
export class Levels {
  /** Prices that the side has changed at since `forgetChanges`. */
  readonly changed: Set<number> = new Set();
  /** 1 if a higher price is a better one, −1 if a lower one is. */
  private readonly sign: 1 | -1;
  /** `sign · price`, ascending. */
  private readonly keys: number[] = [];
  private readonly lots: number[] = [];
  private readonly orders: number[] = [];

  constructor(side: "bids" | "asks") {
    this.sign = side === "bids" ? 1 : -1;
  }

  get size(): number {
    return this.keys.length;
  }

  /**
   * Adds lots and orders to a level, or takes them away.
   * @returns false if there are not so many: then nothing has changed
   */
  change(price: number, lots: number, orders: number): boolean {
    const key = this.sign * price;
    const at = this.indexOf(key);
    if (this.keys[at] !== key) {
      if (!(lots > 0 && orders > 0)) return false;
      this.keys.splice(at, 0, key);
      this.lots.splice(at, 0, lots);
      this.orders.splice(at, 0, orders);
      this.changed.add(price);
      return true;
    }
    const lotsLeft = (this.lots[at] as number) + lots;
    const ordersLeft = (this.orders[at] as number) + orders;
    if (lotsLeft < 0 || ordersLeft < 0 || (lotsLeft === 0) !== (ordersLeft === 0)) return false;
    if (ordersLeft === 0) {
      this.keys.splice(at, 1);
      this.lots.splice(at, 1);
      this.orders.splice(at, 1);
    } else {
      this.lots[at] = lotsLeft;
      this.orders[at] = ordersLeft;
    }
    this.changed.add(price);
    return true;
  }

  /** Lots at a price, 0 if nobody rests there. */
  lotsAt(price: number): number {
    const key = this.sign * price;
    const at = this.indexOf(key);
    return this.keys[at] === key ? (this.lots[at] as number) : 0;
  }

  /** Up to `depth` levels, best first. */
  best(depth: number): Level[] {
    const levels: Level[] = [];
    for (let at = this.keys.length - 1; at >= 0 && levels.length < depth; at--)
      levels.push({
        price: this.sign * (this.keys[at] as number),
        lots: this.lots[at] as number,
        orders: this.orders[at] as number,
      });
    return levels;
  }

  /** Where a key is, or would be inserted. */
  private indexOf(key: number): number {
    let [low, high] = [0, this.keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.keys[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The smallest book that is plainly right: one first-in-first-out list per tick, orders named by the command
 * that added them, the next best price found by looking at the neighbouring ticks.
 */
export const BUY = 0;
export const SELL = 1;
export type Side = typeof BUY | typeof SELL;

export type OnTrade = (price: number, lots: number, maker: number) => void;

const NONE = -1;

export class ReferenceBook {
  /** Lots still resting, by adding command; 0 once filled, cancelled or never rested. */
  readonly remaining: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #price: Int32Array;
  readonly #side: Uint8Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  /** Best price per side; meaningful only while that side has orders. */
  readonly #best: Int32Array = new Int32Array(2);
  readonly #orders: Int32Array = new Int32Array(2);
  #levels = 0;

  /** @param commands - most commands it will see   @param ticks - prices lie in [1, ticks) */
  constructor(commands: number, ticks: number) {
    this.remaining = new Int32Array(commands);
    this.#next = new Int32Array(commands);
    this.#previous = new Int32Array(commands);
    this.#price = new Int32Array(commands);
    this.#side = new Uint8Array(commands);
    this.#first = new Int32Array(ticks).fill(NONE);
    this.#last = new Int32Array(ticks).fill(NONE);
  }

  get levels(): number {
    return this.#levels;
  }

  orders(side: Side): number {
    return this.#orders[side]!;
  }

  /** Best price of a side, or `otherwise` when nothing rests there. */
  best(side: Side, otherwise: number): number {
    return this.#orders[side] === 0 ? otherwise : this.#best[side]!;
  }

  crosses(side: Side, price: number): boolean {
    const against = opposite(side);
    if (this.#orders[against] === 0) return false;
    return side === BUY ? price >= this.#best[against]! : price <= this.#best[against]!;
  }

  /** Trades against the other side in price-time order, then rests what is left. */
  submit(command: number, side: Side, price: number, lots: number, onTrade: OnTrade): void {
    const against = opposite(side);
    let left = lots;
    while (left > 0 && this.crosses(side, price)) {
      const level = this.#best[against]!;
      const maker = this.#first[level]!;
      const traded = Math.min(left, this.remaining[maker]!);
      left -= traded;
      onTrade(level, traded, maker);
      if (traded === this.remaining[maker]) this.cancel(maker);
      else this.remaining[maker]! -= traded;
    }
    if (left > 0) this.#rest(command, side, price, left);
  }

  cancel(command: number): void {
    if (this.remaining[command] === 0) throw new Error(`command ${command} has nothing resting`);
    const price = this.#price[command]!;
    const side = this.#side[command] as Side;
    const next = this.#next[command]!;
    const previous = this.#previous[command]!;
    if (previous === NONE) this.#first[price] = next;
    else this.#next[previous] = next;
    if (next === NONE) this.#last[price] = previous;
    else this.#previous[next] = previous;
    this.remaining[command] = 0;
    this.#orders[side]! -= 1;
    if (this.#first[price] === NONE) this.#closeLevel(side, price);
  }

  #rest(command: number, side: Side, price: number, lots: number): void {
    const last = this.#last[price]!;
    if (last === NONE) this.#openLevel(command, side, price);
    else this.#next[last] = command;
    this.#previous[command] = last;
    this.#next[command] = NONE;
    this.#last[price] = command;
    this.#price[command] = price;
    this.#side[command] = side;
    this.remaining[command] = lots;
    this.#orders[side]! += 1;
  }

  #openLevel(command: number, side: Side, price: number): void {
    this.#first[price] = command;
    this.#levels += 1;
    const best = this.#best[side]!;
    const isBetter = side === BUY ? price > best : price < best;
    if (this.#orders[side] === 0 || isBetter) this.#best[side] = price;
  }

  #closeLevel(side: Side, price: number): void {
    this.#levels -= 1;
    if (this.#orders[side] === 0 || price !== this.#best[side]) return;
    const step = side === BUY ? -1 : 1;
    let best = price + step;
    while (this.#first[best] === NONE) best += step;
    this.#best[side] = best;
  }
}

export function opposite(side: Side): Side {
  return side === BUY ? SELL : BUY;
}

import type { Journal } from "./journal.ts";

/**
 * Orders by tick, the older first at each tick: one side of a book (ticks are prices), or the orders that wait for the
 * mark to rise or to fall (ticks are triggers).
 */
export class PriceQueue<Order> {
  readonly #journal: Journal;
  /** Ticks that hold orders, ascending. */
  readonly #ticks: number[] = [];
  readonly #orders = new Map<number, Order[]>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get lowest(): number | undefined {
    return this.#ticks[0];
  }

  get highest(): number | undefined {
    return this.#ticks[this.#ticks.length - 1];
  }

  /** The oldest order at a tick. */
  first(tick: number): Order | undefined {
    return this.#orders.get(tick)?.[0];
  }

  ascending(): Order[] {
    return this.#ticks.flatMap((tick) => this.at(tick));
  }

  descending(): Order[] {
    const ticks = this.#ticks.slice();
    ticks.reverse();
    return ticks.flatMap((tick) => this.at(tick));
  }

  ticks(): readonly number[] {
    return this.#ticks;
  }

  at(tick: number): readonly Order[] {
    return this.#orders.get(tick) ?? [];
  }

  /** Puts an order behind all others at its tick. */
  append(tick: number, order: Order): void {
    this.#insert(tick, this.at(tick).length, order);
    this.#journal.note(() => this.#remove(tick, this.at(tick).length - 1));
  }

  /** Takes an order out. */
  remove(tick: number, order: Order): void {
    const index = this.at(tick).indexOf(order);
    this.#remove(tick, index);
    this.#journal.note(() => this.#insert(tick, index, order));
  }

  #insert(tick: number, index: number, order: Order): void {
    const queue = this.#orders.get(tick);
    if (queue === undefined) {
      this.#orders.set(tick, [order]);
      this.#ticks.splice(this.#placeOf(tick), 0, tick);
    } else {
      queue.splice(index, 0, order);
    }
  }

  #remove(tick: number, index: number): void {
    const queue = this.#orders.get(tick);
    if (queue === undefined || index < 0 || index >= queue.length) {
      throw new Error(`the auditor lost an order at tick ${tick}`);
    }
    queue.splice(index, 1);
    if (queue.length > 0) return;
    this.#orders.delete(tick);
    this.#ticks.splice(this.#placeOf(tick), 1);
  }

  /** Index of the first tick that is not below `tick`. */
  #placeOf(tick: number): number {
    let low = 0;
    let high = this.#ticks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ticks[middle] ?? 0) < tick) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

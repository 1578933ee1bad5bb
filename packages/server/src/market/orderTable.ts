/**
 * The orders that rest, by the slot in their id (docs/spec/execution.md, "Order ids"): parallel columns that grow with the highest slot seen,
 * so that following a venue allocates nothing per order.
 */

const ID_SLOTS = 2 ** 22;
const FIRST_CAPACITY = 1_024;

export class OrderTable {
  /** 0 = nobody rests in this slot. */
  private ids = new Float64Array(FIRST_CAPACITY);
  private lots = new Float64Array(FIRST_CAPACITY);
  private prices = new Int32Array(FIRST_CAPACITY);
  /** Market in the upper bits, side in the lowest. */
  private places = new Uint16Array(FIRST_CAPACITY);

  /** An order rests. @returns false if another one does in its slot */
  add(id: number, market: number, side: number, price: number, lots: number): boolean {
    const slot = id % ID_SLOTS;
    if (slot >= this.ids.length) this.grow(slot);
    if (this.ids[slot] !== 0) return false;
    this.ids[slot] = id;
    this.lots[slot] = lots;
    this.prices[slot] = price;
    this.places[slot] = (market << 1) | side;
    return true;
  }

  /** The slot of an order that rests, −1 if it does not. */
  slotOf(id: number): number {
    const slot = id % ID_SLOTS;
    return slot < this.ids.length && this.ids[slot] === id ? slot : -1;
  }

  marketAt(slot: number): number {
    return (this.places[slot] as number) >> 1;
  }

  sideAt(slot: number): number {
    return (this.places[slot] as number) & 1;
  }

  priceAt(slot: number): number {
    return this.prices[slot] as number;
  }

  lotsAt(slot: number): number {
    return this.lots[slot] as number;
  }

  /** Takes lots off an order that has as many; it leaves when it has none. */
  take(slot: number, lots: number): void {
    const left = (this.lots[slot] as number) - lots;
    this.lots[slot] = left;
    if (left === 0) this.ids[slot] = 0;
  }

  private grow(slot: number): void {
    const capacity = Math.max(2 * this.ids.length, slot + 1);
    const [ids, lots] = [new Float64Array(capacity), new Float64Array(capacity)];
    const [prices, places] = [new Int32Array(capacity), new Uint16Array(capacity)];
    ids.set(this.ids);
    lots.set(this.lots);
    prices.set(this.prices);
    places.set(this.places);
    [this.ids, this.lots, this.prices, this.places] = [ids, lots, prices, places];
  }
}

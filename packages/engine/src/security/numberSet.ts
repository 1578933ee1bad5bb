/**
 * Which few of very many rows a command touched, each with a place of its own in the order they came in: 0, 1, 2 … What is kept of them lies
 * in arrays by place, and so in the nearest cache; arrays by row would be read from memory, several times a command.
 */
const FIRST_BITS = 8;
/** Two to the 32 over the golden ratio: neighbours are thrown far apart. */
const SPREAD = 0x9e3779b1;

export class NumberSet {
  /** How many there are. */
  count = 0;
  /** By place. */
  private numbers = new Int32Array(2 ** (FIRST_BITS - 1));
  /** Place plus one, where a number is hashed to or in the next that was vacant; at most half full. */
  private table = new Int32Array(2 ** FIRST_BITS);
  private shift = 32 - FIRST_BITS;

  /** The place of a number of 0 to 2^31 − 1, which is taken in if it is new. */
  placeOf(number: number): number {
    const { table, numbers } = this;
    const mask = table.length - 1;
    let at = this.hashOf(number);
    for (let found = table[at] as number; found !== 0; found = table[at] as number) {
      if (numbers[found - 1] === number) return found - 1;
      at = (at + 1) & mask;
    }
    return this.take(number, at);
  }

  /** Takes all of them out. */
  clear(): void {
    const { table, numbers, count } = this;
    const mask = table.length - 1;
    for (let place = 0; place < count; place++) {
      let at = this.hashOf(numbers[place] as number);
      while (table[at] !== 0) {
        table[at] = 0;
        at = (at + 1) & mask;
      }
    }
    this.count = 0;
  }

  private take(number: number, at: number): number {
    const place = this.count;
    if (place === this.numbers.length) {
      this.grow();
      return this.placeOf(number);
    }
    this.numbers[place] = number;
    this.count = place + 1;
    this.table[at] = place + 1;
    return place;
  }

  private grow(): void {
    const { numbers, count } = this;
    this.numbers = new Int32Array(numbers.length * 2);
    this.table = new Int32Array(this.table.length * 2);
    this.shift--;
    this.count = 0;
    for (let place = 0; place < count; place++) this.placeOf(numbers[place] as number);
  }

  private hashOf(number: number): number {
    return Math.imul(number, SPREAD) >>> this.shift;
  }
}

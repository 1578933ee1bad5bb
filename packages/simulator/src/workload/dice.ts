/** Luck that repeats: integers from a seed, the same on every machine (sfc32). */
export class Dice {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed - an integer, and `stream` another: two numbers, so that episodes of one seed differ */
  constructor(seed: number, stream: number) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    this.#c = stream >>> 0;
    for (let warmUp = 0; warmUp < 16; warmUp++) this.next();
  }

  /** An integer from 0 to 2^32 − 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** An integer from 0 to `limit` − 1; `limit` from 1 to 2^53. */
  below(limit: number): number {
    if (limit <= 2 ** 32) return this.next() % limit;
    return ((this.next() >>> 11) * 2 ** 32 + this.next()) % limit;
  }

  /** An integer from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True `parts` times in a thousand. */
  happens(parts: number): boolean {
    return this.next() % 1_000 < parts;
  }

  /** An integer from 1 to `most`; every order of magnitude is as likely as another. */
  magnitude(most: number): number {
    const bits = this.below(Math.floor(Math.log2(Math.max(1, most))) + 1);
    return Math.min(most, 2 ** bits + this.below(2 ** bits));
  }

  /** One of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** A key of the table, as often as its weight says. */
  choose<Key extends string>(weights: Readonly<Partial<Record<Key, number>>>): Key {
    const entries = Object.entries(weights) as [Key, number][];
    let ticket = this.below(entries.reduce((total, [, weight]) => total + weight, 0));
    for (const [key, weight] of entries) {
      if (ticket < weight) return key;
      ticket -= weight;
    }
    throw new RangeError("a choice needs a weight above 0");
  }
}

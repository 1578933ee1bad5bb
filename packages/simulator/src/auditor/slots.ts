import type { Journal } from "./journal.ts";

const SLOTS_PER_GENERATION = 2 ** 22;

/**
 * Numbers for orders and withdrawals: slots are reused, the last freed first; ids never repeat.
 *
 * @see docs/spec/vault.md
 */
export class Slots {
  readonly #journal: Journal;
  readonly #capacity: number;
  readonly #generations: number[] = [];
  readonly #free: number[] = [];

  constructor(journal: Journal, capacity: number) {
    this.#journal = journal;
    this.#capacity = capacity;
  }

  get isFull(): boolean {
    return this.#generations.length - this.#free.length >= this.#capacity;
  }

  /** Takes a slot and returns the id it gives. */
  take(): number {
    const freed = this.#free.pop();
    if (freed !== undefined) {
      this.#journal.note(() => this.#free.push(freed));
      return (this.#generations[freed - 1] ?? 0) * SLOTS_PER_GENERATION + freed;
    }
    this.#journal.push(this.#generations, 1);
    return SLOTS_PER_GENERATION + this.#generations.length;
  }

  /** Gives back the slot of an id; its next id is of a later generation. */
  release(id: number): void {
    const slot = slotOf(id);
    this.#journal.set(this.#generations, slot - 1, (this.#generations[slot - 1] ?? 0) + 1);
    this.#journal.push(this.#free, slot);
  }
}

export function slotOf(id: number): number {
  return id % SLOTS_PER_GENERATION;
}

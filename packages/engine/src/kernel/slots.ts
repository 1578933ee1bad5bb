/**
 * Numbered rows for things that come and go by the thousand: taken clean, given back, numbered by generations so that no id repeats.
 *
 * A free slot is all zeros but for its generation and its link, so taking one is a single record in the journal, and its first
 * values need none: undoing wipes it. A slot given back keeps its contents until the command commits; then it is wiped and freed,
 * without any record. Until then it lies on top of the free slots, so the most recently freed is always taken first.
 */
import { type Arena, type IntColumn, NIL, type NumColumn, type Ref } from "./arena.ts";
import { POOL, type Pool, isExhausted } from "./pool.ts";

const LINK = 0 as IntColumn<string, Ref>;
/** A slot whose generations are used up loses its owner but is never free again: its ids would repeat. */
const LAST_GENERATION = 2_147_483_647;

/**
 * What the journal says of a slot: a value ≥ 0 is the link of one taken from the free ones, one below these codes the complement of
 * the owner of one given back.
 */
const TAKEN_AGAIN = -1;
const TAKEN_FIRST = -2;

export class Slots<Table extends string> {
  readonly pool: Pool<Table>;
  private readonly arena: Arena;
  private readonly generation: IntColumn<Table>;
  private readonly owner: IntColumn<Table, Ref>;
  private readonly integers: number;
  /** Slots given back by the command under way; `count` of them. */
  private given = new Int32Array(1 << 12);
  private count = 0;

  /**
   * @param generation - column in which the slots count their generations
   * @param owner - column that names whose a slot is; `NIL` once it was given back
   * @param integers - words at the start of a row that hold integers; the rest are doubles
   */
  constructor(
    arena: Arena,
    pool: Pool<Table>,
    generation: IntColumn<Table>,
    owner: IntColumn<Table, Ref>,
    integers: number,
  ) {
    this.arena = arena;
    this.pool = pool;
    this.generation = generation;
    this.owner = owner;
    this.integers = integers;
  }

  /** True when no slot is left to take. */
  get isExhausted(): boolean {
    return this.count === 0 && isExhausted(this.arena, this.pool);
  }

  /** Takes a slot, `NIL` when all are in use. It is all zeros but for its generation; fill it with `Arena.putInt` and `putNum`. */
  take(): Ref<Table> {
    if (this.count > 0) return this.takeAgain();
    const { arena, pool } = this;
    const { i32 } = arena;
    const slot = i32[pool.header + POOL.free] as number as Ref<Table>;
    if (slot === NIL) return this.takeFirst();
    const link = i32[slot] as number;
    arena.recordRow(slot, link);
    arena.mark(pool.header);
    i32[pool.header + POOL.free] = link;
    i32[slot] = NIL;
    return slot;
  }

  /** Gives a slot back: from now on it has no owner. What else it holds stays until the command commits. */
  giveBack(slot: Ref<Table>): void {
    const { arena, count } = this;
    if (arena.int(slot, this.generation) === LAST_GENERATION) return arena.setInt(slot, this.owner, NIL);
    if (count === this.given.length) this.grow();
    this.given[count] = slot;
    this.count = count + 1;
    arena.recordRow(slot, ~arena.int(slot, this.owner));
    arena.putInt(slot, this.owner, NIL);
  }

  /** Undoes what the journal says of a slot. */
  undo(row: number, record: number): void {
    const slot = row as Ref<Table>;
    const { i32 } = this.arena;
    const { header } = this.pool;
    if (record < TAKEN_FIRST) {
      i32[slot + this.owner] = ~record;
      this.count--;
    } else if (record === TAKEN_AGAIN) {
      this.given[this.count] = slot;
      this.count++;
    } else {
      this.wipe(slot);
      if (record === TAKEN_FIRST) {
        i32[slot + this.generation] = 0;
        i32[header + POOL.used] = (i32[header + POOL.used] as number) - 1;
      } else {
        i32[slot + LINK] = record;
        i32[header + POOL.free] = slot;
      }
    }
  }

  /** Wipes and frees the slots given back, when the command that did commits. */
  settle(): void {
    if (this.count === 0) return;
    for (let index = 0; index < this.count; index++) this.free(this.given[index] as number as Ref<Table>);
    this.arena.mark(this.pool.header);
    this.count = 0;
  }

  private free(slot: Ref<Table>): void {
    const { i32 } = this.arena;
    const { header } = this.pool;
    this.wipe(slot);
    i32[slot + this.generation] = (i32[slot + this.generation] as number) + 1;
    i32[slot + LINK] = i32[header + POOL.free] as number;
    i32[header + POOL.free] = slot;
  }

  /** Zeroes a slot but for its generation. */
  private wipe(slot: Ref<Table>): void {
    const { i32, f64 } = this.arena;
    const generation = i32[slot + this.generation] as number;
    const end = (slot + (1 << this.pool.shift)) >> 1;
    for (let at = slot >> 1; at < end; at++) f64[at] = 0;
    i32[slot + this.generation] = generation;
  }

  private takeFirst(): Ref<Table> {
    const { arena, pool } = this;
    const { i32 } = arena;
    const used = (i32[pool.header + POOL.used] as number) + 1;
    if (used > pool.capacity) return NIL;
    const slot = (pool.base + (used << pool.shift)) as Ref<Table>;
    arena.recordRow(slot, TAKEN_FIRST);
    arena.mark(pool.header);
    i32[pool.header + POOL.used] = used;
    i32[slot + this.generation] = 1;
    return slot;
  }

  /** Takes the slot given back last by this very command. It is wiped cell by cell, for its contents must come back on a rollback. */
  private takeAgain(): Ref<Table> {
    const { arena } = this;
    const slot = this.given[this.count - 1] as number as Ref<Table>;
    const generation = arena.int(slot, this.generation);
    this.count--;
    arena.recordRow(slot, TAKEN_AGAIN);
    for (let word = 0; word < this.integers; word++) arena.setInt(slot, word as IntColumn<Table>, 0);
    for (let word = this.integers; word < 1 << this.pool.shift; word += 2)
      arena.setNum(slot, (word >> 1) as NumColumn<Table>, 0);
    arena.setInt(slot, this.generation, generation + 1);
    return slot;
  }

  private grow(): void {
    const larger = new Int32Array(this.given.length * 2);
    larger.set(this.given);
    this.given = larger;
  }
}

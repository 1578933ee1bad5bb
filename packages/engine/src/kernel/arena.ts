/**
 * The memory of a shard: one block of bytes that can only be written through a journal.
 *
 * Rows are addressed by `Ref`s (word offsets), cells by a row and a column; both carry the table they belong to, so that
 * reading a column off the wrong row does not compile. A cell is either a 32-bit integer (ids, links, ticks, ppm) or a
 * double holding an exact integer (money, lots, time). Every write is range-checked, journaled with the value it replaces,
 * and marks its page, which is what makes rollback exact, snapshots cheap and the state hash incremental. A cell is of one
 * kind for good: rollback restores all doubles before all integers.
 *
 * The bytes of a fresh arena are zero, and 0 is "nothing" everywhere: the empty link, the vacant row.
 */
import { InvariantViolation, rangeFault } from "./invariant.ts";
import { type Memory, reserveMemory } from "./wasm.ts";

declare const tableOf: unique symbol;
declare const valueOf: unique symbol;

/** Address of a row: its offset in 32-bit words. Rows start on 8-byte boundaries. */
export type Ref<Table extends string = string> = number & { readonly [tableOf]: Table };
/** A 32-bit integer column; the number is its offset in words from the row. */
export type IntColumn<Table extends string, Value extends number = number> = number & {
  readonly [tableOf]: Table;
  readonly [valueOf]: readonly ["int", Value];
};
/** A column of exact integers in doubles; the number is its offset in doubles from the row. */
export type NumColumn<Table extends string, Value extends number = number> = number & {
  readonly [tableOf]: Table;
  readonly [valueOf]: readonly ["num", Value];
};
/** A moment inside a command to which the arena can be rolled back. */
export type Savepoint = number & { readonly [tableOf]: "savepoint" };

/** The empty link, of every table. */
export const NIL = 0 as Ref<never>;

/** Words (4 bytes) and doubles (8 bytes) of a page. */
export const PAGE_WORDS = 1024;
const PAGE_SHIFT_INT = 10;
const PAGE_SHIFT_NUM = 9;

const MAX_EXACT = 9_007_199_254_740_991;
/** Addresses are kept in integer cells and journals: 8 GB. */
const MAX_WORDS = 2 ** 31;
const FIRST_JOURNAL_RECORDS = 1 << 15;
/** Words of a record of integers. */
export const INT_RECORD = 2;
/** From this size on an arena lies where WebAssembly can read it: 64 MB. Each such memory reserves gigabytes of address space. */
const LARGE_BYTES = 2 ** 26;
/** A savepoint packs both journal lengths: numbers below 2^26, integers above. */
const SAVEPOINT_UNIT = 2 ** 26;

/** What a write leaves on its page; each reader of the marks owns one bit. */
export const PAGE_MARK = { unhashed: 1, unsaved: 2, used: 128 } as const;
const MARK_ALL = 255;

/** What undoes the records of whole rows, and finishes what they began when the command commits. */
interface Undoable {
  readonly undo: (row: number, what: number) => void;
  readonly settle: () => void;
}

export class Arena {
  /** The same bytes and a spare page after them, as memory for a pass in WebAssembly; undefined where the arena is small, or too large. */
  readonly memory: Memory | undefined;
  readonly buffer: ArrayBuffer;
  readonly i32: Int32Array;
  readonly f64: Float64Array;
  /** `PAGE_MARK` bits per page, set by every write. */
  readonly marks: Uint8Array;

  /**
   * How far one record takes each journal's count; 0 while journaling is off, when each record overwrites the last. A step is added
   * rather than a flag asked: a branch at every write keeps the compiler from holding the counts in registers.
   */
  private intStep = INT_RECORD;
  private numStep = 1;

  /** The table of this arena whose rows are taken clean and wiped at the end of a command: see slots.ts. */
  slots: Undoable | undefined;

  /**
   * Journal of integers, read by `security`: of each write the cell and the value before, side by side; `intCount` words. A negative
   * cell is that of a row, complemented, and what happened to it. Here and below, writing what is there already leaves a record too.
   */
  intCount = 0;
  intLog = new Int32Array(FIRST_JOURNAL_RECORDS * INT_RECORD);

  /** Journal of doubles, read by `security`: cell, value before, value after; `numCount` records. */
  numCount = 0;
  numAt = new Int32Array(FIRST_JOURNAL_RECORDS);
  numOld = new Float64Array(FIRST_JOURNAL_RECORDS);
  numNew = new Float64Array(FIRST_JOURNAL_RECORDS);

  /**
   * @param words - size in 32-bit words; rounded up to whole pages
   * @throws {RangeError} if a word's address would not fit an integer cell
   */
  constructor(words: number) {
    if (!(words <= MAX_WORDS)) throw new RangeError(`an arena holds up to ${MAX_WORDS} words, not ${words}`);
    const pages = Math.ceil(words / PAGE_WORDS);
    const bytes = pages * PAGE_WORDS * 4;
    this.memory = bytes < LARGE_BYTES ? undefined : reserveMemory(bytes);
    this.buffer = this.memory?.buffer ?? new ArrayBuffer(bytes);
    this.i32 = new Int32Array(this.buffer, 0, bytes / 4);
    this.f64 = new Float64Array(this.buffer, 0, bytes / 8);
    this.marks = new Uint8Array(pages);
  }

  /** Off only where no command can be refused any more; see docs/reference/performance.md#journal. */
  get journaling(): boolean {
    return this.intStep !== 0;
  }

  set journaling(on: boolean) {
    this.intStep = on ? INT_RECORD : 0;
    this.numStep = on ? 1 : 0;
  }

  /** Reads an integer cell. */
  int<Table extends string, Value extends number>(row: Ref<Table>, column: IntColumn<Table, Value>): Value {
    return this.i32[(row + column) | 0] as number as Value;
  }

  /** Reads a double cell. */
  num<Table extends string, Value extends number>(row: Ref<Table>, column: NumColumn<Table, Value>): Value {
    return this.f64[((row >> 1) + column) | 0] as number as Value;
  }

  /**
   * Writes an integer cell.
   * @throws {InvariantViolation} if `value` is not a 32-bit integer
   */
  setInt<Table extends string, Value extends number>(
    row: Ref<Table>,
    column: IntColumn<Table, Value>,
    value: Value,
  ): void {
    if ((value | 0) !== value) throw notAnInteger(value);
    const at = (row + column) | 0;
    const record = this.intCount;
    if (record === this.intLog.length) this.growIntLog();
    this.intLog[record] = at;
    this.intLog[(record + 1) | 0] = this.i32[at] as number;
    this.intCount = (record + this.intStep) | 0;
    this.i32[at] = value;
    this.marks[at >> PAGE_SHIFT_INT] = MARK_ALL;
  }

  /**
   * Writes a double cell; −0 is stored as 0.
   * @throws {InvariantViolation} if `value` lies outside ±(2^53 − 1) or is NaN
   */
  setNum<Table extends string, Value extends number>(
    row: Ref<Table>,
    column: NumColumn<Table, Value>,
    value: Value,
  ): void {
    if (!(value <= MAX_EXACT && value >= -MAX_EXACT)) throw rangeFault("a number cell is exact", value);
    const at = ((row >> 1) + column) | 0;
    const record = this.numCount;
    if (record === this.numAt.length) this.growNumJournal();
    this.numAt[record] = at;
    this.numOld[record] = this.f64[at] as number;
    this.numNew[record] = value + 0;
    this.numCount = (record + this.numStep) | 0;
    this.f64[at] = value + 0;
    this.marks[at >> PAGE_SHIFT_NUM] = MARK_ALL;
  }

  /**
   * Gives a cell of a slot just taken its first value. It needs no record: undoing the taking wipes the slot.
   * @throws {InvariantViolation} if `value` is not a 32-bit integer
   */
  putInt<Table extends string, Value extends number>(
    slot: Ref<Table>,
    column: IntColumn<Table, Value>,
    value: Value,
  ): void {
    if ((value | 0) !== value) throw notAnInteger(value);
    this.i32[(slot + column) | 0] = value;
  }

  /**
   * The same for a double cell.
   * @throws {InvariantViolation} if `value` lies outside ±(2^53 − 1) or is NaN
   */
  putNum<Table extends string, Value extends number>(
    slot: Ref<Table>,
    column: NumColumn<Table, Value>,
    value: Value,
  ): void {
    if (!(value <= MAX_EXACT && value >= -MAX_EXACT)) throw rangeFault("a number cell is exact", value);
    this.f64[((slot >> 1) + column) | 0] = value + 0;
  }

  /** Notes what happened to a row as a whole, among the writes; `slots` knows how to undo it. */
  recordRow(row: Ref, what: number): void {
    const record = this.intCount;
    if (record === this.intLog.length) this.growIntLog();
    this.intLog[record] = ~row;
    this.intLog[(record + 1) | 0] = what;
    this.intCount = (record + this.intStep) | 0;
    this.marks[row >> PAGE_SHIFT_INT] = MARK_ALL;
  }

  /** Marks the page of a row that `slots` writes without a record. */
  mark(row: Ref): void {
    this.marks[row >> PAGE_SHIFT_INT] = MARK_ALL;
  }

  /**
   * Adds to a double cell, in the cell's unit; a negative amount takes off.
   * @throws {InvariantViolation} if the sum lies outside ±(2^53 − 1) or is NaN
   */
  addNum<Table extends string, Value extends number>(
    row: Ref<Table>,
    column: NumColumn<Table, Value>,
    amount: Value,
  ): void {
    this.setNum(row, column, (this.num(row, column) + amount) as Value);
  }

  /** An integer cell as it was when the command began. Searches the journal: for rare questions. */
  intBefore<Table extends string, Value extends number>(
    row: Ref<Table>,
    column: IntColumn<Table, Value>,
  ): Value {
    const at = row + column;
    for (let record = 0; record < this.intCount; record += INT_RECORD)
      if (this.intLog[record] === at) return this.intLog[record + 1] as number as Value;
    return this.int(row, column);
  }

  /** Marks the present moment of the command. */
  savepoint(): Savepoint {
    return (this.intCount * SAVEPOINT_UNIT + this.numCount) as Savepoint;
  }

  /** Undoes every write since `savepoint`, newest first. */
  rollbackTo(savepoint: Savepoint): void {
    const { i32, f64, intLog, numAt, numOld } = this;
    const ints = Math.floor(savepoint / SAVEPOINT_UNIT);
    const nums = savepoint - ints * SAVEPOINT_UNIT;
    if (!this.journaling) throw new InvariantViolation("only a journaled arena can be rolled back", {});
    for (let record = this.numCount - 1; record >= nums; record--)
      f64[numAt[record] as number] = numOld[record] as number;
    for (let record = this.intCount - INT_RECORD; record >= ints; record -= INT_RECORD) {
      const at = intLog[record] as number;
      const old = intLog[record + 1] as number;
      if (at >= 0) i32[at] = old;
      else (this.slots as Undoable).undo(~at, old);
    }
    this.intCount = ints;
    this.numCount = nums;
  }

  /** Makes everything since the last commit final. */
  commit(): void {
    this.slots?.settle();
    this.intCount = 0;
    this.numCount = 0;
  }

  /** Undoes everything since the last commit. */
  rollback(): void {
    this.rollbackTo(0 as Savepoint);
  }

  /** True when nothing was written since the last commit. */
  get untouched(): boolean {
    return this.intCount === 0 && this.numCount === 0;
  }

  private growIntLog(): void {
    this.intLog = grown(this.intLog, Int32Array);
  }

  private growNumJournal(): void {
    this.numAt = grown(this.numAt, Int32Array);
    this.numOld = grown(this.numOld, Float64Array);
    this.numNew = grown(this.numNew, Float64Array);
  }
}

function notAnInteger(value: number): InvariantViolation {
  return new InvariantViolation("an integer cell holds a 32-bit integer", { value });
}

function grown<A extends Int32Array | Float64Array>(records: A, type: new (length: number) => A): A {
  const larger = new type(records.length * 2);
  larger.set(records);
  return larger;
}

/** Hands out consecutive regions of an arena that does not exist yet; every region starts on a cache line. */
export class Regions {
  /** Words handed out so far. The first line stays free, so that no row has address `NIL`. */
  words = 16;

  take(words: number): number {
    const base = this.words;
    this.words += Math.ceil(words / 16) * 16;
    // A small integer, not a double that happens to be whole: what follows from it is an address at every read and write.
    return base | 0;
  }
}

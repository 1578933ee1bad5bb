/**
 * A ladder of price levels: for each tick of a market's whole range a first-in-first-out queue of rows, and a four-storey
 * bitmap that finds the next occupied tick in a handful of instructions, however far away.
 *
 * It carries the order book and the waiting orders. Rows are linked through their first two words (next, previous). Every
 * operation is O(1) in rows and levels and writes a bounded number of cells. Memory is `16·2^bits` bytes of address space,
 * of which the operating system backs only the pages in use.
 */
import { type Arena, type IntColumn, NIL, type NumColumn, type Ref } from "./arena.ts";
import type { Lots, Ticks } from "./units.ts";

/** Any row that can stand in a ladder: its first two words are the links. */
export type Linked = Ref<"order">;

const LINK = {
  next: 0 as IntColumn<"order", Linked>,
  previous: 1 as IntColumn<"order", Linked>,
} as const;

const LEVEL_WORDS = 4;
const STOREYS = 4;
export const LEVEL = {
  head: 0 as IntColumn<"level", Linked>,
  tail: 1 as IntColumn<"level", Linked>,
  /** Lots of the level's orders, of a book; other ladders leave it 0. */
  lots: 1 as NumColumn<"level", Lots>,
} as const;

const BITS = 0 as IntColumn<"bitmap">;

/** An alarm as a row of a ladder: it begins with the two links, as an order does. */
export function alarmInLadder(alarm: Ref<"alarm">): Linked {
  return alarm as Ref as Linked;
}

/** The first alarm of a level of a ladder of alarms. */
export function firstAlarm(arena: Arena, level: Ref<"level">): Ref<"alarm"> {
  return arena.int(level, LEVEL.head) as Ref as Ref<"alarm">;
}

/** Where a ladder lies: its levels, and the four storeys of its bitmap. Derived from base and bits alone. */
export interface Ladder {
  readonly base: number;
  readonly bits: number;
  readonly storeys: readonly Storey[];
}

/** One storey of the bitmap: bit i says whether the 32^(s−1) ticks from i·32^(s−1) hold an occupied one. */
interface Storey {
  readonly base: number;
  readonly words: number;
}

/** Ticks of a ladder: one more than its highest price. */
export function ticksOf(bits: number): Ticks {
  return (1 << bits) as Ticks;
}

/** Words a ladder of 2^bits ticks takes. */
export function ladderWords(bits: number): number {
  let words = LEVEL_WORDS << bits;
  for (let storey = 1; storey <= STOREYS; storey++) words += roundedWords(bits, storey);
  return words;
}

/** The ladder of 2^bits ticks that starts at `base`, a multiple of 16. */
export function ladderAt(base: number, bits: number): Ladder {
  const storeys: Storey[] = [];
  let at = base + (LEVEL_WORDS << bits);
  for (let storey = 1; storey <= STOREYS; storey++) {
    storeys.push({ base: at, words: wordsOf(bits, storey) });
    at += roundedWords(bits, storey);
  }
  return { base, bits, storeys };
}

/** Words a storey has in use. Shifts, since powers would make every address of the ladder a double. */
function wordsOf(bits: number, storey: number): number {
  return bits > 5 * storey ? 1 << (bits - 5 * storey) : 1;
}

/** Storeys start on cache lines. */
function roundedWords(bits: number, storey: number): number {
  return Math.max(16, wordsOf(bits, storey));
}

/** The level of a tick. */
export function levelAt(ladder: Ladder, tick: number): Ref<"level"> {
  return (ladder.base + tick * LEVEL_WORDS) as Ref<"level">;
}

/** Appends a row to its tick's queue. It was just taken or its links just cleared, so that writing them needs no record. */
export function append(arena: Arena, ladder: Ladder, tick: Ticks, row: Linked): void {
  const level = levelAt(ladder, tick);
  const tail = arena.int(level, LEVEL.tail);
  if (tail === NIL) {
    arena.setInt(level, LEVEL.head, row);
    setBit(arena, ladder, tick);
  } else {
    arena.setInt(tail, LINK.next, row);
    arena.putInt(row, LINK.previous, tail);
  }
  arena.setInt(level, LEVEL.tail, row);
}

/** Takes a row out of its tick's queue; true when that emptied the level. */
export function detach(arena: Arena, ladder: Ladder, tick: Ticks, row: Linked): boolean {
  const level = levelAt(ladder, tick);
  const next = arena.int(row, LINK.next);
  const previous = arena.int(row, LINK.previous);
  if (previous === NIL) arena.setInt(level, LEVEL.head, next);
  else arena.setInt(previous, LINK.next, next);
  if (next === NIL) arena.setInt(level, LEVEL.tail, previous);
  else arena.setInt(next, LINK.previous, previous);
  const emptied = next === NIL && previous === NIL;
  if (emptied) clearBit(arena, ladder, tick);
  return emptied;
}

/** Adds to a level's total; a negative amount takes off. */
export function addLots(arena: Arena, ladder: Ladder, tick: Ticks, lots: Lots): void {
  arena.addNum(levelAt(ladder, tick), LEVEL.lots, lots);
}

/** Empties the links of a detached row that is going to stand in a ladder again. */
export function clearLinks(arena: Arena, row: Linked): void {
  arena.setInt(row, LINK.next, NIL);
  arena.setInt(row, LINK.previous, NIL);
}

/** Lowest occupied tick above `tick`, or 0. */
export function nextAbove(arena: Arena, ladder: Ladder, tick: Ticks): Ticks {
  let position = tick + 1;
  for (let s = 0; s < STOREYS; s++) {
    const storey = ladder.storeys[s] as Storey;
    const word = position >> 5;
    if (word >= storey.words) return 0 as Ticks;
    const found = bitmapWord(arena, storey, word) & (-1 << (position & 31));
    if (found !== 0) return lowestUnder(arena, ladder, s, word * 32 + lowestBit(found));
    position = word + 1;
  }
  const top = ladder.storeys[STOREYS - 1] as Storey;
  for (let word = position; word < top.words; word++) {
    const found = bitmapWord(arena, top, word);
    if (found !== 0) return lowestUnder(arena, ladder, STOREYS - 1, word * 32 + lowestBit(found));
  }
  return 0 as Ticks;
}

/** Highest occupied tick below `tick`, or 0. */
export function nextBelow(arena: Arena, ladder: Ladder, tick: Ticks): Ticks {
  let position = tick - 1;
  for (let s = 0; s < STOREYS; s++) {
    if (position < 0) return 0 as Ticks;
    const storey = ladder.storeys[s] as Storey;
    const word = position >> 5;
    const found = bitmapWord(arena, storey, word) & (-1 >>> (31 - (position & 31)));
    if (found !== 0) return highestUnder(arena, ladder, s, word * 32 + highestBit(found));
    position = word - 1;
  }
  const top = ladder.storeys[STOREYS - 1] as Storey;
  for (let word = position; word >= 0; word--) {
    const found = bitmapWord(arena, top, word);
    if (found !== 0) return highestUnder(arena, ladder, STOREYS - 1, word * 32 + highestBit(found));
  }
  return 0 as Ticks;
}

/** Walks down from an occupied bit of storey `from` to the lowest tick below it. */
function lowestUnder(arena: Arena, ladder: Ladder, from: number, bit: number): Ticks {
  let position = bit;
  for (let s = from - 1; s >= 0; s--) {
    position = position * 32 + lowestBit(bitmapWord(arena, ladder.storeys[s] as Storey, position));
  }
  return position as Ticks;
}

function highestUnder(arena: Arena, ladder: Ladder, from: number, bit: number): Ticks {
  let position = bit;
  for (let s = from - 1; s >= 0; s--) {
    position = position * 32 + highestBit(bitmapWord(arena, ladder.storeys[s] as Storey, position));
  }
  return position as Ticks;
}

function setBit(arena: Arena, ladder: Ladder, tick: Ticks): void {
  let position: number = tick;
  for (let s = 0; s < STOREYS; s++) {
    const cell = cellOf(ladder.storeys[s] as Storey, position >> 5);
    const before = arena.int(cell, BITS);
    arena.setInt(cell, BITS, before | (1 << (position & 31)));
    if (before !== 0) return;
    position >>= 5;
  }
}

function clearBit(arena: Arena, ladder: Ladder, tick: Ticks): void {
  let position: number = tick;
  for (let s = 0; s < STOREYS; s++) {
    const cell = cellOf(ladder.storeys[s] as Storey, position >> 5);
    const after = arena.int(cell, BITS) & ~(1 << (position & 31));
    arena.setInt(cell, BITS, after);
    if (after !== 0) return;
    position >>= 5;
  }
}

function bitmapWord(arena: Arena, storey: Storey, word: number): number {
  return arena.int(cellOf(storey, word), BITS);
}

function cellOf(storey: Storey, word: number): Ref<"bitmap"> {
  return (storey.base + word) as Ref<"bitmap">;
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function highestBit(word: number): number {
  return 31 - Math.clz32(word);
}

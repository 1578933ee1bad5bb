/**
 * From a pair of integers to a row: open addressing with linear probing, at most half full, no tombstones.
 *
 * Removing shifts later entries of the cluster back, so a lookup's cost depends on what is stored and not on history. The
 * layout does depend on the order of insertions; nothing iterates over it.
 */
import { type Arena, type IntColumn, NIL, type NumColumn, type Ref, type Regions } from "./arena.ts";

const ENTRY_WORDS = 8;
const ENTRY = {
  value: 0 as IntColumn<"entry", Ref>,
  first: 1 as NumColumn<"entry">,
  second: 2 as NumColumn<"entry">,
} as const;

/** Where an index is, and to which table's rows it leads. */
export interface PairIndex<Table extends string = string> {
  readonly base: number;
  /** Slots − 1; the number of slots is a power of two. */
  readonly mask: number;
  readonly table?: Table;
}

/** Reserves an index for up to `capacity` pairs. */
export function reservePairIndex<Table extends string>(regions: Regions, capacity: number): PairIndex<Table> {
  let slots = 16;
  while (slots < capacity * 2) slots *= 2;
  return { base: regions.take(slots * ENTRY_WORDS), mask: slots - 1 };
}

/** The row stored under the pair, or `NIL`. */
export function find<Table extends string>(
  arena: Arena,
  index: PairIndex<Table>,
  first: number,
  second: number,
): Ref<Table> {
  for (let slot = home(index, first, second); ; slot = (slot + 1) & index.mask) {
    const entry = entryAt(index, slot);
    const value = arena.int(entry, ENTRY.value);
    if (value === NIL) return NIL;
    if (arena.num(entry, ENTRY.first) === first && arena.num(entry, ENTRY.second) === second)
      return value as Ref<Table>;
  }
}

/** Stores a row under a pair that is not in the index. The caller keeps within the capacity reserved. */
export function insert<Table extends string>(
  arena: Arena,
  index: PairIndex<Table>,
  first: number,
  second: number,
  value: Ref<Table>,
): void {
  let slot = home(index, first, second);
  while (arena.int(entryAt(index, slot), ENTRY.value) !== NIL) slot = (slot + 1) & index.mask;
  write(arena, entryAt(index, slot), first, second, value);
}

/** Removes a pair, if present. */
export function remove(arena: Arena, index: PairIndex, first: number, second: number): void {
  let slot = home(index, first, second);
  for (; ; slot = (slot + 1) & index.mask) {
    const entry = entryAt(index, slot);
    if (arena.int(entry, ENTRY.value) === NIL) return;
    if (arena.num(entry, ENTRY.first) === first && arena.num(entry, ENTRY.second) === second) break;
  }
  closeGap(arena, index, slot);
}

/** Moves every later entry of the cluster that may stand in the gap into it, then empties the last gap. */
function closeGap(arena: Arena, index: PairIndex, start: number): void {
  let gap = start;
  for (let slot = (gap + 1) & index.mask; ; slot = (slot + 1) & index.mask) {
    const entry = entryAt(index, slot);
    const value = arena.int(entry, ENTRY.value);
    if (value === NIL) break;
    const first = arena.num(entry, ENTRY.first);
    const second = arena.num(entry, ENTRY.second);
    const distance = (slot - home(index, first, second)) & index.mask;
    if (distance < ((slot - gap) & index.mask)) continue;
    write(arena, entryAt(index, gap), first, second, value);
    gap = slot;
  }
  write(arena, entryAt(index, gap), 0, 0, NIL);
}

function write(arena: Arena, entry: Ref<"entry">, first: number, second: number, value: Ref): void {
  arena.setInt(entry, ENTRY.value, value);
  arena.setNum(entry, ENTRY.first, first);
  arena.setNum(entry, ENTRY.second, second);
}

function entryAt(index: PairIndex, slot: number): Ref<"entry"> {
  return (index.base + slot * ENTRY_WORDS) as Ref<"entry">;
}

/** Slot where a pair belongs: both halves of both numbers, multiplied apart and folded. */
function home(index: PairIndex, first: number, second: number): number {
  const a = Math.imul(first | 0, 0x9e3779b1) ^ Math.imul((first / 4_294_967_296) | 0, 0x85ebca6b);
  const b = Math.imul(second | 0, 0xc2b2ae35) ^ Math.imul((second / 4_294_967_296) | 0, 0x27d4eb2f);
  let hash = a ^ (b + (a << 6) + (a >>> 2));
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & index.mask;
}

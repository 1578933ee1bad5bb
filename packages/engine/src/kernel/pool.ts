/**
 * Rows of one size that are taken and given back. The most recently freed row is taken first, which keeps the hot rows in
 * cache and the order of reuse the same on every machine.
 */
import { type Arena, type IntColumn, NIL, type Ref, type Regions } from "./arena.ts";

/** Words of a pool's own row. */
const HEADER_WORDS = 16;

export const POOL = {
  free: 0 as IntColumn<"pool", Ref>,
  used: 1 as IntColumn<"pool">,
} as const;

/** Where a pool's rows are. The rows' first word is the link of the free list while they are free. */
export interface Pool<Table extends string> {
  readonly header: Ref<"pool">;
  /** Address of row number n is `base + (n * parts << shift)`. */
  readonly base: number;
  /** Rows are `parts` times 2^shift words, `parts` odd: 1 for most, where an address becomes a number by a shift alone. */
  readonly shift: number;
  readonly parts: number;
  readonly capacity: number;
  readonly table?: Table;
}

const LINK = 0 as IntColumn<string, Ref>;

/** Reserves a pool of `capacity` rows of `stride` words, an even number. */
export function reservePool<Table extends string>(
  regions: Regions,
  capacity: number,
  stride: number,
): Pool<Table> {
  const header = regions.take(HEADER_WORDS) as Ref<"pool">;
  const first = regions.take(capacity * stride);
  const shift = 31 - Math.clz32(stride & -stride);
  return { header, base: first - stride, shift, parts: stride >> shift, capacity };
}

/** Takes a row, or `NIL` when all are in use. A reused row holds what its last owner left in it, but for its link. */
export function takeRow<Table extends string>(arena: Arena, pool: Pool<Table>): Ref<Table> {
  const free = arena.int(pool.header, POOL.free);
  if (free !== NIL) {
    arena.setInt(pool.header, POOL.free, arena.int(free, LINK));
    arena.setInt(free, LINK, NIL);
    return free as Ref<Table>;
  }
  const used = arena.int(pool.header, POOL.used) + 1;
  if (used > pool.capacity) return NIL;
  arena.setInt(pool.header, POOL.used, used);
  return addressOf(pool, used);
}

/** Gives a row back. */
export function freeRow<Table extends string>(arena: Arena, pool: Pool<Table>, row: Ref<Table>): void {
  arena.setInt(row, LINK, arena.int(pool.header, POOL.free));
  arena.setInt(pool.header, POOL.free, row);
}

/** True when no row is left to take. */
export function isExhausted<Table extends string>(arena: Arena, pool: Pool<Table>): boolean {
  return arena.int(pool.header, POOL.free) === NIL && arena.int(pool.header, POOL.used) === pool.capacity;
}

/** Highest row number ever taken. */
export function usedRows<Table extends string>(arena: Arena, pool: Pool<Table>): number {
  return arena.int(pool.header, POOL.used);
}

/** Number of a row, from 1. */
export function numberOf<Table extends string>(pool: Pool<Table>, row: Ref<Table>): number {
  const units = (row - pool.base) >> pool.shift;
  return pool.parts === 1 ? units : (units / pool.parts) | 0;
}

/** Row of a number from 1, or `NIL` if no row of that number was ever taken. */
export function rowOf<Table extends string>(arena: Arena, pool: Pool<Table>, number: number): Ref<Table> {
  if (number > arena.int(pool.header, POOL.used)) return NIL;
  return addressOf(pool, number);
}

function addressOf<Table extends string>({ base, shift, parts }: Pool<Table>, number: number): Ref<Table> {
  return (base + (Math.imul(number, parts) << shift)) as Ref<Table>;
}

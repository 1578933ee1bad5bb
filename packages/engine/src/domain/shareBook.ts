/**
 * Share books: who owns how much of a pot that many own together. The pot itself is a cell of its shard; a book counts shares only.
 *
 * After losses shares may be counted anew (`recount`): the book's total at once, each stake's when it is next touched.
 */
import { type Arena, NIL, type Ref, type Regions } from "../kernel/arena.ts";
import { least, negate, plus } from "../kernel/checked.ts";
import { type PairIndex, find, insert, remove, reservePairIndex } from "../kernel/pairIndex.ts";
import { type Pool, freeRow, reservePool, rowOf, takeRow, usedRows } from "../kernel/pool.ts";
import { areTooSmall, rebased } from "../kernel/shares.ts";
import { type MicroUsd, type Ms, NONE, type Shares } from "../kernel/units.ts";
import { DEFAULT_COOLDOWN, DEFAULT_WINDOW } from "./limits.ts";
import { SHARE_BOOK, SHARE_BOOK_WORDS, STAKE, STAKE_WORDS } from "./rows/shares.ts";

/** Where a book is. */
export interface ShareBook {
  readonly row: Ref<"shareBook">;
  readonly stakes: Pool<"stake">;
  readonly index: PairIndex<"stake">;
}

export function reserveShareBook(regions: Regions, stakes: number): ShareBook {
  return {
    row: regions.take(SHARE_BOOK_WORDS) as Ref<"shareBook">,
    stakes: reservePool(regions, stakes, STAKE_WORDS),
    index: reservePairIndex(regions, stakes),
  };
}

/** The stake of an account, or `NIL`. */
export function stakeOf(arena: Arena, book: ShareBook, account: number): Ref<"stake"> {
  return find(arena, book.index, account, 0);
}

/** Shares of a stake, as the book counts now. */
export function sharesOf(arena: Arena, book: ShareBook, stake: Ref<"stake">): Shares {
  return stake === NIL ? NONE : rebased(arena.num(stake, STAKE.shares), unseen(arena, book, stake));
}

/** Shares of a stake that its owner has asked to turn into money, as the book counts now. */
export function leavingOf(arena: Arena, book: ShareBook, stake: Ref<"stake">): Shares {
  return stake === NIL ? NONE : rebased(arena.num(stake, STAKE.leaving), unseen(arena, book, stake));
}

/** Counts shares anew while one is worth next to nothing, so that new ones stay countable. */
export function recount(arena: Arena, book: ShareBook, pot: MicroUsd): void {
  const { row } = book;
  while (areTooSmall(pot, arena.num(row, SHARE_BOOK.shares))) {
    arena.setNum(row, SHARE_BOOK.shares, rebased(arena.num(row, SHARE_BOOK.shares), 1));
    arena.setNum(row, SHARE_BOOK.rebases, arena.num(row, SHARE_BOOK.rebases) + 1);
  }
}

/** Adds shares to an account's stake, a new one if need be. @returns what it has then, 0 if there is no room for another stake */
export function mint(arena: Arena, book: ShareBook, account: number, shares: Shares): Shares {
  let stake = stakeOf(arena, book, account);
  if (stake === NIL) stake = openStake(arena, book, account);
  if (stake === NIL) return NONE;
  catchUp(arena, book, stake);
  arena.addNum(stake, STAKE.shares, shares);
  arena.addNum(book.row, SHARE_BOOK.shares, shares);
  return arena.num(stake, STAKE.shares);
}

/** Notes that the owner of a stake wants shares turned into money. @returns from when on he can have it */
export function announce(arena: Arena, book: ShareBook, stake: Ref<"stake">, shares: Shares, now: Ms): Ms {
  catchUp(arena, book, stake);
  const unlocksAt = plus(now, cooldownOf(arena, book));
  arena.setNum(stake, STAKE.leaving, shares);
  arena.setNum(stake, STAKE.unlocksAt, unlocksAt);
  return unlocksAt;
}

/** Takes announced shares off a stake and out of the book; a stake without shares goes. @returns what it has left */
export function burn(arena: Arena, book: ShareBook, stake: Ref<"stake">, shares: Shares): Shares {
  catchUp(arena, book, stake);
  arena.addNum(stake, STAKE.shares, negate(shares));
  arena.addNum(stake, STAKE.leaving, negate(shares));
  arena.addNum(book.row, SHARE_BOOK.shares, negate(shares));
  const left = arena.num(stake, STAKE.shares);
  if (left === 0) closeStake(arena, book, stake);
  return left;
}

/** Takes away every stake, whatever is left on it, and all shares. */
export function clearBook(arena: Arena, book: ShareBook): void {
  const last = usedRows(arena, book.stakes);
  for (let number = 1; number <= last; number++) {
    const stake = rowOf(arena, book.stakes, number);
    if (arena.int(stake, STAKE.account) === 0) continue;
    arena.setNum(stake, STAKE.shares, NONE);
    closeStake(arena, book, stake);
  }
  arena.setNum(book.row, SHARE_BOOK.shares, NONE);
}

export function cooldownOf(arena: Arena, book: ShareBook): Ms {
  const set = arena.num(book.row, SHARE_BOOK.cooldown);
  return set === 0 ? DEFAULT_COOLDOWN : set;
}

export function windowOf(arena: Arena, book: ShareBook): Ms {
  const set = arena.num(book.row, SHARE_BOOK.window);
  return set === 0 ? DEFAULT_WINDOW : set;
}

function unseen(arena: Arena, book: ShareBook, stake: Ref<"stake">): number {
  return arena.num(book.row, SHARE_BOOK.rebases) - arena.int(stake, STAKE.rebases);
}

function catchUp(arena: Arena, book: ShareBook, stake: Ref<"stake">): void {
  const shares = sharesOf(arena, book, stake);
  const leaving = leavingOf(arena, book, stake);
  arena.setNum(stake, STAKE.shares, shares);
  arena.setNum(stake, STAKE.leaving, least(leaving, shares));
  arena.setInt(stake, STAKE.rebases, arena.num(book.row, SHARE_BOOK.rebases));
}

function openStake(arena: Arena, book: ShareBook, account: number): Ref<"stake"> {
  const stake = takeRow(arena, book.stakes);
  if (stake === NIL) return stake;
  arena.setInt(stake, STAKE.account, account);
  arena.setInt(stake, STAKE.rebases, arena.num(book.row, SHARE_BOOK.rebases));
  insert(arena, book.index, account, 0, stake);
  return stake;
}

/** The row is left as it was found: empty. */
function closeStake(arena: Arena, book: ShareBook, stake: Ref<"stake">): void {
  remove(arena, book.index, arena.int(stake, STAKE.account), 0);
  arena.setInt(stake, STAKE.account, 0);
  arena.setInt(stake, STAKE.rebases, 0);
  arena.setNum(stake, STAKE.leaving, NONE);
  arena.setNum(stake, STAKE.unlocksAt, NONE);
  freeRow(arena, book.stakes, stake);
}

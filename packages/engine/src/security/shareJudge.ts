/**
 * Judges share books (31): whoever buys or redeems shares does not lower the price of the others'. From the journal and
 * docs/spec/funds.md alone.
 */
import type { Arena } from "../kernel/arena.ts";
import { compareProducts } from "../kernel/mulDiv.ts";
import { rowOf } from "../kernel/pool.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { EVENTS, EVENT_WORDS } from "../domain/events.ts";
import { BUCKET } from "../domain/rows/bucket.ts";
import { SHARE_BOOK } from "../domain/rows/shares.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { ShareBook } from "../domain/shareBook.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { cellBefore } from "./cellBefore.ts";
import { standingAtLeast, standingAtMost } from "./standing.ts";
import type { Verdict } from "./verdict.ts";

/** Virtual shares, and virtual micro-dollars under them. */
const VIRTUAL = 1_000;
const REBASE = 16;
/** Where `bucketMoved` names what is looked at. */
const MOVE = { code: EVENTS.bucketMoved.code as number, bucket: 1, amount: 3 } as const;

/** Where the number of all shares stands among the arena's doubles. */
export function sharesCell(book: ShareBook): number {
  return (book.row >> 1) + SHARE_BOOK.shares;
}

/** Where a pot stands among the arena's doubles, and what it has lent and owes. */
export interface Pot {
  readonly held: number;
  readonly lent?: number;
  readonly owed?: number;
}

/**
 * Judges a book whose shares this command changed. Nobody's price is lowered, whether what the pot has lent is good and what it owes its
 * own, or the one is lost and the other due.
 */
export function judgeShares(arena: Arena, book: ShareBook, pot: Pot, verdict: Verdict): void {
  const { f64 } = arena;
  const now = (cell: number | undefined): number => (cell === undefined ? 0 : (f64[cell] as number));
  const then = (cell: number | undefined): number => (cell === undefined ? 0 : cellBefore(arena, cell));
  comparePrices(arena, book, then(pot.held) + then(pot.lent), now(pot.held) + now(pot.lent), verdict);
  const worst = then(pot.held) - then(pot.owed);
  // Of a pot that owes all it has shares are worth nothing, and more of them cannot make them worth less.
  if (worst > 0) comparePrices(arena, book, worst, Math.max(0, now(pot.held) - now(pot.owed)), verdict);
}

/** Shares of a book before the command, as it counts after it. */
function sharesBefore(arena: Arena, book: ShareBook): number {
  const rebasesCell = (book.row >> 1) + SHARE_BOOK.rebases;
  const rebases = (arena.f64[rebasesCell] as number) - cellBefore(arena, rebasesCell);
  return Math.floor(cellBefore(arena, sharesCell(book)) / REBASE ** rebases);
}

function comparePrices(
  arena: Arena,
  book: ShareBook,
  potBefore: number,
  potAfter: number,
  verdict: Verdict,
  before: number = sharesBefore(arena, book),
): void {
  const after = arena.f64[sharesCell(book)] as number;
  // What owes more than the virtual shares have is worth nothing, however much more.
  const worthBefore = Math.max(0, potBefore + VIRTUAL);
  const worthAfter = Math.max(0, potAfter + VIRTUAL);
  if (compareProducts(worthAfter, before + VIRTUAL, worthBefore, after + VIRTUAL) < 0)
    verdict.breach(31, potBefore, potAfter);
}

/**
 * Judges the backstop where it is, or was, owned in shares. Buying and redeeming change its cash alone, so what it was worth before is told
 * back from what it is worth now, at the most and at the least; what was the house's own before the first share was sold counts as shares
 * at one micro-dollar. While others own it, it stays the same bucket, and what leaves it leaves for shares.
 * @param hasLeft - whether money left the tier's custody
 */
export function judgeBackstop(tier: TierShard, events: EventLog, hasLeft: boolean, verdict: Verdict): void {
  const { arena, row, backstopBook: book } = tier;
  const id = arena.intBefore(row, TIER.backstop);
  const before = sharesBefore(arena, book);
  const after = arena.f64[sharesCell(book)] as number;
  if (before === 0 && after === 0) return;
  if (before !== 0 && id !== arena.int(row, TIER.backstop))
    verdict.breach(31, id, arena.int(row, TIER.backstop));
  if (id === 0) return verdict.breach(31, 0, after);
  const bucket = rowOf(arena, tier.buckets, id);
  const cashCell = (bucket >> 1) + BUCKET.cash;
  const paid = (arena.f64[cashCell] as number) - cellBefore(arena, cashCell);
  if (before === after) {
    if (hasLeft && paid < 0) verdict.breach(31, 0, paid);
    if (hasMoved(events, id)) verdict.breach(31, before, after);
    return;
  }
  const most = standingAtMost(tier, bucket);
  const least = standingAtLeast(tier, bucket);
  const owned = before === 0 ? Math.max(0, most - paid) : before;
  comparePrices(arena, book, most - paid, most, verdict, owned);
  comparePrices(arena, book, least - paid, least, verdict, owned);
}

/** Whether an event tells that something was taken out of a bucket. */
function hasMoved({ words, count }: EventLog, bucket: number): boolean {
  for (let event = 0; event < count; event++) {
    const at = event * EVENT_WORDS;
    if (words[at] !== MOVE.code || words[at + MOVE.bucket] !== bucket) continue;
    if ((words[at + MOVE.amount] as number) < 0) return true;
  }
  return false;
}

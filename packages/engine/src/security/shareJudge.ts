/**
 * Judges share books (31): whoever buys or redeems shares does not lower the price of the others'. From the journal and
 * docs/spec/funds.md alone.
 */
import type { Arena } from "../kernel/arena.ts";
import { compareProducts } from "../kernel/mulDiv.ts";
import { SHARE_BOOK } from "../domain/rows.ts";
import type { ShareBook } from "../domain/shareBook.ts";
import { cellBefore } from "./cellBefore.ts";
import type { Verdict } from "./verdict.ts";

/** Virtual shares, and virtual micro-dollars under them. */
const VIRTUAL = 1_000;
const REBASE = 16;

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
  const rebasesCell = (book.row >> 1) + SHARE_BOOK.rebases;
  const rebases = (f64[rebasesCell] as number) - cellBefore(arena, rebasesCell);
  const sharesBefore = Math.floor(cellBefore(arena, sharesCell(book)) / REBASE ** rebases);
  const sharesAfter = f64[sharesCell(book)] as number;
  const judgePrice = (before: number, after: number): void => {
    const isLower =
      compareProducts(after + VIRTUAL, sharesBefore + VIRTUAL, before + VIRTUAL, sharesAfter + VIRTUAL) < 0;
    if (isLower) verdict.breach(31, before, after);
  };
  const now = (cell: number | undefined): number => (cell === undefined ? 0 : (f64[cell] as number));
  const then = (cell: number | undefined): number => (cell === undefined ? 0 : cellBefore(arena, cell));
  judgePrice(then(pot.held) + then(pot.lent), now(pot.held) + now(pot.lent));
  const worst = then(pot.held) - then(pot.owed);
  // Of a pot that owes all it has shares are worth nothing, and more of them cannot make them worth less.
  if (worst > 0) judgePrice(worst, Math.max(0, now(pot.held) - now(pot.owed)));
}

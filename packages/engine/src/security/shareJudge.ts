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

/** Judges a book whose shares this command changed; `potCell` is where the pot stands among the arena's doubles. */
export function judgeShares(arena: Arena, book: ShareBook, potCell: number, verdict: Verdict): void {
  const { f64 } = arena;
  const rebasesCell = (book.row >> 1) + SHARE_BOOK.rebases;
  const rebases = (f64[rebasesCell] as number) - cellBefore(arena, rebasesCell);
  const sharesBefore = Math.floor(cellBefore(arena, sharesCell(book)) / REBASE ** rebases);
  const sharesAfter = f64[sharesCell(book)] as number;
  const potBefore = cellBefore(arena, potCell);
  const potAfter = f64[potCell] as number;
  const isLower =
    compareProducts(potAfter + VIRTUAL, sharesBefore + VIRTUAL, potBefore + VIRTUAL, sharesAfter + VIRTUAL) <
    0;
  if (isLower) verdict.breach(31, potBefore, potAfter);
}

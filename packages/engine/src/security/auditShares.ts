/** The audit of share books (31): nobody's shares are missing from the total, and nobody leaves with more than he has. */
import type { Arena } from "../kernel/arena.ts";
import { rowOf, usedRows } from "../kernel/pool.ts";
import { SHARE_BOOK, STAKE } from "../domain/rows/shares.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { ShareBook } from "../domain/shareBook.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { type Report, exactly } from "./finding.ts";

const REBASE = 16n;

export function auditShares(arena: Arena, book: ShareBook, where: string, report: Report): void {
  const total = exactly(arena.num(book.row, SHARE_BOOK.shares));
  const rebases = exactly(arena.num(book.row, SHARE_BOOK.rebases));
  let owned = 0n;
  for (let number = 1; number <= usedRows(arena, book.stakes); number++) {
    const stake = rowOf(arena, book.stakes, number);
    const unseen = rebases - exactly(arena.int(stake, STAKE.rebases));
    const shares = exactly(arena.num(stake, STAKE.shares));
    owned += shares / REBASE ** unseen;
    const leaving = exactly(arena.num(stake, STAKE.leaving));
    if (leaving > shares) report("31", `shares that leave ${where}`, shares, leaving);
  }
  if (owned > total) report("31", `shares of ${where}`, total, owned);
}

/** The house's part of the fees is not more than the fees. */
export function auditFeesKept(tier: TierShard, report: Report): void {
  const { arena, row, insuranceBook: book } = tier;
  const fees = arena.num(row, TIER.fees);
  const kept = arena.num(book.row, SHARE_BOOK.feesKept);
  if (kept > fees) report("19", `fees kept in tier ${tier.id}`, fees, kept);
}

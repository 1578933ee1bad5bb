/** The audit of cover and of remembered defaults (1b, 15, 19): escrow is where the policies say, and nobody is short of what he never gave. */
import { NIL } from "../kernel/arena.ts";
import { usedRows } from "../kernel/pool.ts";
import { MAX_COVERS } from "../domain/limits.ts";
import { COVER, LOSS, LOSS_BOOK, SHORTFALL } from "../domain/rows/losses.ts";
import { TIER } from "../domain/rows/tier.ts";
import { rowOfLoss } from "../domain/lossTables.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { type Report, exactly } from "./finding.ts";

export function auditCover(tier: TierShard, report: Report): void {
  const { arena } = tier;
  let escrow = 0n;
  for (let number = 1; number <= MAX_COVERS; number++) {
    const cover = tier.cover(number);
    const own = arena.num(cover, COVER.escrow);
    escrow += exactly(own);
    const limit = arena.num(cover, COVER.limit);
    if (own < 0 || own > limit) report("19", `escrow of policy ${number} in tier ${tier.id}`, limit, own);
  }
  report("1b", `escrow of tier ${tier.id}`, escrow, exactly(arena.num(tier.row, TIER.escrow)));
  const first = arena.num(tier.losses.book, LOSS_BOOK.forgotten) + 1;
  for (let id = first; id <= arena.num(tier.row, TIER.defaults); id++) auditLoss(tier, id, report);
}

function auditLoss(tier: TierShard, id: number, report: Report): void {
  const { arena, losses } = tier;
  const loss = rowOfLoss(losses, id);
  const where = `default ${id} of tier ${tier.id}`;
  report("15", where, id, arena.num(loss, LOSS.default));
  for (const column of [LOSS.skin, LOSS.insurance, LOSS.secondTranche, LOSS.mutual, LOSS.house])
    if (arena.num(loss, column) < 0) report("19", where, 0, arena.num(loss, column));
  let profits = 0n;
  for (let row = arena.int(loss, LOSS.winners); row !== NIL; row = arena.int(row, SHORTFALL.next)) {
    const amount = arena.num(row, SHORTFALL.amount);
    if (amount < 0) report("19", where, 0, amount);
    const bucket = arena.int(row, SHORTFALL.bucket);
    if (bucket < 1 || bucket > usedRows(arena, tier.buckets)) report("15", `a winner of ${where}`, 0, bucket);
    profits += exactly(amount);
  }
  report("15", `profits given up for ${where}`, profits, exactly(arena.num(loss, LOSS.profits)));
}

/**
 * Who bore each of a tier's defaults, and is still short of it: what is recovered later goes back to them. The oldest default is forgotten
 * when there is no room for another, or for its winners.
 */
import { NIL, type NumColumn, type Ref } from "../kernel/arena.ts";
import { minus, plus } from "../kernel/checked.ts";
import { invariant } from "../kernel/invariant.ts";
import { freeRow, takeRow } from "../kernel/pool.ts";
import { type MicroUsd, NONE } from "../kernel/units.ts";
import { MAX_COVERS, MAX_LOSSES } from "./limits.ts";
import { rowOfLoss } from "./lossTables.ts";
import { LOSS, LOSS_BOOK, SHORTFALL } from "./rows/losses.ts";
import { TIER } from "./rows/tier.ts";
import type { TierShard } from "./tierShard.ts";

/** The record of the tier's newest default. */
export function openLoss(tier: TierShard): Ref<"loss"> {
  const { arena, losses } = tier;
  const id = arena.num(tier.row, TIER.defaults);
  if (id - arena.num(losses.book, LOSS_BOOK.forgotten) > MAX_LOSSES) forgetOldest(tier);
  const loss = rowOfLoss(losses, id);
  arena.setNum(loss, LOSS.default, id);
  return loss;
}

/** The record of a default, `NIL` if there was none of this number or it is forgotten. */
export function lossOf(tier: TierShard, id: number): Ref<"loss"> {
  const { arena, losses } = tier;
  const isThere =
    id > arena.num(losses.book, LOSS_BOOK.forgotten) && id <= arena.num(tier.row, TIER.defaults);
  return isThere ? rowOfLoss(losses, id) : NIL;
}

/** Notes what a winner has given up for a default. */
export function noteShortfall(tier: TierShard, loss: Ref<"loss">, bucket: number, amount: MicroUsd): void {
  const { arena, losses } = tier;
  let row = takeRow(arena, losses.shortfalls);
  while (row === NIL) {
    forgetOldest(tier);
    row = takeRow(arena, losses.shortfalls);
  }
  arena.setInt(row, SHORTFALL.next, arena.int(loss, LOSS.winners));
  arena.setInt(row, SHORTFALL.bucket, bucket);
  arena.setNum(row, SHORTFALL.amount, amount);
  arena.setInt(loss, LOSS.winners, row);
  arena.addNum(loss, LOSS.profits, amount);
}

/** What the winners of a default are short of, in the order in which they gave it up. */
export function shortfallsOf({ arena }: TierShard, loss: Ref<"loss">): Ref<"shortfall">[] {
  const rows: Ref<"shortfall">[] = [];
  for (let row = arena.int(loss, LOSS.winners); row !== NIL; row = arena.int(row, SHORTFALL.next))
    rows.push(row);
  rows.reverse();
  return rows;
}

/** What a layer is still short of by a default; the house and the winners together are layer 6. */
export function shortOf({ arena }: TierShard, loss: Ref<"loss">, layer: number): MicroUsd {
  switch (layer) {
    case 1:
      return arena.num(loss, LOSS.skin);
    case 2:
      return arena.num(loss, LOSS.insurance);
    case 3:
      return paidByCovers(arena, loss);
    case 4:
      return arena.num(loss, LOSS.secondTranche);
    case 5:
      return arena.num(loss, LOSS.mutual);
    default:
      return plus(arena.num(loss, LOSS.house), arena.num(loss, LOSS.profits));
  }
}

/** What layers are still short of, from the last one down to this one. */
export function shortDownTo(tier: TierShard, loss: Ref<"loss">, lowest: number): MicroUsd {
  let total: MicroUsd = NONE;
  for (let layer = LAST_LAYER; layer >= lowest; layer--) total = plus(total, shortOf(tier, loss, layer));
  return total;
}
export const LAST_LAYER = 6;

/** The cells of a policy in a record. */
export const coverAccountAt = (number: number) =>
  (LOSS.coverAccount + number - 1) as typeof LOSS.coverAccount;
export const coverPaidAt = (number: number) => (LOSS.coverPaid + number - 1) as typeof LOSS.coverPaid;
export const coverOwedAt = (number: number) => (LOSS.coverOwed + number - 1) as typeof LOSS.coverOwed;

function paidByCovers(arena: TierShard["arena"], loss: Ref<"loss">): MicroUsd {
  let total: MicroUsd = NONE;
  for (let number = 1; number <= MAX_COVERS; number++)
    total = plus(total, arena.num(loss, coverPaidAt(number)));
  return total;
}

function forgetOldest(tier: TierShard): void {
  const { arena, losses } = tier;
  const id = arena.num(losses.book, LOSS_BOOK.forgotten) + 1;
  invariant(id < arena.num(tier.row, TIER.defaults), "the default under way is not forgotten");
  const loss = rowOfLoss(losses, id);
  for (const row of shortfallsOf(tier, loss)) freeRow(arena, losses.shortfalls, row);
  arena.setInt(loss, LOSS.winners, NIL);
  for (let number = 1; number <= MAX_COVERS; number++) {
    arena.setInt(loss, coverAccountAt(number), 0);
    arena.setNum(loss, coverPaidAt(number), NONE);
    arena.setNum(loss, coverOwedAt(number), NONE);
  }
  for (const column of OWN_COLUMNS) arena.setNum(loss, column, NONE);
  arena.setNum(loss, LOSS.default, 0);
  arena.setNum(losses.book, LOSS_BOOK.forgotten, id);
}
const OWN_COLUMNS: readonly NumColumn<"loss", MicroUsd>[] = [
  LOSS.skin,
  LOSS.insurance,
  LOSS.secondTranche,
  LOSS.mutual,
  LOSS.house,
  LOSS.profits,
];

/** Takes back what a layer has been repaid. */
export function repaid(
  { arena }: TierShard,
  loss: Ref<"loss">,
  column: NumColumn<"loss", MicroUsd>,
  amount: MicroUsd,
): void {
  arena.setNum(loss, column, minus(arena.num(loss, column), amount));
}

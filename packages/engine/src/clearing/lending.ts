/**
 * What a tier's insurance fund may lend to others' and borrow of them, from its own books alone. See docs/spec/funds.md, "Loans between
 * tiers".
 */
import { least, minus, most, plus } from "../kernel/checked.ts";
import { shareFloor } from "../kernel/mulDiv.ts";
import { type MicroUsd, type Ms, NONE } from "../kernel/units.ts";
import { DAY_MS, LENDING_OF_EXCESS, LENDING_OF_FUND } from "../domain/limits.ts";
import { SHARE_BOOK } from "../domain/rows/shares.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";

/** What bounds a loan, ≥ 0 each: the least of them is what the fund may lend now. */
export interface Lendable {
  /** Its own money beyond what it keeps: its target, and the minimum its owners leave in it. A fund without a target keeps all. */
  readonly excess: MicroUsd;
  /** Of the day's allowance. */
  readonly left: MicroUsd;
  /** Until other tiers owe it as much as its governance allows. */
  readonly room: MicroUsd;
}

export function lendable(tier: TierShard, now: Ms): Lendable {
  const { arena, row } = tier;
  const held = arena.num(row, TIER.insurance);
  const lent = arena.num(row, TIER.lent);
  const allowed = shareFloor(plus(held, lent), arena.int(row, TIER.insuranceLending));
  const left = isDayOver(tier, now)
    ? allowance(tier)
    : minus(arena.num(row, TIER.lendingAllowance), arena.num(row, TIER.lendingUsed));
  return { excess: excessOf(tier), left, room: most(minus(allowed, lent), NONE) };
}

/** The least of what bounds it. */
export function mostLendable({ excess, left, room }: Lendable): MicroUsd {
  return least(excess, least(left, room));
}

/** Counts a loan against the day; a new day begins if the last one is over. The fund is as it was before it. */
export function countLoan(tier: TierShard, amount: MicroUsd, now: Ms): void {
  const { arena, row } = tier;
  if (isDayOver(tier, now)) {
    arena.setNum(row, TIER.lendingSince, now);
    arena.setNum(row, TIER.lendingAllowance, allowance(tier));
    arena.setNum(row, TIER.lendingUsed, NONE);
  }
  arena.addNum(row, TIER.lendingUsed, amount);
}

/** What the fund lacks of its target, as far as it may still borrow; a tier that repays nothing out of its fees borrows nothing. */
export function needOf({ arena, row, insuranceBook }: TierShard): MicroUsd {
  if (arena.int(row, TIER.loanRepayment) === 0) return NONE;
  const lacking = minus(arena.num(insuranceBook.row, SHARE_BOOK.target), arena.num(row, TIER.insurance));
  const room = minus(arena.num(row, TIER.insuranceBorrowing), arena.num(row, TIER.owed));
  return most(least(lacking, room), NONE);
}

function excessOf({ arena, row, insuranceBook }: TierShard): MicroUsd {
  const target = arena.num(insuranceBook.row, SHARE_BOOK.target);
  if (target === 0) return NONE;
  const kept = most(target, arena.num(insuranceBook.row, SHARE_BOOK.minimum));
  const own = minus(arena.num(row, TIER.insurance), arena.num(row, TIER.owed));
  return most(minus(own, kept), NONE);
}

/** What may be lent in a day that begins now. */
function allowance(tier: TierShard): MicroUsd {
  const held = tier.arena.num(tier.row, TIER.insurance);
  return least(shareFloor(excessOf(tier), LENDING_OF_EXCESS), shareFloor(held, LENDING_OF_FUND));
}

function isDayOver({ arena, row }: TierShard, now: Ms): boolean {
  const since = arena.num(row, TIER.lendingSince);
  return arena.num(row, TIER.lendingAllowance) === 0 || now - since >= DAY_MS;
}

/**
 * What loans have brought back is fetched, and fees collected since the last sweep are divided: first what repays loans, then the insurance
 * fund's part, until it has its target, and the rest is the house's for good.
 */
import { least, minus, most, negate } from "../../kernel/checked.ts";
import { shareFloor } from "../../kernel/mulDiv.ts";
import { type MicroUsd, NONE } from "../../kernel/units.ts";
import { EVENTS } from "../../domain/events.ts";
import { SHARE_BOOK } from "../../domain/rows/shares.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { fetchLoans, repayLoans } from "./returnLoans.ts";

const SWEPT = EVENTS.feesSwept.code;

/** @returns what the insurance fund got of the fees, ≥ 0 */
export function sweepTierFees(venue: Venue, tier: TierShard): MicroUsd {
  const { arena, row, insuranceBook: book } = tier;
  fetchLoans(venue, tier);
  const collected = minus(arena.num(row, TIER.fees), arena.num(book.row, SHARE_BOOK.feesKept));
  if (collected === 0) return NONE;
  const due = shareFloor(collected, arena.int(row, TIER.loanRepayment));
  const fresh = minus(collected, repayLoans(venue, tier, due));
  const wanted = shareFloor(fresh, arena.int(book.row, SHARE_BOOK.feeShare));
  const insured = least(wanted, roomIn(tier));
  arena.addNum(row, TIER.fees, negate(insured));
  arena.addNum(row, TIER.insurance, insured);
  arena.setNum(book.row, SHARE_BOOK.feesKept, arena.num(row, TIER.fees));
  venue.events.emit(SWEPT, insured, minus(fresh, insured), arena.num(row, TIER.insurance));
  return insured;
}

/** What the insurance fund lacks; without a target there is no end to it. */
function roomIn(tier: TierShard): MicroUsd {
  const { arena, row, insuranceBook: book } = tier;
  const target = arena.num(book.row, SHARE_BOOK.target);
  return target === 0 ? arena.num(row, TIER.fees) : most(minus(target, arena.num(row, TIER.insurance)), NONE);
}

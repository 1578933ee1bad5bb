/**
 * A dated future's final price: the average of its index over the last half hour, 240 samples of 7.5 s, so that nobody gains by moving
 * the index for a moment.
 */
import { mulDivFloor } from "../kernel/mulDiv.ts";
import type { Ms, Points } from "../kernel/units.ts";
import { CONTRACT } from "../domain/commands.ts";
import { MARKET } from "../domain/rows/market.ts";
import { MARK } from "../domain/rows/oracle.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";

const WINDOW = 1_800_000;
const SLOTS = 240;
const SLOT = WINDOW / SLOTS;

/** True for a dated future that expires within half an hour, or has expired. */
export function isInWindow(tier: TierShard, market: Market, now: Ms): boolean {
  const { arena } = tier;
  const isFuture = arena.int(market.row, MARKET.contract) === CONTRACT.future;
  return isFuture && now >= arena.num(market.row, MARKET.expiry) - WINDOW;
}

/** Fills the samples that have become due with the index as it stood before this one. */
export function fillSlots(tier: TierShard, market: Market, index: Points, now: Ms): void {
  const { arena } = tier;
  const row = tier.mark(market.id);
  if (isInWindow(tier, market, now)) {
    const since = now - (arena.num(market.row, MARKET.expiry) - WINDOW);
    const due = Math.min(SLOTS, Math.floor(since / SLOT));
    const filled = arena.int(row, MARK.slots);
    const before = arena.num(row, MARK.lastIndex);
    const price = before === 0 ? index : before;
    arena.setNum(row, MARK.slotSum, arena.num(row, MARK.slotSum) + (due - filled) * price);
    arena.setInt(row, MARK.slots, due);
  }
  arena.setNum(row, MARK.lastIndex, index);
}

/** The samples so far with the index for those to come, averaged and rounded down: what the final price will be if nothing moves. */
export function windowAverage(tier: TierShard, market: Market, index: Points): number {
  const { arena } = tier;
  const row = tier.mark(market.id);
  const left = SLOTS - arena.int(row, MARK.slots);
  return mulDivFloor(arena.num(row, MARK.slotSum) + left * index, 1, SLOTS);
}

/** Judges marks and funding (invariant 27): no mark outside its band of the index, no funding above its cap. */
import { compareProducts, mulDivCeil, mulDivFloor } from "../kernel/mulDiv.ts";
import { CONTRACT, FEED_KIND } from "../domain/commands.ts";
import { PPM_ONE } from "../domain/limits.ts";
import { STATUS } from "../domain/parameters.ts";
import { MARKET } from "../domain/rows/market.ts";
import { FEED, MARK } from "../domain/rows/oracle.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Verdict } from "./verdict.ts";

/** In its last half hour a future's mark is an average of its index, and may be anywhere the index was. */
const WINDOW = 1_800_000;
const POINTS_PER_TICK = 1_000;

/** The mark has just moved: it is inside the band, or on the tick next to the index. */
export function judgeMark(tier: TierShard, market: number, verdict: Verdict): void {
  const { arena } = tier;
  const row = tier.marketRow(market);
  const mark = arena.int(row, MARKET.mark);
  const index = indexOf(tier, market);
  if (arena.int(row, MARKET.status) === STATUS.settled || index === 0 || isAveraged(tier, market)) return;
  const highest = 2 ** arena.int(row, MARKET.rangeBits) - 1;
  const nearest = Math.min(Math.max(1, Math.floor((index + POINTS_PER_TICK / 2) / POINTS_PER_TICK)), highest);
  const band = arena.int(tier.mark(market), MARK.band);
  const isAbove = mark * POINTS_PER_TICK > mulDivFloor(index, PPM_ONE + band, PPM_ONE);
  const isBelow = mark * POINTS_PER_TICK < mulDivCeil(index, PPM_ONE - band, PPM_ONE);
  if ((isAbove || isBelow) && mark !== nearest) verdict.breach(27, nearest, mark);
}

function indexOf(tier: TierShard, market: number): number {
  const { arena } = tier;
  const told = arena.num(tier.feed(tier.feedOf(FEED_KIND.market, market)), FEED.price);
  return told === 0 ? arena.int(tier.marketRow(market), MARKET.index) * POINTS_PER_TICK : told;
}

function isAveraged(tier: TierShard, market: number): boolean {
  const { arena } = tier;
  const row = tier.marketRow(market);
  const isFuture = arena.int(row, MARKET.contract) === CONTRACT.future;
  return isFuture && arena.num(tier.mark(market), MARK.sampledAt) >= arena.num(row, MARKET.expiry) - WINDOW;
}

/** The funding index has moved by `change`: no farther than the cap of the mark's value. */
export function judgeFunding(tier: TierShard, market: number, change: number, verdict: Verdict): void {
  const { arena } = tier;
  const row = tier.marketRow(market);
  const cap = arena.int(row, MARKET.fundingCap);
  // |change| ≤ ⌈value·cap/1000⌉ exactly if |change| − 1 is below the quotient, which itself may be too large to take.
  if (compareProducts(Math.abs(change) - 1, 1_000, arena.num(row, MARKET.lotValue), cap) >= 0)
    verdict.breach(27, cap, change);
}

/**
 * How much the backstop may take over: what its cap in lots, its inventory in parts of its equity and its day leave room for. Lots that only
 * shrink its position are always allowed, and count for none of them. See docs/spec/liquidation.md, step 6.
 */
import type { Ref } from "../../kernel/arena.ts";
import { absolute, least, minus, most, plus } from "../../kernel/checked.ts";
import { shareFloor } from "../../kernel/mulDiv.ts";
import { type Lots, type MicroUsd, type Ms, NONE } from "../../kernel/units.ts";
import { lotsWithin, valueOf } from "../../kernel/value.ts";
import { DAY_MS } from "../../domain/limits.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { leastNetAssets } from "../../risk/netAssets.ts";

/** What a takeover is measured by: what the backstop holds of the market before it, signed, and the least it is worth, ≥ 0. */
export interface BackstopBefore {
  readonly held: Lots;
  readonly equity: MicroUsd;
}

/** Its equity is measured only where a limit is set in parts of it. */
export function backstopBefore(
  tier: TierShard,
  market: Market,
  bucket: Ref<"bucket">,
  held: Lots,
): BackstopBefore {
  const { arena, row } = tier;
  const isLimited = arena.int(row, TIER.backstopDay) + arena.int(market.row, MARKET.backstopInventory) > 0;
  return { held, equity: isLimited ? most(leastNetAssets(tier, bucket), NONE) : NONE };
}

/** Lots of the sign of `lots` that the backstop may take: what brings it to nothing, and from there as much as all limits allow. */
export function roomOfBackstop(
  tier: TierShard,
  market: Market,
  before: BackstopBefore,
  lots: Lots,
  now: Ms,
): Lots {
  const { held } = before;
  const cap = inventoryOf(tier, market, before);
  const closing = closes(held, lots) ? absolute(held) : NONE;
  const upToCap = closing === 0 ? most(minus(cap, absolute(held)), NONE) : plus(closing, cap);
  return least(upToCap, plus(closing, growthToday(tier, market, before, now)));
}

/** Counts what was taken over against the day of the backstop, if there is a limit to it; a new day begins with its first takeover. */
export function countTakeover(
  tier: TierShard,
  market: Market,
  { held, equity }: BackstopBefore,
  lots: Lots,
  now: Ms,
): void {
  const { arena, row } = tier;
  const closing = closes(held, lots) ? least(absolute(held), absolute(lots)) : NONE;
  const grown = minus(absolute(lots), closing);
  if (grown === 0 || arena.int(row, TIER.backstopDay) === 0) return;
  const value = valueOf(grown, arena.num(market.row, MARKET.lotValue));
  if (isDayOver(tier, now)) {
    arena.setNum(row, TIER.backstopSince, now);
    arena.setNum(row, TIER.backstopBase, equity);
    arena.setNum(row, TIER.backstopTaken, value);
  } else arena.addNum(row, TIER.backstopTaken, value);
}

/** Forgets the day: another bucket begins one of its own. */
export function forgetTakeovers({ arena, row }: TierShard): void {
  arena.setNum(row, TIER.backstopSince, NONE);
  arena.setNum(row, TIER.backstopBase, NONE);
  arena.setNum(row, TIER.backstopTaken, NONE);
}

/** Lots the backstop may hold of a market, on either side. */
function inventoryOf({ arena }: TierShard, market: Market, { equity }: BackstopBefore): Lots {
  const cap = arena.num(market.row, MARKET.backstopCap);
  const share = arena.int(market.row, MARKET.backstopInventory);
  if (share === 0) return cap;
  return least(cap, lotsWithin(shareFloor(equity, share), arena.num(market.row, MARKET.lotValue)));
}

/** Lots by which its position may still grow in this day; what it has lost since the day began lowers that at once. */
function growthToday(tier: TierShard, market: Market, { equity }: BackstopBefore, now: Ms): Lots {
  const { arena, row } = tier;
  const share = arena.int(row, TIER.backstopDay);
  if (share === 0) return arena.num(market.row, MARKET.backstopCap);
  const isFresh = isDayOver(tier, now);
  const base = isFresh ? equity : least(arena.num(row, TIER.backstopBase), equity);
  const taken = isFresh ? NONE : arena.num(row, TIER.backstopTaken);
  const left = most(minus(shareFloor(base, share), taken), NONE);
  return lotsWithin(left, arena.num(market.row, MARKET.lotValue));
}

function isDayOver({ arena, row }: TierShard, now: Ms): boolean {
  return arena.num(row, TIER.backstopTaken) === 0 || now - arena.num(row, TIER.backstopSince) >= DAY_MS;
}

function closes(held: Lots, lots: Lots): boolean {
  return held > 0 ? lots < 0 : held < 0 && lots > 0;
}

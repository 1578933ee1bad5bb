/** The terms in force of a market are made anew: called whenever what is set, its breaker or its tier's posture changes. */
import { least, middle, minus, most, plus } from "../../kernel/checked.ts";
import { shareFloor } from "../../kernel/mulDiv.ts";
import { type Ms, NONE } from "../../kernel/units.ts";
import { BREAKER, CAUTION_MARGIN, LONGEST_GRACE, SHORTEST_GRACE } from "../../domain/breaker.ts";
import { FEED_KIND } from "../../domain/commands.ts";
import { ONE_LOT, PPM_ONE, WIDE_MARGIN } from "../../domain/limits.ts";
import { STATUS } from "../../domain/parameters.ts";
import { QUALITY } from "../../domain/permits.ts";
import { POSTURE, postureOf } from "../../domain/posture.ts";
import { CONTROLLER, GUARD } from "../../domain/rows/guard.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { FEED } from "../../domain/rows/oracle.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { strictestStatus, tradingState } from "../../domain/trading.ts";
import { actionsOf } from "../../guard/posture.ts";
import { bandCut } from "../../guard/bandCut.ts";
import { flatNotional } from "../../risk/margin.ts";

/** Renews every term of a market. Idempotent; `now` drives the ramp of a reopening. */
export function renewTerms(tier: TierShard, market: Market, now: Ms): void {
  const { arena } = tier;
  const { row, id } = market;
  const guard = tier.guard(id);
  renewTrading(tier, market, now);
  const { band, openInterest } = actionsOf(postureOf(tier));
  arena.setInt(row, MARKET.bandCut, bandCut(arena, guard, row, band, now));
  const limit = shareFloor(arena.num(row, MARKET.maxOpenInterestLots), openInterest);
  arena.setNum(row, MARKET.openInterestCut, openInterest === PPM_ONE ? NONE : most(limit, ONE_LOT));
  renewMargin(tier, market);
}

/** Renews what initial margin is multiplied by: the largest that a breaker, the posture or a wide price asks for. */
export function renewMargin(tier: TierShard, market: Market): void {
  const { arena } = tier;
  const { row, id } = market;
  const cautious = arena.num(tier.guard(id), GUARD.level) === BREAKER.normal ? NONE : CAUTION_MARGIN;
  const wide = isWide(tier, id) ? WIDE_MARGIN : NONE;
  arena.setInt(row, MARKET.marginMultiplier, most(most(cautious, wide), actionsOf(postureOf(tier)).margin));
  arena.setNum(row, MARKET.flatNotional, flatNotional(arena, market));
}

/** True while reporters make the market's price and it is wide. */
function isWide(tier: TierShard, market: number): boolean {
  const feed = tier.feed(tier.feedOf(FEED_KIND.market, market));
  return tier.arena.int(feed, FEED.quorum) !== 0 && tier.arena.int(feed, FEED.quality) === QUALITY.wide;
}

/** Renews the status alone, and notes where a pause begins and ends. */
function renewTrading(tier: TierShard, market: Market, now: Ms): void {
  const { arena } = tier;
  const { row } = market;
  const guard = tier.guard(market.id);
  const before = tradingState(arena, row);
  const after = strictestStatus(
    arena.int(row, MARKET.status),
    arena.num(guard, GUARD.level),
    postureOf(tier),
  );
  if (after === before) return;
  arena.setInt(row, MARKET.trading, after);
  if (!isGuarded(tier, market) || isPause(before) === isPause(after)) return;
  if (isPause(after)) {
    arena.setNum(guard, GUARD.pausedFrom, now);
    arena.setNum(guard, GUARD.resumedAt, NONE);
  } else if (after <= STATUS.reduceOnly) resume(tier, market, now);
}

/** Trading goes on: for a quarter of the pause only those deep in distress are liquidated. */
function resume(tier: TierShard, market: Market, now: Ms): void {
  const { arena } = tier;
  const guard = tier.guard(market.id);
  const paused = minus(now, arena.num(guard, GUARD.pausedFrom));
  const grace = least(most(middle(NONE, middle(NONE, paused)), SHORTEST_GRACE), LONGEST_GRACE);
  arena.setNum(guard, GUARD.resumedAt, now);
  const until = most(arena.num(market.row, MARKET.graceUntil), plus(now, grace));
  arena.setNum(market.row, MARKET.graceUntil, until);
}

/** True where a breaker or the tier's posture may pause trading: elsewhere a pause by hand leaves no trace. */
function isGuarded(tier: TierShard, market: Market): boolean {
  const { arena, controller } = tier;
  if (arena.int(tier.guard(market.id), GUARD.on) === 1 || postureOf(tier) !== POSTURE.normal) return true;
  return arena.int(controller, CONTROLLER.enabled) === 1;
}

function isPause(status: number): boolean {
  return status === STATUS.halted;
}

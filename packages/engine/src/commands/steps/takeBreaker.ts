/** A market's breaker looks at other signals from now on. */
import { CONFIGURE_BREAKER } from "../../domain/commands.ts";
import { word } from "../../domain/frame.ts";
import { STATUS } from "../../domain/parameters.ts";
import type { OutcomeCode } from "../../domain/refusals.ts";
import { GUARD } from "../../domain/rows/guard.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import { tradingState } from "../../domain/trading.ts";
import type { Venue } from "../../domain/venue.ts";
import { isWatching } from "../../guard/standing.ts";
import { enterMarket } from "./lookUp.ts";
import { renewTerms } from "./renewTerms.ts";

const { at } = CONFIGURE_BREAKER;

/** Thresholds that are integer cells, by their fields. */
const CELLS = [
  [at.sigma, GUARD.sigma],
  [at.softZ, GUARD.softZ],
  [at.hardZ, GUARD.hardZ],
  [at.softMove, GUARD.softMove],
  [at.hardMove, GUARD.hardMove],
  [at.divergence, GUARD.divergence],
  [at.openInterestStep, GUARD.openInterestStep],
  [at.spreadFactor, GUARD.spreadFactor],
  [at.depthFloor, GUARD.depthFloor],
  [at.cautionBand, GUARD.cautionBand],
  [at.haltScore, GUARD.haltScore],
  [at.haltCost, GUARD.haltCost],
] as const;

/** Carries out a `configureBreaker`, given in `frame`. */
export function takeBreaker(venue: Venue, tier: TierShard, frame: Float64Array): OutcomeCode {
  const marketId = word(frame, at.market);
  const market = enterMarket(venue, tier, marketId);
  if (market === undefined) return venue.refuse("market_unknown", marketId);
  const { arena } = tier;
  if (arena.int(market.row, MARKET.status) === STATUS.settled)
    return venue.refuse("market_is_settled", marketId);
  for (const [soft, hard] of [
    [at.softZ, at.hardZ],
    [at.softMove, at.hardMove],
  ] as const) {
    const milder = frame[soft] as number;
    const harder = frame[hard] as number;
    if (milder > harder) return venue.refuse("breaker_thresholds", milder, harder);
  }

  const guard = tier.guard(marketId);
  for (const [field, cell] of CELLS) arena.setInt<"guard", number>(guard, cell, frame[field] as number);
  arena.setNum(guard, GUARD.liquidationCapacity, word(frame, at.liquidationCapacity));
  arena.setNum(guard, GUARD.lossCapacity, word(frame, at.lossCapacity));
  switchOn(venue, tier, market);
  renewTerms(tier, market, venue.now);
  return venue.accept(arena.num(guard, GUARD.level));
}

/** A breaker that begins to watch takes the market as it finds it; one with nothing to watch stops when it is back at normal. */
function switchOn(venue: Venue, tier: TierShard, market: Market): void {
  const { arena } = tier;
  const guard = tier.guard(market.id);
  const watches = isWatching(arena, guard);
  if (watches && arena.int(guard, GUARD.on) === 0) {
    for (let level = 0; level < 3; level++)
      arena.setInt(guard, (GUARD.streak + level) as typeof GUARD.streak, 0);
    arena.setInt(guard, GUARD.lastMark, arena.int(market.row, MARKET.mark));
    arena.setNum(guard, GUARD.lastInterest, arena.num(market.row, MARKET.openInterest));
    if (tradingState(arena, market.row) === STATUS.halted) arena.setNum(guard, GUARD.pausedFrom, venue.now);
  }
  arena.setInt(guard, GUARD.on, watches ? 1 : 0);
}

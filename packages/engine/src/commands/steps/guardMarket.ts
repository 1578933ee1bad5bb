/** A market's breaker looks at what has changed, and moves if it must: before anybody trades or is liquidated at a new price. */
import { BREAKER } from "../../domain/breaker.ts";
import { EVENTS } from "../../domain/events.ts";
import { STATUS } from "../../domain/parameters.ts";
import { GUARD } from "../../domain/rows/guard.ts";
import { MARKET } from "../../domain/rows/market.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import {
  type Reading,
  type Standing,
  TRIPPED,
  type Tripped,
  countStreaks,
  enterLevel,
  hasJustTripped,
  levelScore,
  levelSignal,
  nextLevel,
  strictness,
} from "../../guard/breaker.ts";
import { costOf, isWorthIt, lossAvoided } from "../../guard/evidence.ts";
import { sampleGuard, scoreGuard } from "../../guard/signals.ts";
import { isWatching, noteTrip, readStanding, readingOf, writeCount } from "../../guard/standing.ts";
import { restartMarks } from "../../guard/velocity.ts";
import { beginCollection } from "./callAuction.ts";
import { renewTerms } from "./renewTerms.ts";

const MOVED = EVENTS.breakerMoved.code;
const WITHHELD = EVENTS.breakerWithheld.code;

/** Every breaker of the tier looks at what the passing of time has changed. */
export function guardTier(venue: Venue, tier: TierShard): void {
  for (let id = 1; id <= tier.marketCount; id++) guardMarket(venue, tier, tier.listedMarket(id), false);
}

/** @param isPrice - whether the market's mark was just set: such an update always counts */
export function guardMarket(venue: Venue, tier: TierShard, market: Market, isPrice: boolean): void {
  const { arena } = tier;
  const { now } = venue;
  const guard = tier.guard(market.id);
  if (arena.int(guard, GUARD.on) === 0 || arena.int(market.row, MARKET.status) === STATUS.settled) return;
  sampleGuard(arena, guard, market, now);
  const scores = scoreGuard(arena, guard, market, now);
  const standing = readStanding(arena, guard);
  const reading = readingOf(arena, guard, market.row, scores, isPrice, now);
  if (reading.counts) arena.setNum(guard, GUARD.countedAt, now);
  countStreaks(standing, reading);
  const isWorth = (level: Tripped): boolean => evidenceFor(tier, market, reading, level).isWorth;
  const before = standing.level;
  const { level, signal } = nextLevel(standing, reading, now, isWorth);
  if (level === before) tellWithheld(venue, tier, market, standing, reading);
  else move(venue, tier, market, standing, reading, level, signal);
  writeCount(arena, guard, standing);
  arena.setNum(guard, GUARD.calmSince, standing.calmSince);
  arena.setNum(guard, GUARD.evaluatedAt, now);
  if (level !== before || level === BREAKER.reopen) renewTerms(tier, market, now);
  if (!isWatching(arena, guard)) arena.setInt(guard, GUARD.on, 0);
}

/** What speaks for entering a level and what against. */
interface Evidence {
  readonly avoided: number;
  readonly cost: number;
  readonly isWorth: boolean;
}

function evidenceFor(tier: TierShard, market: Market, reading: Reading, level: Tripped): Evidence {
  const { arena } = tier;
  const guard = tier.guard(market.id);
  const score = levelScore(reading, level);
  const avoided = lossAvoided(arena, guard, market, score);
  const cost = costOf(arena, guard, market, level, reading.trips + 1);
  const looksAtCost = arena.int(guard, GUARD.haltCost) !== 0;
  return { avoided, cost, isWorth: isWorthIt(score, avoided, cost, looksAtCost) };
}

/** The breaker changes its level and says why. */
function move(
  venue: Venue,
  tier: TierShard,
  market: Market,
  standing: Standing,
  reading: Reading,
  level: number,
  signal: number,
): void {
  const { arena } = tier;
  const { now, events } = venue;
  const guard = tier.guard(market.id);
  const from = standing.level;
  const target = TRIPPED.find((tripped) => tripped === level && strictness(level) > strictness(from));
  let score = levelScore(reading, from);
  let avoided = 0;
  let cost = 0;
  if (target !== undefined) {
    score = levelScore(reading, target);
    ({ avoided, cost } = evidenceFor(tier, market, reading, target));
    noteTrip(arena, guard, now);
  }
  enterLevel(standing, level, now);
  if (level === BREAKER.halt || level === BREAKER.reopen) restartMarks(arena, guard);
  if (level === BREAKER.auction) beginCollection(tier, market, now);
  arena.setNum(guard, GUARD.level, level);
  arena.setNum(guard, GUARD.since, now);
  arena.setInt(guard, GUARD.signal, signal);
  events.emit(MOVED, market.id, from, level, signal, score, avoided, cost);
}

/** Says once when a level's scores trip and entering it would cost more than it avoids. */
function tellWithheld(
  venue: Venue,
  tier: TierShard,
  market: Market,
  standing: Standing,
  reading: Reading,
): void {
  for (const level of TRIPPED) {
    if (strictness(level) <= strictness(standing.level)) continue;
    if (!hasJustTripped(standing, reading, level)) continue;
    const { avoided, cost } = evidenceFor(tier, market, reading, level);
    const signal = levelSignal(reading, level);
    venue.events.emit(WITHHELD, market.id, level, signal, levelScore(reading, level), avoided, cost);
  }
}

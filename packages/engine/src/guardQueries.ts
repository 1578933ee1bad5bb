/** Questions to breakers: where one stands, and what it sees. They change nothing and allocate plain objects. */
import type { Ms, Ppm } from "./kernel/units.ts";
import { SIGNALS } from "./domain/breaker.ts";
import { postureOf, wantedThrottle } from "./domain/posture.ts";
import { CONTROLLER, GUARD } from "./domain/rows/guard.ts";
import { MARKET } from "./domain/rows/market.ts";
import { bandInForce, openInterestLimit, tradingState } from "./domain/trading.ts";
import type { Venue } from "./domain/venue.ts";
import { tripsWithinDay } from "./guard/standing.ts";
import { summaryOf } from "./guard/tierSummary.ts";
import { UnknownId, venueView } from "./queries.ts";

export interface BreakerView {
  readonly on: boolean;
  /** Of `BREAKER`, since when, and the signal that was the reason, of `SIGNAL`. */
  readonly level: number;
  readonly since: Ms;
  readonly signal: number;
  /** Since when it has been calm, 0 = it is not. */
  readonly calmSince: Ms;
  /** Trips of the day before the last update. */
  readonly trips: number;
  /** Fused, and by signal from 1; 1e6 = trip. As of the last update. */
  readonly softScore: number;
  readonly hardScore: number;
  readonly soft: readonly number[];
  readonly hard: readonly number[];
  /** The terms in force. */
  readonly trading: number;
  /** Of initial margin, 1e6 = as set. */
  readonly marginMultiplier: number;
  readonly band: Ppm;
  readonly openInterestLimit: number;
  readonly graceUntil: Ms;
}

/** @throws {UnknownId} */
export function breakerView(venue: Venue, tierId: number, marketId: number): BreakerView {
  const tier = tierId >= 1 ? venue.tier(tierId) : undefined;
  if (tier === undefined) throw new UnknownId("tier", tierId);
  const market = marketId >= 1 ? tier.market(marketId) : undefined;
  if (market === undefined) throw new UnknownId("market", marketId);
  const { arena } = tier;
  const { row } = market;
  const guard = tier.guard(marketId);
  const multiplier = arena.int(row, MARKET.marginMultiplier);
  const scoresFrom = (first: typeof GUARD.soft): number[] =>
    Array.from({ length: SIGNALS }, (_, index) => arena.int(guard, (first + index) as typeof GUARD.soft));
  return {
    on: arena.int(guard, GUARD.on) === 1,
    level: arena.num(guard, GUARD.level),
    since: arena.num(guard, GUARD.since),
    signal: arena.int(guard, GUARD.signal),
    calmSince: arena.num(guard, GUARD.calmSince),
    trips: tripsWithinDay(arena, guard, arena.num(guard, GUARD.evaluatedAt)),
    softScore: arena.int(guard, GUARD.softScore),
    hardScore: arena.int(guard, GUARD.hardScore),
    soft: scoresFrom(GUARD.soft),
    hard: scoresFrom(GUARD.hard),
    trading: tradingState(arena, row),
    marginMultiplier: multiplier === 0 ? 1_000_000 : multiplier,
    band: bandInForce(arena, row),
    openInterestLimit: openInterestLimit(arena, row),
    graceUntil: arena.num(row, MARKET.graceUntil),
  };
}

export interface PostureView {
  readonly enabled: boolean;
  /** Of `POSTURE`, since when, and the rule that was the reason (0 = calm). */
  readonly posture: number;
  readonly since: Ms;
  readonly rule: number;
  /** Since when nothing has held it, 0 = something does. */
  readonly calmSince: Ms;
  /** What the controller sees at the venue's clock, by `INPUT`, and the posture for want of a fresh report. */
  readonly inputs: readonly number[];
  readonly baseline: number;
  /** What it asks for: least liquidation buffer, and the vault's throttle posture. */
  readonly buffer: Ppm;
  readonly throttle: number;
}

/** @throws {UnknownId} */
export function postureView(venue: Venue, tierId: number): PostureView {
  const tier = tierId >= 1 ? venue.tier(tierId) : undefined;
  if (tier === undefined) throw new UnknownId("tier", tierId);
  const { arena, controller } = tier;
  const { inputs, baseline } = summaryOf(tier, venueView(venue).clock);
  return {
    enabled: arena.int(controller, CONTROLLER.enabled) === 1,
    posture: postureOf(tier),
    since: arena.num(controller, CONTROLLER.since),
    rule: arena.int(controller, CONTROLLER.rule),
    calmSince: arena.num(controller, CONTROLLER.calmSince),
    inputs,
    baseline,
    buffer: arena.int(controller, CONTROLLER.buffer),
    throttle: wantedThrottle(tier),
  };
}

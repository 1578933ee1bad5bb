/**
 * One command, whole or not at all: guard, handle, check, commit or roll back. The only place that catches a broken invariant.
 */
import { Inexact, InvariantViolation } from "./kernel/invariant.ts";
import { EVENTS } from "./domain/events.ts";
import { CODE, integer } from "./domain/frame.ts";
import { STATUS } from "./domain/parameters.ts";
import { ACCEPTED, type OutcomeCode } from "./domain/refusals.ts";
import { MARKET } from "./domain/rows/market.ts";
import { VAULT } from "./domain/rows/vault.ts";
import type { TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import type { Judge } from "./security/judge.ts";
import type { Verdict } from "./security/verdict.ts";

/** Who says whether what a command wrote may stay: it reads, and writes nothing but its verdict. */
export type Sentinel = Pick<Judge, "judge" | "verdict">;

/** A command's story: writes through the journals, answers with an outcome. */
export type Handler = (venue: Venue) => OutcomeCode;

/** Handlers by command code. */
export type Handlers = readonly (Handler | undefined)[];

/** Applies the decoded command in `venue.command`. Afterwards its facts and events are in the venue. */
export function transition(venue: Venue, handlers: Handlers, judge: Sentinel): OutcomeCode {
  const { vault, now } = venue;
  venue.tierInUse = 0;
  venue.marketInUse = 0;
  venue.makersMet = 0;
  venue.events.clear();
  const clock = vault.arena.num(vault.row, VAULT.clock);
  if (now < clock) return venue.refuse("clock_went_back", now, clock);

  const outcome = attempt(venue, handlers, judge);
  const tier = tierInUse(venue);
  if (outcome === ACCEPTED) {
    vault.arena.setNum(vault.row, VAULT.clock, now);
    vault.arena.commit();
    tier?.arena.commit();
    return outcome;
  }
  rollBack(venue);
  if (tier !== undefined && judge.verdict.invariant !== 0) quarantine(venue, tier, judge.verdict.invariant);
  return outcome;
}

function attempt(venue: Venue, handlers: Handlers, judge: Sentinel): OutcomeCode {
  const { verdict } = judge;
  verdict.invariant = 0;
  try {
    const handler = handlers[integer(venue.command, CODE)] as Handler;
    const outcome = handler(venue);
    if (outcome !== ACCEPTED) return outcome;
    const tier = tierInUse(venue);
    const written = recordsOf(venue.vault.arena) + recordsOf(tier?.arena);
    judge.judge(venue.vault, tier, venue.events, venue.now);
    const after = recordsOf(venue.vault.arena) + recordsOf(tier?.arena);
    if (after !== written) return venue.refuse("invariant_broken", JUDGE_ONLY_READS, written, after);
    const stray = strayTier(venue);
    if (stray !== 0) verdict.breach(COMPARTMENTS, venue.tierInUse, stray);
    return verdict.invariant === 0 ? ACCEPTED : refuseBroken(venue, verdict);
  } catch (error) {
    if (!(error instanceof InvariantViolation)) {
      rollBack(venue);
      throw error;
    }
    const isOnlyLarge = error instanceof Inexact && verdict.invariant === 0;
    if (isOnlyLarge) return venue.refuse("beyond_exact_range", firstFact(error));
    verdict.breach(INTERNAL_CLAIM, 0, firstFact(error));
    return refuseBroken(venue, verdict);
  }
}

function tierInUse(venue: Venue): TierShard | undefined {
  return venue.tierInUse === 0 ? undefined : venue.tiers[venue.tierInUse - 1];
}

/** The number of the invariant that the judge leaves state as it found it. */
const JUDGE_ONLY_READS = 38;

/** How much the command under way has written to an arena. */
function recordsOf(arena: TierShard["arena"] | undefined): number {
  return arena === undefined ? 0 : arena.intCount + arena.numCount;
}

/** The number of the invariant that a command touches one tier at most. */
const COMPARTMENTS = 18;

/** A tier written to besides the one in use, 0 = none. Its journal was not judged, and must not wait for its next command. */
function strayTier(venue: Venue): number {
  const { tiers } = venue;
  for (let id = 1; id <= tiers.length; id++) {
    if (id !== venue.tierInUse && !(tiers[id - 1] as TierShard).arena.untouched) return id;
  }
  return 0;
}

/** The number of the invariant that every claim the code relies on holds. */
const INTERNAL_CLAIM = 100;

function firstFact(error: InvariantViolation): number {
  const fact = Object.values(error.facts)[0] ?? 0;
  return Number.isFinite(fact) ? fact : 0;
}

function refuseBroken(venue: Venue, verdict: Verdict): OutcomeCode {
  return venue.refuse("invariant_broken", verdict.invariant, verdict.expected, verdict.found);
}

/** Undoes all the command wrote, wherever that was. */
function rollBack(venue: Venue): void {
  venue.vault.arena.rollback();
  venue.events.clear();
  for (const tier of venue.tiers) {
    if (tier.id !== venue.tierInUse && tier.arena.untouched) continue;
    tier.arena.rollback();
    tier.forgetViewsBeyond(tier.marketCount);
  }
}

/** The market whose command broke an invariant stops trading, if it has not for good; nothing else notices. */
function quarantine(venue: Venue, tier: TierShard, invariant: number): void {
  const { marketInUse } = venue;
  if (marketInUse === 0 || marketInUse > tier.marketCount) return;
  const { arena } = tier;
  const row = tier.marketRow(marketInUse);
  if (arena.int(row, MARKET.status) !== STATUS.settled) {
    arena.setInt(row, MARKET.status, STATUS.quarantined);
    arena.setInt(row, MARKET.trading, STATUS.quarantined);
  }
  arena.commit();
  venue.events.emit(EVENTS.marketQuarantined.code, marketInUse, invariant);
}

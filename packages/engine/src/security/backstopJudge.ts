/**
 * Judges what a backstop takes over (30): no takeover makes its position grow beyond the market's cap in lots, and all of its day stay
 * within the share of its equity that a day allows. From the events and the journal alone.
 */
import { NIL } from "../kernel/arena.ts";
import { mulDivFloor } from "../kernel/mulDiv.ts";
import { rowOf } from "../kernel/pool.ts";
import { DAY_MS, PPM_ONE } from "../domain/limits.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { EVENT_WORDS } from "../domain/events.ts";
import { POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { cellBefore } from "./cellBefore.ts";
import { SALE, SALE_CODE, TAKEOVER, lotsOf } from "./handedLots.ts";
import { slotFor } from "./standing.ts";
import type { Verdict } from "./verdict.ts";

/** True for the cells of the tier's own row in which the backstop's day is counted. */
export function isOfTakeovers(column: number): boolean {
  return column >= TIER.backstopSince && column <= TIER.backstopTaken;
}

/** Judges the takeovers of the command under way, if there are any, and what was written of the backstop's day. */
export function judgeTakeovers(tier: TierShard, events: EventLog, now: number, verdict: Verdict): void {
  const { arena, row } = tier;
  const cell = (column: number): number => (row >> 1) + column;
  const before = (column: number): number => cellBefore(arena, cell(column));
  let grown = 0;
  for (let event = 0; event < events.count; event++) grown += grownBy(tier, events, event, verdict);

  const share = arena.int(row, TIER.backstopDay);
  const taken = arena.num(row, TIER.backstopTaken);
  const since = arena.num(row, TIER.backstopSince);
  if (grown === 0 || share === 0) {
    // Only another backstop begins anew.
    const isAnother = arena.int(row, TIER.backstop) !== arena.intBefore(row, TIER.backstop);
    if (!isAnother && taken !== before(TIER.backstopTaken)) verdict.breach(30, 0, taken);
    return;
  }
  const isFresh = before(TIER.backstopTaken) === 0 || now - before(TIER.backstopSince) >= DAY_MS;
  const earlier = isFresh ? 0 : before(TIER.backstopTaken);
  if (taken !== earlier + grown) verdict.breach(30, earlier + grown, taken);
  if (since !== (isFresh ? now : before(TIER.backstopSince))) verdict.breach(30, now, since);
  const base = arena.num(row, TIER.backstopBase);
  if (!isFresh && base !== before(TIER.backstopBase)) verdict.breach(30, before(TIER.backstopBase), base);
  const most = mulDivFloor(base, share, PPM_ONE);
  if (taken > most) verdict.breach(30, most, taken);
}

/** Value at the mark of the lots by which one event's takeover made the backstop's position grow or turn; 0 for any other event. */
function grownBy(tier: TierShard, events: EventLog, event: number, verdict: Verdict): number {
  const { arena } = tier;
  const of = (column: number): number => events.words[event * EVENT_WORDS + column] as number;
  if (of(0) !== SALE_CODE || of(SALE.how) !== TAKEOVER) return 0;
  const bucketId = of(SALE.counterparty);
  const market = of(SALE.market);
  const row = tier.marketRow(market);
  const position = slotFor(arena, rowOf(arena, tier.buckets, bucketId), market);
  let after: number = position === NIL ? 0 : arena.num(position, POSITION.lots);
  for (let later = events.count - 1; later > event; later--)
    after -= lotsOf(events.words, later * EVENT_WORDS, bucketId, market);
  const held = after - of(SALE.lots);
  const grown = held * after < 0 ? Math.abs(after) : Math.max(0, Math.abs(after) - Math.abs(held));
  const cap = arena.num(row, MARKET.backstopCap);
  if (grown > 0 && Math.abs(after) > cap) verdict.breach(30, cap, Math.abs(after));
  return grown * arena.int(row, MARKET.mark) * arena.num(row, MARKET.notional);
}

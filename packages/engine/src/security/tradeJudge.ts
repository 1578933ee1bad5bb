/**
 * Judges what trades and withdrawals from buckets may do to a standing: nobody takes on risk, or takes out money, without the margin for it,
 * and in a reduce-only market nobody's position grows. Reads the command's events and journal; derives margin for itself.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { rowOf } from "../kernel/pool.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { EVENTS, EVENT_WORDS } from "../domain/events.ts";
import { STATUS } from "../domain/parameters.ts";
import { POSITION } from "../domain/rows.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { statusInForce } from "./guardJudge.ts";
import { judgeAuctions } from "./auctionJudge.ts";
import { judgeTakeovers } from "./backstopJudge.ts";
import { AWARD_CODE, FILL, FILL_CODE, SALE, SALE_CODE, TAKEOVER, lotsOf } from "./handedLots.ts";
import { judgeCallAuctions, statusOfAuction, wasInAuction } from "./callAuctionJudge.ts";
import {
  initialSurplus,
  maintenanceSurplus,
  slotFor,
  standingEquity,
  standingMaintenance,
  standingMaintenanceEquity,
  standingMargin,
} from "./standing.ts";
import type { Verdict } from "./verdict.ts";

const HAIRCUT_CODE = EVENTS.profitHaircut.code;
const { code: MOVE_CODE } = EVENTS.bucketMoved;

/** Where events name what is looked at. */
const HAIRCUT = { bucket: 3, amount: 4 } as const;
const MOVE = { bucket: 1, amount: 3 } as const;

/**
 * Judges the events of the command under way, in the tier it touched. Of the takers, the last: after an earlier one, others have traded, and
 * by making the market more crowded may have raised what he must cover.
 */
export function judgeTrades(tier: TierShard, events: EventLog, now: number, verdict: Verdict): void {
  const { words, count } = events;
  let isLast = true;
  let wereAwards = false;
  let wereTakeovers = false;
  let wereAuctioned = false;
  for (let event = count - 1; event >= 0; event--) {
    const at = event * EVENT_WORDS;
    const code = words[at] as number;
    if (code === FILL_CODE) {
      const market = (words[at + FILL.market] as number) | 0;
      const taker = (words[at + FILL.taker] as number) | 0;
      const isAuctioned = wasInAuction(tier, market);
      wereAuctioned ||= isAuctioned;
      if (isAuctioned) judgeMaker(tier, events, event, taker, verdict);
      else if (isLast) judgeTaker(tier, events, event, verdict);
      isLast = false;
      judgeMaker(tier, events, event, words[at + FILL.maker] as number, verdict);
      const status = isAuctioned ? statusOfAuction(tier, market) : statusInForce(tier, market);
      if (status > STATUS.reduceOnly) verdict.breach(22, STATUS.open, status);
      if (status !== STATUS.reduceOnly) continue;
      judgeGrowth(tier, events, event, taker, verdict);
      judgeGrowth(tier, events, event, words[at + FILL.maker] as number, verdict);
    } else if (code === MOVE_CODE && (words[at + MOVE.amount] as number) < 0) {
      judgeWithdrawal(tier, (words[at + MOVE.bucket] as number) | 0, verdict);
    } else if (code === AWARD_CODE) wereAwards = true;
    else if (code === SALE_CODE && words[at + SALE.how] === TAKEOVER) wereTakeovers = true;
  }
  if (wereTakeovers) judgeTakeovers(tier, events, now, verdict);
  if (wereAuctioned) judgeCallAuctions(tier, events, verdict);
  if (wereAwards) judgeAuctions(tier, events, verdict);
}

/**
 * 23: in a reduce-only market no fill makes a position grow or turns it round. Lots that a bucket was handed before or after it, as the
 * backstop or as a keeper, are no trade of its own: so the position is told back from what it is now, event by event.
 */
function judgeGrowth(
  tier: TierShard,
  events: EventLog,
  fill: number,
  bucketId: number,
  verdict: Verdict,
): void {
  const { arena } = tier;
  const market = events.words[fill * EVENT_WORDS + FILL.market] as number;
  const position = slotFor(arena, rowOf(arena, tier.buckets, bucketId), market);
  let after: number = position === NIL ? 0 : arena.num(position, POSITION.lots);
  for (let event = events.count - 1; event > fill; event--)
    after -= lotsOf(events.words, event * EVENT_WORDS, bucketId, market);
  const before = after - lotsOf(events.words, fill * EVENT_WORDS, bucketId, market);
  if (Math.abs(after) > Math.abs(before) || after * before < 0) verdict.breach(23, before, after);
}

/** 5: whoever trades covers initial margin afterwards, unless the trade only made his position smaller. */
function judgeTaker(tier: TierShard, events: EventLog, fill: number, verdict: Verdict): void {
  const { words } = events;
  const { arena } = tier;
  const at = fill * EVENT_WORDS;
  const bucketId = words[at + FILL.taker] as number;
  const market = words[at + FILL.market] as number;
  const bucket = rowOf(arena, tier.buckets, bucketId);
  const position = slotFor(arena, bucket, market);
  const after = position === NIL ? 0 : arena.num(position, POSITION.lots);
  // All his fills went one way: a position that has grown or turned round lies that way now.
  if (after * lotsOf(words, at, bucketId, market) <= 0) return;
  if (initialSurplus(tier, bucket) >= 0) return;
  const margin = standingMargin(tier, bucket);
  const equity = standingEquity(tier, bucket, false) + borneBy(events, bucketId);
  if (equity >= margin) return;
  if (Math.abs(after) > Math.abs(lotsBefore(tier, position))) verdict.breach(5, margin, equity);
}

/**
 * 5: a maker, or either side in a call auction, whose position did not only shrink covers maintenance margin afterwards. When it was filled
 * it covered initial margin; but those filled after it may have raised that by making the market more crowded, which maintenance margin does
 * not know.
 */
function judgeMaker(
  tier: TierShard,
  events: EventLog,
  fill: number,
  bucketId: number,
  verdict: Verdict,
): void {
  const { words } = events;
  const { arena } = tier;
  const at = fill * EVENT_WORDS;
  const market = words[at + FILL.market] as number;
  const bucket = rowOf(arena, tier.buckets, bucketId);
  const position = slotFor(arena, bucket, market);
  const after = position === NIL ? 0 : arena.num(position, POSITION.lots);
  // Of the fills of a position that has grown or turned round, one at least went the way it lies now.
  if (after * lotsOf(words, at, bucketId, market) <= 0) return;
  if (maintenanceSurplus(tier, bucket) >= 0) return;
  const margin = standingMaintenance(tier, bucket);
  const equity = standingMaintenanceEquity(tier, bucket) + borneBy(events, bucketId);
  if (equity >= margin) return;
  const before = lotsBefore(tier, position);
  if (Math.abs(after) > Math.abs(before) || after * before < 0) verdict.breach(5, margin, equity);
}

/** What a bucket has borne in this command of others' losses: that came after it had traded. */
function borneBy({ words, count }: EventLog, bucketId: number): number {
  let borne = 0;
  for (let event = 0; event < count; event++) {
    const at = event * EVENT_WORDS;
    if (words[at] === HAIRCUT_CODE && words[at + HAIRCUT.bucket] === bucketId)
      borne += words[at + HAIRCUT.amount] as number;
  }
  return borne;
}

/** 7: what stays in a bucket covers initial margin without counting any unrealised profit. */
function judgeWithdrawal(tier: TierShard, bucketId: number, verdict: Verdict): void {
  const bucket = rowOf(tier.arena, tier.buckets, bucketId);
  const margin = standingMargin(tier, bucket);
  const equity = standingEquity(tier, bucket, true);
  if (equity < margin) verdict.breach(7, margin, equity);
}

/** Lots a position had before the command: the oldest value the journal knows, or the present one. */
function lotsBefore(tier: TierShard, position: Ref<"position">): number {
  const { arena } = tier;
  const { numAt, numOld, numCount } = arena;
  const cell = (position >> 1) + POSITION.lots;
  for (let record = 0; record < numCount; record++)
    if (numAt[record] === cell) return numOld[record] as number;
  return arena.num(position, POSITION.lots);
}

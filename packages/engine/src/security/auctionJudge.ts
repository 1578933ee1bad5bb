/**
 * Judges keepers' auctions from the command's events alone: nothing is sold on the wrong side of the mark (12), awards sum to what was
 * sold (8), keepers get at most half of the penalty, or the bounty where there is none, and nobody bids for himself (32).
 */
import { rowOf } from "../kernel/pool.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { EVENTS, EVENT_WORDS } from "../domain/events.ts";
import { KEEPER_BOUNTY } from "../domain/limits.ts";
import { BUCKET } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { TierShard } from "../domain/tierShard.ts";
import type { Verdict } from "./verdict.ts";

const { code: SALE } = EVENTS.positionLiquidated;
const { code: AWARD } = EVENTS.bidFilled;
/** Where a sale and an award name what is looked at. */
const SALE_AT = { market: 1, bucket: 2, lots: 3, how: 4, price: 6, penalty: 7 } as const;
const AWARD_AT = { bucket: 3, lots: 4, reward: 6 } as const;
const AUCTION = 4;

export function judgeAuctions(tier: TierShard, events: EventLog, verdict: Verdict): void {
  const { words, count } = events;
  for (let event = 0; event < count; event++) {
    const at = event * EVENT_WORDS;
    if (words[at] === SALE && words[at + SALE_AT.how] === AUCTION) judgeSale(tier, events, event, verdict);
  }
}

/** A sale, and the awards that follow it. */
function judgeSale(tier: TierShard, { words, count }: EventLog, sale: number, verdict: Verdict): void {
  const { arena } = tier;
  const of = (event: number, column: number): number => words[event * EVENT_WORDS + column] as number;
  const mark = arena.int(tier.marketRow(of(sale, SALE_AT.market)), MARKET.mark);
  const lots = of(sale, SALE_AT.lots);
  const price = of(sale, SALE_AT.price);
  if (lots > 0 ? price > mark : price < mark) verdict.breach(12, mark, price);
  const owner = accountOf(tier, of(sale, SALE_AT.bucket));
  let awarded = 0;
  let rewards = 0;
  for (let event = sale + 1; event < count && of(event, 0) === AWARD; event++) {
    awarded += of(event, AWARD_AT.lots);
    rewards += of(event, AWARD_AT.reward);
    const keeper = accountOf(tier, of(event, AWARD_AT.bucket));
    if (keeper === owner) verdict.breach(32, owner, keeper);
  }
  const penalty = of(sale, SALE_AT.penalty);
  const most = penalty === 0 ? KEEPER_BOUNTY : penalty / 2;
  if (rewards > most) verdict.breach(32, most, rewards);
  if (awarded !== lots) verdict.breach(8, lots, awarded);
}

function accountOf(tier: TierShard, bucket: number): number {
  return tier.arena.int(rowOf(tier.arena, tier.buckets, bucket), BUCKET.account);
}

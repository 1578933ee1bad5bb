/**
 * Judges what a call auction executed (37): at one price, told before, within the collar or as the last extension leaves no other way; and
 * no worse for anybody than the price his order named.
 */
import { mulDivFloor } from "../kernel/mulDiv.ts";
import { SIDE } from "../domain/commands.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { EVENTS, EVENT_WORDS } from "../domain/events.ts";
import { CONTROLLER, GUARD } from "../domain/rows/guard.ts";
import { MARKET } from "../domain/rows/market.ts";
import { STATUS } from "../domain/parameters.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { cellBefore } from "./cellBefore.ts";
import { priceOf } from "./orderPrice.ts";
import type { Verdict } from "./verdict.ts";

const { code: PRICED } = EVENTS.auctionPriced;
const { code: PAIRED } = EVENTS.ordersPaired;
const { code: FILL } = EVENTS.fill;
const { code: SALE } = EVENTS.positionLiquidated;
/** Where they name what is looked at. */
const PRICED_AT = { market: 1, price: 2, extensions: 6 } as const;
const PAIR_AT = { market: 1, buy: 2, sell: 3, price: 6 } as const;
const FILL_AT = { market: 1, order: 2, side: 5, price: 6 } as const;
const SALE_AT = { market: 1, how: 4, price: 6 } as const;

const AUCTION = 4;
const REOPEN = 5;
const REDUCING = 3;
const STOPPED = 4;
const CALL_AUCTION = 5;
const EXTENSIONS = 3;

/** True if a market's fills in this command were those of a call auction. */
export function wasInAuction(tier: TierShard, market: number): boolean {
  const guard = tier.guard(market);
  const level = tier.arena.num(guard, GUARD.level);
  if (level !== REOPEN) return level === AUCTION;
  return cellBefore(tier.arena, (guard >> 1) + GUARD.level) === AUCTION;
}

/** The status that a call auction trades under: what is set, or what the posture makes of it. */
export function statusOfAuction(tier: TierShard, market: number): number {
  const { arena, controller } = tier;
  const set = arena.int(tier.marketRow(market), MARKET.status);
  const posture = arena.num(controller, CONTROLLER.posture);
  if (set >= STATUS.halted) return set;
  if (posture === STOPPED) return STATUS.halted;
  return posture === REDUCING ? STATUS.reduceOnly : set;
}

/** Judges the events of a command in which a call auction was executed. */
export function judgeCallAuctions(tier: TierShard, { words, count }: EventLog, verdict: Verdict): void {
  const { arena } = tier;
  const prices = new Map<number, number>();
  const priceIn = (market: number): number =>
    prices.get(market) ?? arena.intBefore(tier.guard(market), GUARD.auctionPrice);
  for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS) {
    const of = (column: number): number => words[at + column] as number;
    const code = of(0);
    if (code === PRICED) {
      prices.set(of(PRICED_AT.market), of(PRICED_AT.price));
      judgeCollar(tier, of(PRICED_AT.market), of(PRICED_AT.price), of(PRICED_AT.extensions), verdict);
    } else if (code === PAIRED) {
      const price = priceIn(of(PAIR_AT.market));
      if (of(PAIR_AT.price) !== price) verdict.breach(37, price, of(PAIR_AT.price));
      judgeLimit(tier, of(PAIR_AT.buy), true, price, verdict);
      judgeLimit(tier, of(PAIR_AT.sell), false, price, verdict);
    } else if (code === FILL && wasInAuction(tier, of(FILL_AT.market))) {
      const price = priceIn(of(FILL_AT.market));
      if (of(FILL_AT.price) !== price) verdict.breach(37, price, of(FILL_AT.price));
      judgeLimit(tier, of(FILL_AT.order), of(FILL_AT.side) !== SIDE.buy, price, verdict);
    } else if (code === SALE && of(SALE_AT.how) === CALL_AUCTION) {
      const price = priceIn(of(SALE_AT.market));
      if (of(SALE_AT.price) !== price) verdict.breach(37, price, of(SALE_AT.price));
    }
  }
}

/** Nobody buys above what he named, nor sells below. */
function judgeLimit(tier: TierShard, order: number, buys: boolean, price: number, verdict: Verdict): void {
  const named = priceOf(tier, order);
  if (buys ? price > named : price < named) verdict.breach(37, named, price);
}

function judgeCollar(
  tier: TierShard,
  market: number,
  price: number,
  extensions: number,
  verdict: Verdict,
): void {
  const row = tier.marketRow(market);
  const collar = tier.arena.int(row, MARKET.callAuctionCollar);
  if (extensions > EXTENSIONS) verdict.breach(37, EXTENSIONS, extensions);
  if (collar === 0 || extensions === EXTENSIONS) return;
  const index = tier.arena.int(row, MARKET.index);
  const reach = mulDivFloor(index, collar * (2 + extensions), 2_000_000);
  if (Math.abs(price - index) > reach) verdict.breach(37, reach, Math.abs(price - index));
}

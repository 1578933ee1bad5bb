/**
 * Judges what a command booked against what it says it did: to the unit, each party's lots, costs and cash change by the fills, funding and
 * movements that its events tell (8), and a fill is at the price of the order it met and
 * within the taker's limit (37). So neither matching nor clearing
 * can move anything between two parties unseen, even where all sums still fit. Liquidations, settlements and what they cost are told in more
 * ways than are followed here: those commands are left to the other invariants and to the audit.
 */
import { NIL, type Ref } from "../kernel/arena.ts";
import { mulDivFloor } from "../kernel/mulDiv.ts";
import { rowOf } from "../kernel/pool.ts";
import { SIDE } from "../domain/commands.ts";
import type { EventLog } from "../domain/eventLog.ts";
import { EVENTS, EVENT_WORDS } from "../domain/events.ts";
import { PPM_ONE, QUOTE_ASSET } from "../domain/limits.ts";
import { BUCKET, POSITION_WORDS } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { wasInAuction } from "./callAuctionJudge.ts";
import { priceOf } from "./orderPrice.ts";
import { slotFor } from "./standing.ts";
import type { Verdict } from "./verdict.ts";

const { code: FILL } = EVENTS.fill;
const { code: TRIGGERED } = EVENTS.orderTriggered;
const { code: FUNDING } = EVENTS.fundingSettled;
const { code: MOVED } = EVENTS.bucketMoved;
const { code: RESIDUAL } = EVENTS.residualSettled;
const { code: SETTLED } = EVENTS.positionSettled;
/** Events of liquidations and of what they cost have codes from here to there. */
const FIRST_OF_LOSSES = 30;
const LAST_OF_LOSSES = 49;

/** Where the events name what is looked at. */
const F = {
  market: 1,
  order: 2,
  maker: 3,
  taker: 4,
  side: 5,
  price: 6,
  lots: 7,
  makerFee: 8,
  takerFee: 9,
} as const;
const PAID = { market: 1, bucket: 2, amount: 3 } as const;
const TRIGGER = { order: 2, bucket: 3 } as const;
const MOVE = { bucket: 1, asset: 2, amount: 3 } as const;

export class BookJudge {
  /** By position row, from 0: what lots and cost changed by, less what the events told of so far, and whose it is, 0 = nobody yet. */
  private lots = new Float64Array(0);
  private cost = new Float64Array(0);
  private owner = new Int32Array(0);
  private readonly rows = new NumberList();
  /** By bucket: cost less cash, the same way. */
  private net = new Float64Array(0);
  private readonly buckets = new NumberList();
  /** Whose order was triggered last in this command, and which; 0 = nobody's. */
  private waited = 0;
  private waitedOrder = 0;

  /** Before a journal is read: nothing is left of a command whose judgement was cut short by numbers too large. */
  begin({ positionsCapacity, buckets: { capacity } }: TierShard): void {
    if (this.rows.count > 0 || this.buckets.count > 0) this.forget();
    if (this.lots.length < positionsCapacity) {
      this.lots = new Float64Array(positionsCapacity);
      this.cost = new Float64Array(positionsCapacity);
      this.owner = new Int32Array(positionsCapacity);
    }
    if (this.net.length <= capacity) this.net = new Float64Array(capacity + 1);
  }

  /** The journal says that a position row's lots changed. */
  noteLots(row: number, change: number): void {
    this.rows.push(row);
    this.lots[row] = (this.lots[row] as number) + change;
  }

  /** … its cost. */
  noteCost(row: number, change: number): void {
    this.rows.push(row);
    this.cost[row] = (this.cost[row] as number) + change;
  }

  /** … a bucket's cash. */
  noteCash(bucket: number, change: number): void {
    this.add(bucket, -change);
  }

  /** Judges the command whose journal has been told. */
  judge(tier: TierShard, events: EventLog, verdict: Verdict): void {
    const { movedBuckets } = tier;
    if (this.rows.count === 0 && this.buckets.count === 0 && movedBuckets.length === 0) return;
    if (!tellsOfLosses(events)) {
      for (const bucket of movedBuckets) this.fold(tier, bucket);
      this.takeOff(tier, events, verdict);
      this.conclude(verdict);
    }
    this.forget();
    movedBuckets.length = 0;
  }

  /** A bucket whose block of slots has moved: what left the old slots has come to the new ones. */
  private fold(tier: TierShard, bucket: Ref<"bucket">): void {
    const { arena, positionsBase } = tier;
    const [from, to] = [arena.intBefore(bucket, BUCKET.positions), arena.int(bucket, BUCKET.positions)];
    const size = arena.intBefore(bucket, BUCKET.slots);
    if (from === to) return;
    for (let slot = 0; slot < size; slot++) {
      const old = (from - positionsBase) / POSITION_WORDS + slot;
      const row = (to - positionsBase) / POSITION_WORDS + slot;
      this.lots[row] = (this.lots[row] as number) + (this.lots[old] as number);
      this.cost[row] = (this.cost[row] as number) + (this.cost[old] as number);
      this.lots[old] = 0;
      this.cost[old] = 0;
    }
  }

  /** Takes off what the events account for. */
  private takeOff(tier: TierShard, { words, count }: EventLog, verdict: Verdict): void {
    this.waited = 0;
    for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS) {
      const code = words[at] as number;
      if (code === TRIGGERED) {
        this.waited = words[at + TRIGGER.bucket] as number;
        this.waitedOrder = words[at + TRIGGER.order] as number;
      } else if (code === FILL) this.takeFill(tier, words, at, verdict);
      else if (code === FUNDING) {
        const bucket = words[at + PAID.bucket] as number;
        this.claim(tier, bucket, words[at + PAID.market] as number);
        this.add(bucket, -(words[at + PAID.amount] as number));
      } else if (code === RESIDUAL) {
        this.claim(tier, words[at + PAID.bucket] as number, words[at + PAID.market] as number);
      } else if (code === MOVED && words[at + MOVE.asset] === QUOTE_ASSET) {
        this.add(words[at + MOVE.bucket] as number, words[at + MOVE.amount] as number);
      }
    }
  }

  private takeFill(tier: TierShard, words: Float64Array, at: number, verdict: Verdict): void {
    const market = words[at + F.market] as number;
    const row = tier.marketRow(market);
    const price = words[at + F.price] as number;
    const lots = words[at + F.lots] as number;
    const bought = words[at + F.side] === SIDE.buy ? lots : -lots;
    const value = bought * price * tier.arena.num(row, MARKET.notional);
    this.takeSide(
      tier,
      words[at + F.maker] as number,
      market,
      -bought,
      -value,
      words[at + F.makerFee] as number,
    );
    this.takeSide(
      tier,
      words[at + F.taker] as number,
      market,
      bought,
      value,
      words[at + F.takerFee] as number,
    );
    if (wasInAuction(tier, market)) return;
    const named = priceOf(tier, words[at + F.order] as number);
    if (price !== named) verdict.breach(37, named, price);
    const limit = this.limitOf(tier, row, words[at + F.taker] as number, bought > 0);
    if (bought > 0 ? price > limit : price < limit) verdict.breach(37, limit, price);
  }

  /** The worst price a taker may trade at: what it named itself if it had waited, and the edge of the band. */
  private limitOf(tier: TierShard, market: Ref<"market">, taker: number, buys: boolean): number {
    const { arena } = tier;
    const named = taker === this.waited ? priceOf(tier, this.waitedOrder) : 0;
    if (named !== 0) return named;
    const mark = arena.int(market, MARKET.mark);
    const reach = mulDivFloor(mark, arena.int(market, MARKET.band), PPM_ONE);
    return buys ? mark + reach : mark - reach;
  }

  private takeSide(
    tier: TierShard,
    bucket: number,
    market: number,
    lots: number,
    value: number,
    fee: number,
  ): void {
    const slot = this.claim(tier, bucket, market);
    if (slot >= 0) this.lots[slot] = (this.lots[slot] as number) - lots;
    this.add(bucket, -(value + fee));
  }

  /** Counts the cost of a bucket's position as the bucket's. @returns its row, -1 if the bucket has no slot for the market */
  private claim(tier: TierShard, bucket: number, market: number): number {
    const { arena, positionsBase } = tier;
    const slot = slotFor(arena, rowOf(arena, tier.buckets, bucket), market);
    if (slot === NIL) return -1;
    const row = (slot - positionsBase) / POSITION_WORDS;
    if (this.owner[row] === 0) {
      this.owner[row] = bucket;
      this.rows.push(row);
      this.add(bucket, this.cost[row] as number);
      this.cost[row] = 0;
    }
    return row;
  }

  private add(bucket: number, amount: number): void {
    this.buckets.push(bucket);
    this.net[bucket] = (this.net[bucket] as number) + amount;
  }

  /** Whatever is left now, nothing told of. */
  private conclude(verdict: Verdict): void {
    const { rows, buckets, lots, cost, net } = this;
    for (let index = 0; index < rows.count; index++) {
      const row = rows.items[index] as number;
      if (lots[row] !== 0) verdict.breach(8, 0, lots[row] as number);
      if (cost[row] !== 0) verdict.breach(8, 0, cost[row] as number);
    }
    for (let index = 0; index < buckets.count; index++) {
      const change = net[buckets.items[index] as number] as number;
      if (change !== 0) verdict.breach(8, 0, change);
    }
  }

  private forget(): void {
    const { rows, buckets } = this;
    for (let index = 0; index < rows.count; index++) {
      const row = rows.items[index] as number;
      this.lots[row] = 0;
      this.cost[row] = 0;
      this.owner[row] = 0;
    }
    for (let index = 0; index < buckets.count; index++) this.net[buckets.items[index] as number] = 0;
    rows.count = 0;
    buckets.count = 0;
  }
}

/** Rows or buckets that were written to, some of them more than once. */
class NumberList {
  count = 0;
  items = new Int32Array(1_024);

  push(item: number): void {
    if (this.count === this.items.length) {
      const larger = new Int32Array(this.items.length * 2);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.count] = item;
    this.count++;
  }
}

function tellsOfLosses({ words, count }: EventLog): boolean {
  for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS) {
    const code = words[at] as number;
    if (code === SETTLED || (code >= FIRST_OF_LOSSES && code <= LAST_OF_LOSSES)) return true;
  }
  return false;
}

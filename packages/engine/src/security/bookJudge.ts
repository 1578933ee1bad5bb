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
import { NumberSet } from "./numberSet.ts";
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
  /**
   * Position rows that were written to, by address over their size; by place in that list, what their lots and costs changed by, less what the events told of
   * so far, and whose they are, 0 = nobody yet.
   */
  private readonly rows = new NumberSet();
  private lots = new Float64Array(0);
  private cost = new Float64Array(0);
  private owner = new Int32Array(0);
  /** Buckets, and by place their cost less cash, the same way. */
  private readonly buckets = new NumberSet();
  private net = new Float64Array(0);
  /** Whose order was triggered last in this command, and which; 0 = nobody's. */
  private waited = 0;
  private waitedOrder = 0;

  /** Before a journal is read: nothing is left of a command whose judgement was cut short by numbers too large. */
  begin(): void {
    if (this.rows.count > 0 || this.buckets.count > 0) this.forget();
  }

  /** The journal says that a position row's lots changed. */
  noteLots(row: number, change: number): void {
    const place = this.placeOfRow(row);
    this.lots[place] = (this.lots[place] as number) + change;
  }

  /** … its cost. */
  noteCost(row: number, change: number): void {
    const place = this.placeOfRow(row);
    this.cost[place] = (this.cost[place] as number) + change;
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
    if (movedBuckets.length > 0) movedBuckets.length = 0;
  }

  /** A bucket whose block of slots has moved: what left the old slots has come to the new ones. */
  private fold(tier: TierShard, bucket: Ref<"bucket">): void {
    const { arena } = tier;
    const [from, to] = [arena.intBefore(bucket, BUCKET.positions), arena.int(bucket, BUCKET.positions)];
    const size = arena.intBefore(bucket, BUCKET.slots);
    if (from === to) return;
    for (let slot = 0; slot < size; slot++) {
      const old = this.placeOfRow(from / POSITION_WORDS + slot);
      this.noteLots(to / POSITION_WORDS + slot, this.lots[old] as number);
      this.noteCost(to / POSITION_WORDS + slot, this.cost[old] as number);
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
    const place = this.claim(tier, bucket, market);
    if (place >= 0) this.lots[place] = (this.lots[place] as number) - lots;
    this.add(bucket, -(value + fee));
  }

  /** Counts the cost of a bucket's position as the bucket's. @returns its place, -1 if the bucket has no slot for the market */
  private claim(tier: TierShard, bucket: number, market: number): number {
    const { arena } = tier;
    const slot = slotFor(arena, rowOf(arena, tier.buckets, bucket), market);
    if (slot === NIL) return -1;
    const place = this.placeOfRow(slot / POSITION_WORDS);
    if (this.owner[place] === 0) {
      this.owner[place] = bucket;
      this.add(bucket, this.cost[place] as number);
      this.cost[place] = 0;
    }
    return place;
  }

  private add(bucket: number, amount: number): void {
    const place = this.buckets.placeOf(bucket);
    if (place >= this.net.length) this.net = grown(this.net, Float64Array);
    this.net[place] = (this.net[place] as number) + amount;
  }

  private placeOfRow(row: number): number {
    const place = this.rows.placeOf(row);
    if (place >= this.owner.length) {
      this.lots = grown(this.lots, Float64Array);
      this.cost = grown(this.cost, Float64Array);
      this.owner = grown(this.owner, Int32Array);
    }
    return place;
  }

  /** Whatever is left now, nothing told of. */
  private conclude(verdict: Verdict): void {
    const { rows, buckets, lots, cost, net } = this;
    for (let place = 0; place < rows.count; place++) {
      if (lots[place] !== 0) verdict.breach(8, 0, lots[place] as number);
      if (cost[place] !== 0) verdict.breach(8, 0, cost[place] as number);
    }
    for (let place = 0; place < buckets.count; place++)
      if (net[place] !== 0) verdict.breach(8, 0, net[place] as number);
  }

  private forget(): void {
    const { rows, buckets, lots, cost, owner, net } = this;
    for (let place = 0; place < rows.count; place++) {
      lots[place] = 0;
      cost[place] = 0;
      owner[place] = 0;
    }
    for (let place = 0; place < buckets.count; place++) net[place] = 0;
    rows.clear();
    buckets.clear();
  }
}

function grown<A extends Int32Array | Float64Array>(values: A, type: new (length: number) => A): A {
  const larger = new type(Math.max(64, values.length * 2));
  larger.set(values);
  return larger;
}

function tellsOfLosses({ words, count }: EventLog): boolean {
  for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS) {
    const code = words[at] as number;
    if (code === SETTLED || (code >= FIRST_OF_LOSSES && code <= LAST_OF_LOSSES)) return true;
  }
  return false;
}

/** Ways to close a position in distress: on the book, to the backstop, against the other side. See docs/spec/liquidation.md. */
import { NIL } from "../../kernel/arena.ts";
import { absolute, least, minus, most, negate, partFloor, plus } from "../../kernel/checked.ts";
import { shareCeil } from "../../kernel/mulDiv.ts";
import { numberOf, rowOf, usedRows } from "../../kernel/pool.ts";
import { type Lots, type MicroUsd, NONE, type Ticks } from "../../kernel/units.ts";
import { sumOfCells, valueOf } from "../../kernel/value.ts";
import { ORDER_FLAG, ORDER_TYPE, SELF_TRADE, SIDE, TIME_IN_FORCE } from "../../domain/commands.ts";
import { EVENTS, EVENT_WORDS } from "../../domain/events.ts";
import { MAX_BUCKET_VALUE, ONE_TICK } from "../../domain/limits.ts";
import { packTerms } from "../../domain/orderTerms.ts";
import { openPosition, positionOf } from "../../domain/positions.ts";
import { BUCKET, POSITION } from "../../domain/rows/bucket.ts";
import { MARKET } from "../../domain/rows/market.ts";
import { TIER } from "../../domain/rows/tier.ts";
import type { Market, TierShard } from "../../domain/tierShard.ts";
import type { Venue } from "../../domain/venue.ts";
import { bandLimit } from "../../execution/priceBand.ts";
import { measureBucket } from "../../risk/bucketMeasure.ts";
import { onlyReduces } from "../../risk/health.ts";
import { fairLoss, takeoverRoom } from "../../risk/liquidationStep.ts";
import { backstopBefore, countTakeover, roomOfBackstop } from "./backstopRoom.ts";
import { matchEntry } from "./matchEntry.ts";
import { proRata } from "./proRata.ts";
import { type Holder, transferPosition } from "./transferPosition.ts";

const LIQUIDATED = EVENTS.positionLiquidated.code;
const TORN_UP = EVENTS.positionTornUp.code;
const FILL = EVENTS.fill.code;
/** Where a fill's event has its price and lots. */
const FILL_AT = { price: 6, lots: 7 } as const;
/** By which way a position was closed. */
export const HOW = { book: 1, backstop: 2, tornUp: 3, auction: 4, callAuction: 5 } as const;

/** A bucket's standing at maintenance weights when a step began. */
export interface Standing {
  readonly equity: MicroUsd;
  readonly maintenance: MicroUsd;
}

/** Sells (or buys back) up to `lots` at once, no further than `room` ticks through the mark; charges the penalty the fills leave room for. */
export function closeOnBook(
  venue: Venue,
  tier: TierShard,
  market: Market,
  owner: Holder,
  lots: Lots,
  room: Ticks,
  standing: Standing | undefined,
): void {
  const { arena } = tier;
  const { entry, events } = venue;
  const before = arena.num(owner.position, POSITION.lots);
  const isLong = before > 0;
  const limit = limitThrough(tier, market, isLong, room);
  const side = isLong ? SIDE.sell : SIDE.buy;
  const terms = packTerms(
    side,
    ORDER_TYPE.market,
    TIME_IN_FORCE.immediateOrCancel,
    ORDER_FLAG.reduceOnly,
    SELF_TRADE.cancelOldest,
  );
  const firstEvent = events.count;
  entry.begin(owner.bucket, owner.position, arena.int(owner.bucket, BUCKET.account), terms, limit, lots);
  entry.isForced = true;
  matchEntry(venue, tier, market, entry);
  const { filled, fees } = entry;
  if (filled === 0) return;
  let penalty: MicroUsd = NONE;
  if (standing !== undefined) {
    const worth = worthOfFills(venue, market, firstEvent);
    const fair = valueOf(filled, arena.num(market.row, MARKET.lotValue));
    const slippage = most(isLong ? minus(fair, worth) : minus(worth, fair), NONE);
    const loss = plus(slippage, fees);
    penalty = chargePenalty(tier, market, owner, absolute(before), filled, worth, loss, standing);
  }
  const closed = isLong ? filled : negate(filled);
  const id = numberOf(tier.buckets, owner.bucket);
  events.emit(LIQUIDATED, market.id, id, closed, HOW.book, 0, limit, penalty);
}

/** The worst price to close at: so far through the mark, within the band and the range. */
export function limitThrough(tier: TierShard, market: Market, isLong: boolean, room: Ticks): Ticks {
  const { arena } = tier;
  const mark = arena.int(market.row, MARKET.mark);
  const edge = bandLimit(arena, market, !isLong, mark);
  return isLong ? most(minus(mark, room), edge) : least(plus(mark, room), edge);
}

/** Value traded by the fills since an event. */
function worthOfFills(venue: Venue, market: Market, since: number): MicroUsd {
  const { words, count } = venue.events;
  let worth = 0;
  for (let event = since; event < count; event++) {
    const at = event * EVENT_WORDS;
    if (words[at] === FILL)
      worth += (words[at + FILL_AT.price] as number) * (words[at + FILL_AT.lots] as number) * market.notional;
  }
  return sumOfCells(worth);
}

/**
 * The penalty goes to the insurance fund; it never lowers equity ÷ maintenance margin and never exceeds the cash.
 * @param held - lots before the fills; @param loss - what the fills cost against the mark
 */
export function chargePenalty(
  tier: TierShard,
  market: Market,
  owner: Holder,
  held: Lots,
  filled: Lots,
  worth: MicroUsd,
  loss: MicroUsd,
  standing: Standing,
): MicroUsd {
  const { arena } = tier;
  const fair = fairLoss(arena, market, held, filled, standing.equity, standing.maintenance);
  const wanted = shareCeil(worth, arena.int(market.row, MARKET.liquidationFee));
  const payable = least(minus(fair, loss), arena.num(owner.bucket, BUCKET.cash));
  const penalty = most(least(wanted, payable), NONE);
  arena.addNum(owner.bucket, BUCKET.cash, negate(penalty));
  arena.addNum(tier.row, TIER.insurance, penalty);
  return penalty;
}

/** The backstop takes over what it may of a solvent position, at a discount to the mark. */
export function handToBackstop(
  venue: Venue,
  tier: TierShard,
  market: Market,
  owner: Holder,
  standing: Standing,
): void {
  const { arena } = tier;
  const lots = arena.num(owner.position, POSITION.lots);
  const room = takeoverRoom(arena, market, absolute(lots), standing.equity, standing.maintenance);
  const mark = arena.int(market.row, MARKET.mark);
  const price = lots > 0 ? most(minus(mark, room), ONE_TICK) : least(plus(mark, room), market.highest);
  passToBackstop(venue, tier, market, owner, price);
}

/** The most lots that the backstop's cap and margin allow: all, or half, a quarter … of what the cap does. */
export function passToBackstop(
  venue: Venue,
  tier: TierShard,
  market: Market,
  owner: Holder,
  price: Ticks,
): void {
  const { arena } = tier;
  const { events } = venue;
  const id = arena.int(tier.row, TIER.backstop);
  const bucket = id === 0 ? NIL : rowOf(arena, tier.buckets, id);
  if (bucket === NIL || bucket === owner.bucket) return;
  const lots = arena.num(owner.position, POSITION.lots);
  let position = positionOf(arena, bucket, market.id);
  const held = position === NIL ? NONE : arena.num(position, POSITION.lots);
  const before = backstopBefore(tier, market, bucket, held);
  const allowed = least(absolute(lots), roomOfBackstop(tier, market, before, lots, venue.now));
  for (let parts = 1; parts <= SMALLEST_PART; parts *= 2) {
    const taken = partFloor(allowed, parts);
    if (taken === 0) return;
    const savepoint = arena.savepoint();
    const eventsBefore = events.count;
    if (position === NIL) position = openPosition(tier, bucket, market);
    if (position === NIL) return;
    const signed = lots > 0 ? taken : negate(taken);
    transferPosition(venue, tier, market, owner, { bucket, position }, signed, price);
    if (onlyReduces(held, plus(held, signed)) || canCarry(venue, tier, bucket)) {
      countTakeover(tier, market, before, signed, venue.now);
      events.emit(
        LIQUIDATED,
        market.id,
        numberOf(tier.buckets, owner.bucket),
        signed,
        HOW.backstop,
        id,
        price,
        0,
      );
      return;
    }
    arena.rollbackTo(savepoint);
    events.truncate(eventsBefore);
    position = positionOf(arena, bucket, market.id);
  }
}

const SMALLEST_PART = 64;

/** The backstop covers its initial margin, and is worth no more than a bucket may be. */
function canCarry(venue: Venue, tier: TierShard, bucket: Holder["bucket"]): boolean {
  const { figures } = venue;
  measureBucket(tier, bucket, figures);
  return figures.equity >= figures.required && figures.ceilingValue <= MAX_BUCKET_VALUE;
}

/** Somebody whose position is closed against the one that is torn up. */
interface Opponent extends Holder {
  readonly id: number;
  readonly lots: Lots;
}

/** Closes what is left of a position at the mark against the other side, pro rata to its lots; the largest remainders get the odd ones. */
export function tearUp(venue: Venue, tier: TierShard, market: Market, owner: Holder): void {
  const { arena } = tier;
  const lots = arena.num(owner.position, POSITION.lots);
  const wanted = absolute(lots);
  const opponents = opponentsOf(tier, market, owner, lots);
  const total = opponents.reduce<Lots>((sum, opponent) => plus(sum, absolute(opponent.lots)), NONE);
  const shares = proRata(
    wanted,
    opponents.map((opponent) => absolute(opponent.lots)),
    total,
  );
  const mark = arena.int(market.row, MARKET.mark);
  venue.events.emit(
    LIQUIDATED,
    market.id,
    numberOf(tier.buckets, owner.bucket),
    lots,
    HOW.tornUp,
    0,
    mark,
    0,
  );
  opponents.forEach((opponent, index) => {
    const share = shares[index] ?? NONE;
    if (share === 0) return;
    const signed = lots > 0 ? share : negate(share);
    transferPosition(venue, tier, market, owner, opponent, signed, mark);
    venue.events.emit(TORN_UP, market.id, opponent.id, negate(signed), mark);
  });
}

/** Positions of the other side, in ascending order of bucket ids. */
function opponentsOf(tier: TierShard, market: Market, owner: Holder, lots: Lots): Opponent[] {
  const { arena } = tier;
  const opponents: Opponent[] = [];
  const last = usedRows(arena, tier.buckets);
  for (let id = 1; id <= last; id++) {
    const bucket = rowOf(arena, tier.buckets, id);
    if (bucket === owner.bucket) continue;
    const position = positionOf(arena, bucket, market.id);
    if (position === NIL) continue;
    const held = arena.num(position, POSITION.lots);
    if (held !== 0 && held > 0 !== lots > 0) opponents.push({ id, bucket, position, lots: held });
  }
  return opponents;
}

/**
 * The audit of open orders (B1): every order is in its bucket's list, in its position's reserve, in the heap if it is dated, under its client
 * id if it has one, and at its tick of the ladder its terms name, or among those a call auction collects; and nothing else is.
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { find } from "../kernel/pairIndex.ts";
import { numberOf, rowOf, usedRows } from "../kernel/pool.ts";
import { slotAt } from "../domain/positions.ts";
import { BUCKET, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER, TIMER } from "../domain/rows/order.ts";
import { TIER } from "../domain/rows/tier.ts";
import type { TierShard } from "../domain/tierShard.ts";
import { auditCollected, isCollected } from "./auditCollected.ts";
import { type Levels, auditLadders, noteLevel } from "./auditLadders.ts";
import { type Report, exactly, forEachPosition } from "./finding.ts";

/** What a position's open orders come to. */
interface Tally {
  orders: number;
  bidLots: bigint;
  askLots: bigint;
  bidNotional: bigint;
  askNotional: bigint;
}

const WAITING = 1 << 10;
const REDUCE_ONLY = 1 << 7;

export function auditOrders(tier: TierShard, report: Report): void {
  const { arena } = tier;
  const tallies = new Map<number, Tally>();
  const counts = new Map<number, number>();
  const levels: Levels = new Map();
  let dated = 0;
  const open = openOrders(tier);
  for (const order of open) {
    const market = arena.int(order, ORDER.market);
    const position = slotOf(arena, order);
    const where = `order ${numberOf(tier.orders, order)} of tier ${tier.id}`;
    report("B1", `${where}: its slot's market`, market, arena.int(position, POSITION.market));
    counts.set(market, (counts.get(market) ?? 0) + 1);
    addTo(tallies, tier, order, position);
    if (!isCollected(arena.int(order, ORDER.terms))) noteLevel(levels, tier, order);
    auditClientId(tier, order, where, report);
    if (arena.int(order, ORDER.timer) !== 0) dated++;
  }
  forEachPosition(tier, (position) => compareReserve(arena, position, tallies.get(position), report));
  for (let id = 1; id <= tier.marketCount; id++) {
    report("B1", `orders of market ${id}`, counts.get(id) ?? 0, arena.int(tier.marketRow(id), MARKET.orders));
  }
  for (let id = 1; id <= usedRows(arena, tier.buckets); id++) auditBucketList(tier, id, report);
  auditTimers(tier, dated, report);
  auditLadders(tier, levels, report);
  auditCollected(tier, open, report);
}

function openOrders(tier: TierShard): Ref<"order">[] {
  const orders: Ref<"order">[] = [];
  for (let number = 1; number <= usedRows(tier.arena, tier.orders); number++) {
    const order = rowOf(tier.arena, tier.orders, number);
    if (tier.arena.int(order, ORDER.bucket) !== NIL) orders.push(order);
  }
  return orders;
}

function slotOf(arena: Arena, order: Ref<"order">): Ref<"position"> {
  return slotAt(arena, arena.int(order, ORDER.bucket), arena.int(order, ORDER.slot));
}

function addTo(tallies: Map<number, Tally>, tier: TierShard, order: Ref<"order">, position: number): void {
  const { arena } = tier;
  const none: Tally = { orders: 0, bidLots: 0n, askLots: 0n, bidNotional: 0n, askNotional: 0n };
  const tally = tallies.get(position) ?? none;
  tallies.set(position, tally);
  tally.orders++;
  const terms = arena.int(order, ORDER.terms);
  if ((terms & (WAITING | REDUCE_ONLY)) !== 0) return;
  const lots = exactly(arena.num(order, ORDER.lots));
  const { notional } = tier.listedMarket(arena.int(order, ORDER.market));
  const value = lots * exactly(arena.int(order, ORDER.price)) * exactly(notional);
  if ((terms & 1) === 0) {
    tally.bidLots += lots;
    tally.bidNotional += value;
  } else {
    tally.askLots += lots;
    tally.askNotional += value;
  }
}

function compareReserve(
  arena: Arena,
  position: Ref<"position">,
  tally: Tally | undefined,
  report: Report,
): void {
  const where = `position slot ${position}`;
  const number = (column: typeof POSITION.bidLots): bigint => exactly(arena.num(position, column));
  const money = (column: typeof POSITION.bidNotional): bigint => exactly(arena.num(position, column));
  report("B1", `${where}: orders`, tally?.orders ?? 0, arena.int(position, POSITION.orders));
  report("B1", `${where}: bid lots`, tally?.bidLots ?? 0n, number(POSITION.bidLots));
  report("B1", `${where}: ask lots`, tally?.askLots ?? 0n, number(POSITION.askLots));
  report("B1", `${where}: bid notional`, tally?.bidNotional ?? 0n, money(POSITION.bidNotional));
  report("B1", `${where}: ask notional`, tally?.askNotional ?? 0n, money(POSITION.askNotional));
}

/** A bucket's list holds its own orders, each linked both ways, as many as its positions count. */
function auditBucketList(tier: TierShard, id: number, report: Report): void {
  const { arena } = tier;
  const bucket = rowOf(arena, tier.buckets, id);
  const where = `orders of bucket ${id} in tier ${tier.id}`;
  let counted = 0;
  for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++)
    counted += arena.int(slotAt(arena, bucket, slot), POSITION.orders);
  let found = 0;
  let newer: number = NIL;
  let order = arena.int(bucket, BUCKET.newestOrder);
  for (; order !== NIL && found <= counted; order = arena.int(order, ORDER.bucketOlder)) {
    report("B1", `${where}: owner`, bucket, arena.int(order, ORDER.bucket));
    report("B1", `${where}: link`, newer, arena.int(order, ORDER.bucketNewer));
    newer = order;
    found++;
  }
  report("B1", where, counted, found);
}

function auditClientId(tier: TierShard, order: Ref<"order">, where: string, report: Report): void {
  const { arena } = tier;
  const clientId = arena.num(order, ORDER.clientId);
  if (clientId === 0) return;
  const account = arena.int(arena.int(order, ORDER.bucket), BUCKET.account);
  report("B1", `${where}: found by its client id`, order, find(arena, tier.clientIndex, account, clientId));
}

/** The heap holds the dated orders, each at the place it names, none before one that expires earlier. */
function auditTimers(tier: TierShard, dated: number, report: Report): void {
  const { arena } = tier;
  const count = arena.int(tier.row, TIER.timers);
  report("B1", `dated orders of tier ${tier.id}`, dated, count);
  for (let place = 1; place <= count; place++) {
    const timer = tier.timer(place);
    const parent = tier.timer(place >> 1);
    const where = `timer ${place} of tier ${tier.id}`;
    report("B1", `${where}: place`, place, arena.int(arena.int(timer, TIMER.order), ORDER.timer));
    if (place === 1) continue;
    const wait = arena.num(timer, TIMER.expiry) - arena.num(parent, TIMER.expiry);
    if (wait < 0) report("B1", `${where}: expires before its parent`, 0, wait);
  }
}

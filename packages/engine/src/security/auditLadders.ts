/** The audit of ladders (B1): levels, queues, bitmaps and best prices are what the open orders make them, tick by tick. */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { LEVEL, type Ladder, levelAt } from "../kernel/ladder.ts";
import { MARKET } from "../domain/rows/market.ts";
import { ORDER } from "../domain/rows/order.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { type Report, exactly } from "./finding.ts";

/** What should stand at a tick of a ladder, by `placeOf` it. */
export type Levels = Map<string, Level>;

interface Level {
  lots: bigint;
  /** Addresses of what stands there: orders, or alarms. */
  readonly rows: Set<number>;
}

const WAITING = 1 << 10;
/** Types of conditional orders: stops, then take-profits. */
const STOPS = [2, 3];

/** Notes where an order should stand: at its price in the book, or at its trigger among those that wait for a rise or a fall. */
export function noteLevel(levels: Levels, tier: TierShard, order: Ref<"order">): void {
  const { arena } = tier;
  const terms = arena.int(order, ORDER.terms);
  const waits = (terms & WAITING) !== 0;
  const buys = (terms & 1) === 0;
  const rises = STOPS.includes((terms >> 1) & 7) === buys;
  const ladder = waits ? (rises ? "upward" : "downward") : buys ? "bids" : "asks";
  const tick = arena.int(order, waits ? ORDER.trigger : ORDER.price);
  const level = expectAt(levels, placeOf(arena.int(order, ORDER.market), ladder, tick), order);
  if (!waits) level.lots += exactly(arena.num(order, ORDER.lots));
}

/** Notes that a row should stand in a place. @returns what else should stand there, itself included */
export function expectAt(levels: Levels, place: string, row: number): Level {
  const level = levels.get(place) ?? { lots: 0n, rows: new Set<number>() };
  level.rows.add(row);
  levels.set(place, level);
  return level;
}

/** A tick of one of a market's ladders. */
export function placeOf(market: number, ladder: string, tick: number): string {
  return `${market} ${ladder} ${tick}`;
}

export function auditLadders(tier: TierShard, levels: Levels, report: Report): void {
  for (let id = 1; id <= tier.marketCount; id++)
    auditMarketLadders(tier, tier.listedMarket(id), levels, report);
  report("B1", `levels of tier ${tier.id} that no ladder shows`, 0, levels.size);
}

function auditMarketLadders(tier: TierShard, market: Market, levels: Levels, report: Report): void {
  const { arena } = tier;
  const { row } = market;
  const bid = arena.int(row, MARKET.bestBid);
  const book = auditLadder(
    arena,
    market,
    market.book,
    (tick) => (tick <= bid ? "bids" : "asks"),
    levels,
    report,
  );
  const up = auditLadder(arena, market, market.upward, () => "upward", levels, report);
  const down = auditLadder(arena, market, market.downward, () => "downward", levels, report);
  const where = `market ${market.id} of tier ${tier.id}`;
  report("B1", `${where}: best bid`, book.filter((tick) => tick <= bid).at(-1) ?? 0, bid);
  report("B1", `${where}: best ask`, book.find((tick) => tick > bid) ?? 0, arena.int(row, MARKET.bestAsk));
  report("B1", `${where}: lowest rising trigger`, up[0] ?? 0, arena.int(row, MARKET.lowestUpward));
  report("B1", `${where}: highest falling trigger`, down.at(-1) ?? 0, arena.int(row, MARKET.highestDownward));
  const value = arena.int(row, MARKET.mark) * arena.num(row, MARKET.notional);
  report("B1", `${where}: value of a lot`, value, arena.num(row, MARKET.lotValue));
}

/** Visits every tick of a ladder, strikes off what was expected there, and returns the occupied ticks, ascending. */
export function auditLadder(
  arena: Arena,
  market: Market,
  ladder: Ladder,
  sideOf: (tick: number) => string,
  levels: Levels,
  report: Report,
): number[] {
  const occupied: number[] = [];
  const { i32 } = arena;
  const [nothing, first] = [levelAt(ladder, 0), levelAt(ladder, 1)];
  const [ticks, words] = [2 ** ladder.bits, first - nothing];
  // Nearly all are empty: those are passed over with a look at their heads.
  for (let tick = 1, head = first + LEVEL.head; tick < ticks; tick++, head += words) {
    if (i32[head] === NIL) continue;
    occupied.push(tick);
    const place = placeOf(market.id, sideOf(tick), tick);
    auditLevel(arena, ladder, tick, levels.get(place), `${place} of the ladders`, report);
    levels.delete(place);
  }
  auditStoreys(arena, ladder, occupied, `market ${market.id}`, report);
  return occupied;
}

function auditLevel(
  arena: Arena,
  ladder: Ladder,
  tick: number,
  expected: Level | undefined,
  where: string,
  report: Report,
): void {
  const level = levelAt(ladder, tick);
  const queue = expected?.rows ?? new Set<number>();
  let found = 0;
  let previous: number = NIL;
  // Alarms are linked as orders are.
  let row = arena.int(level, LEVEL.head);
  for (; row !== NIL && found <= queue.size; row = arena.int(row, ORDER.next)) {
    report("B1", `${where}: what belongs there`, 1, queue.has(row) ? 1 : 0);
    report("B1", `${where}: link`, previous, arena.int(row, ORDER.previous));
    previous = row;
    found++;
  }
  report("B1", `${where}: queue`, queue.size, found);
  report("B1", `${where}: tail`, previous, arena.int(level, LEVEL.tail));
  report("B1", `${where}: lots`, expected?.lots ?? 0n, exactly(arena.num(level, LEVEL.lots)));
}

/** Every storey of the bitmap marks exactly the groups of ticks that hold an occupied one. */
function auditStoreys(
  arena: Arena,
  ladder: Ladder,
  occupied: readonly number[],
  where: string,
  report: Report,
): void {
  let marked = new Set(occupied);
  ladder.storeys.forEach((storey, index) => {
    let bits = 0;
    for (let word = 0; word < storey.words; word++) bits += onesIn(arena.i32[storey.base + word] as number);
    report("B1", `${where}: bits of storey ${index + 1}`, marked.size, bits);
    for (const bit of marked)
      report("B1", `${where}: bit ${bit} of storey ${index + 1}`, 1, bitAt(arena, ladder, index, bit));
    marked = new Set([...marked].map((bit) => bit >> 5));
  });
}

function bitAt(arena: Arena, ladder: Ladder, storey: number, bit: number): number {
  const base = ladder.storeys[storey]?.base ?? 0;
  return ((arena.i32[base + (bit >> 5)] as number) >>> (bit & 31)) & 1;
}

function onesIn(word: number): number {
  let ones = 0;
  for (let left = word; left !== 0; left &= left - 1) ones++;
  return ones;
}

/**
 * Alarms: prices between which a bucket is certainly healthy, so that a price move looks only at those it may endanger.
 *
 * Every open position carries one below its market's mark and one above it. See docs/spec/liquidation.md, "How nobody is missed".
 */
import { type Arena, NIL, type Ref } from "../kernel/arena.ts";
import { absolute, least, minus, partFloor, plus } from "../kernel/checked.ts";
import {
  type Ladder,
  alarmInLadder,
  append,
  clearLinks,
  detach,
  firstAlarm,
  levelAt,
  nextAbove,
  nextBelow,
} from "../kernel/ladder.ts";
import { shareFloor } from "../kernel/mulDiv.ts";
import { type Lots, type MicroUsd, NONE, type Ticks } from "../kernel/units.ts";
import { fundingOn, indexCharging, lotValueAt, valueOf } from "../kernel/value.ts";
import {
  COLLATERAL_RESERVE,
  FUNDING_RESERVE_PARTS,
  MAX_ASSETS,
  ONE_MICRO_USD,
  ONE_TICK,
} from "../domain/limits.ts";
import { nextSlot, slotAt } from "../domain/positions.ts";
import { ALARM, BUCKET, POSITION } from "../domain/rows/bucket.ts";
import { MARKET } from "../domain/rows/market.ts";
import { COLLATERAL, TIER } from "../domain/rows/tier.ts";
import type { Market, TierShard } from "../domain/tierShard.ts";
import { noteAllUnsettled, noteTaut, noteTautDue, noteUnsettled } from "../domain/unsettled.ts";
import { maintenanceEquityOf, maintenanceOf } from "./bucketMeasure.ts";
import { maintenanceCollateral, reserveCollateral } from "./collateral.ts";
import { unhealthyAbove, unhealthyBelow } from "./liquidationPrice.ts";
import { maintenanceMargin } from "./margin.ts";

/** Finest band: marks ± 2^−20. A bucket that needs a finer one is measured at every move instead. */
const FINEST = 2 ** 20;

/**
 * Sees to it that a bucket's alarms hold, as its positions and the marks stand now. Alarms that do stay where they are: to move one costs its
 * neighbours on two ladders, and most trades move a bucket by less than its alarms leave it.
 * @returns false if it is unhealthy; it has no alarms then
 */
export function setAlarms(tier: TierShard, bucket: Ref<"bucket">): boolean {
  const equity = maintenanceEquityOf(tier, bucket);
  const maintenance = maintenanceOf(tier, bucket);
  if (equity < maintenance) {
    clearAlarms(tier, bucket);
    return false;
  }
  const surplus = minus(equity, maintenance);
  const slack = minus(surplus, reserveOf(tier, bucket));
  if (slack >= 0 && (hold(tier, bucket, slack) || placeAlarms(tier, bucket, slack))) return true;
  // Too close for a reserve: alarms that hold until funding or a collateral's price moves.
  if (placeAlarms(tier, bucket, surplus)) noteTaut(tier, bucket);
  else {
    clearAlarms(tier, bucket);
    noteUnsettled(tier, bucket);
  }
  return true;
}

/** Takes all alarms of a bucket's slots off their ladders, whoever set them. */
export function clearAlarms(tier: TierShard, bucket: Ref<"bucket">): void {
  const end = endOfSlots(tier, bucket);
  for (let position = slotAt(tier.arena, bucket, 0); position < end; position = nextSlot(position))
    clearBoth(tier, position);
}

/** Takes an alarm that a market's mark has passed off its ladder. @returns whose it is, `NIL` when none is left */
export function takePassed(tier: TierShard, market: Market): Ref<"bucket"> {
  const { arena } = tier;
  const mark = arena.int(market.row, MARKET.mark);
  const below = arena.int(market.row, MARKET.highestAlarm);
  if (below >= mark && below !== 0) return takeAt(tier, market.alarmsBelow, below, true);
  const above = arena.int(market.row, MARKET.lowestAlarm);
  if (above <= mark && above !== 0) return takeAt(tier, market.alarmsAbove, above, false);
  return NIL;
}

/** Starts the reserves over from where prices and funding indices stand now; all alarms are to be set anew afterwards. */
export function renewReserves(tier: TierShard): void {
  const { arena } = tier;
  for (let id = 1; id <= tier.marketCount; id++) {
    const row = tier.marketRow(id);
    arena.setNum(row, MARKET.fundingAnchor, arena.num(row, MARKET.fundingIndex));
    const part = partFloor(arena.num(row, MARKET.lotValue), FUNDING_RESERVE_PARTS);
    arena.setNum(row, MARKET.fundingReserve, indexCharging(plus(part, ONE_MICRO_USD)));
  }
  for (let asset = 1; asset <= MAX_ASSETS; asset++) {
    const terms = tier.collateral(asset);
    arena.setNum(
      terms,
      COLLATERAL.reservePrice,
      shareFloor(arena.num(terms, COLLATERAL.price), COLLATERAL_RESERVE),
    );
  }
  arena.setInt(tier.row, TIER.allUnsettled, 0);
}

/** A market's funding index has moved: beyond the reserve, no alarm of the tier can be relied on. */
export function watchFunding(tier: TierShard, market: Market): void {
  const { arena } = tier;
  const drift = minus(
    arena.num(market.row, MARKET.fundingIndex),
    arena.num(market.row, MARKET.fundingAnchor),
  );
  noteTautDue(tier);
  if (absolute(drift) > arena.num(market.row, MARKET.fundingReserve)) noteAllUnsettled(tier);
}

/** A collateral's price has moved: below the reserve, likewise. A risen price raises the reserve: alarms set for a lower one hold. */
export function watchCollateral(tier: TierShard, terms: Ref<"collateral">): void {
  const { arena } = tier;
  const price = arena.num(terms, COLLATERAL.price);
  const reserve = arena.num(terms, COLLATERAL.reservePrice);
  if (price !== 0) noteTautDue(tier);
  if (price < reserve) noteAllUnsettled(tier);
  const risen = shareFloor(price, COLLATERAL_RESERVE);
  if (risen > reserve) arena.setNum(terms, COLLATERAL.reservePrice, risen);
}

/** What funding and collateral prices can still take from a bucket before the tier's alarms are set anew; rounded up. */
function reserveOf(tier: TierShard, bucket: Ref<"bucket">): MicroUsd {
  const { arena } = tier;
  let reserve: MicroUsd = NONE;
  if (arena.int(bucket, BUCKET.holdings) !== NIL)
    reserve = minus(maintenanceCollateral(tier, bucket), reserveCollateral(tier, bucket));
  const end = endOfSlots(tier, bucket);
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position)) {
    const lots = arena.num(position, POSITION.lots);
    if (lots === 0) continue;
    const { row } = tier.listedMarket(arena.int(position, POSITION.market));
    const drift = minus(arena.num(row, MARKET.fundingIndex), arena.num(row, MARKET.fundingAnchor));
    const room = arena.num(row, MARKET.fundingReserve);
    const adverse = lots > 0 ? minus(room, drift) : plus(room, drift);
    // One more: funding is rounded up once where it is measured, and may be once more within the reserve.
    reserve = plus(reserve, plus(fundingOn(absolute(lots), adverse), ONE_MICRO_USD));
  }
  return reserve;
}

/**
 * Whether the alarms of a bucket of several positions hold as they stand: each position has both, the marks lie between them, and all marks
 * going there at once, each the wrong way, cost no more than the slack. One position has its exact alarms, which move with it.
 */
function hold(tier: TierShard, bucket: Ref<"bucket">, slack: MicroUsd): boolean {
  const { arena } = tier;
  const end = endOfSlots(tier, bucket);
  let open = 0;
  let loss: MicroUsd = NONE;
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position)) {
    const lots = arena.num(position, POSITION.lots);
    const alarmBelow = tier.alarmBelow(position);
    const below = arena.int(alarmBelow, ALARM.tick);
    if (lots === 0 && below === 0 && arena.int(tier.alarmAbove(position), ALARM.tick) === 0) continue;
    const market = tier.listedMarket(arena.int(position, POSITION.market));
    const isOwn =
      arena.int(alarmBelow, ALARM.bucket) === bucket && arena.int(alarmBelow, ALARM.market) === market.id;
    if (lots === 0 || !isOwn) return false;
    open++;
    const mark = arena.int(market.row, MARKET.mark);
    const above = arena.int(tier.alarmAbove(position), ALARM.tick);
    if (!(below !== 0 && below < mark && mark < above)) return false;
    const highest = minus(above, ONE_TICK);
    const width = lots > 0 ? minus(minus(mark, below), ONE_TICK) : minus(highest, mark);
    const held = absolute(lots);
    // In floating point first, which is as good for what is far too much, and never out of range.
    if (held * width * market.notional > slack) return false;
    loss = plus(loss, costOf(arena, market, held, width, highest));
    if (loss > slack) return false;
  }
  return open > 1;
}

/** What a position can cost a bucket at most while its mark falls and rises by no more than `width`, and rises to `highest` at most. */
function costOf(arena: Arena, market: Market, held: Lots, width: Ticks, highest: Ticks): MicroUsd {
  const { notional } = market;
  const mark = arena.int(market.row, MARKET.mark);
  const margin = maintenanceMargin(arena, market, valueOf(held, lotValueAt(mark, notional)));
  const raised = maintenanceMargin(arena, market, valueOf(held, lotValueAt(highest, notional)));
  return plus(valueOf(held, lotValueAt(width, notional)), minus(raised, margin));
}

/** @returns false if even the finest band is too wide; alarms stand where they stood then */
function placeAlarms(tier: TierShard, bucket: Ref<"bucket">, slack: MicroUsd): boolean {
  const { arena } = tier;
  const end = endOfSlots(tier, bucket);
  let open = 0;
  let gross = 0;
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position)) {
    const lots = arena.num(position, POSITION.lots);
    if (lots === 0) continue;
    open++;
    const { row } = tier.listedMarket(arena.int(position, POSITION.market));
    gross += Math.abs(lots) * arena.num(row, MARKET.lotValue);
  }
  if (open < 2) {
    placeExact(tier, bucket, slack);
    return true;
  }
  for (let parts = 2; parts <= FINEST; parts *= 2) {
    if (gross > slack * parts || bandLoss(tier, bucket, parts) > slack) continue;
    placeBands(tier, bucket, parts);
    return true;
  }
  return false;
}

/** One position, or none: where health runs out, exactly. */
function placeExact(tier: TierShard, bucket: Ref<"bucket">, slack: MicroUsd): void {
  const { arena } = tier;
  const end = endOfSlots(tier, bucket);
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position)) {
    clearBoth(tier, position);
    const lots = arena.num(position, POSITION.lots);
    if (lots === 0) continue;
    const market = tier.listedMarket(arena.int(position, POSITION.market));
    place(tier, market, tier.alarmBelow(position), unhealthyBelow(arena, market, lots, slack), bucket, true);
    place(tier, market, tier.alarmAbove(position), unhealthyAbove(arena, market, lots, slack), bucket, false);
  }
}

/** What all marks moving by one part of `parts`, each the wrong way, could cost a bucket at most. */
function bandLoss(tier: TierShard, bucket: Ref<"bucket">, parts: number): MicroUsd {
  const { arena } = tier;
  const end = endOfSlots(tier, bucket);
  let loss: MicroUsd = NONE;
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position)) {
    const lots = absolute(arena.num(position, POSITION.lots));
    if (lots === 0) continue;
    const market = tier.listedMarket(arena.int(position, POSITION.market));
    const mark = arena.int(market.row, MARKET.mark);
    const width = partFloor(mark, parts);
    loss = plus(loss, costOf(arena, market, lots, width, least(plus(mark, width), market.highest)));
  }
  return loss;
}

function placeBands(tier: TierShard, bucket: Ref<"bucket">, parts: number): void {
  const { arena } = tier;
  const end = endOfSlots(tier, bucket);
  for (let position = slotAt(arena, bucket, 0); position < end; position = nextSlot(position)) {
    clearBoth(tier, position);
    if (arena.num(position, POSITION.lots) === 0) continue;
    const market = tier.listedMarket(arena.int(position, POSITION.market));
    const mark = arena.int(market.row, MARKET.mark);
    const width = plus(partFloor(mark, parts), ONE_TICK);
    const below = minus(mark, width);
    const above = plus(mark, width);
    place(tier, market, tier.alarmBelow(position), below < ONE_TICK ? NONE : below, bucket, true);
    place(tier, market, tier.alarmAbove(position), above > market.highest ? NONE : above, bucket, false);
  }
}

function place(
  tier: TierShard,
  market: Market,
  alarm: Ref<"alarm">,
  tick: Ticks,
  bucket: Ref<"bucket">,
  isBelow: boolean,
): void {
  if (tick === 0) return;
  const { arena } = tier;
  arena.setInt(alarm, ALARM.tick, tick);
  arena.setInt(alarm, ALARM.bucket, bucket);
  arena.setInt(alarm, ALARM.market, market.id);
  clearLinks(arena, alarmInLadder(alarm));
  append(arena, isBelow ? market.alarmsBelow : market.alarmsAbove, tick, alarmInLadder(alarm));
  const nearest = isBelow ? MARKET.highestAlarm : MARKET.lowestAlarm;
  const before = arena.int(market.row, nearest);
  if (before === 0 || (isBelow ? tick > before : tick < before)) arena.setInt(market.row, nearest, tick);
}

function clearBoth(tier: TierShard, position: Ref<"position">): void {
  clear(tier, tier.alarmBelow(position), true);
  clear(tier, tier.alarmAbove(position), false);
}

function clear(tier: TierShard, alarm: Ref<"alarm">, isBelow: boolean): void {
  const { arena } = tier;
  const tick = arena.int(alarm, ALARM.tick);
  if (tick === 0) return;
  const market = tier.listedMarket(arena.int(alarm, ALARM.market));
  arena.setInt(alarm, ALARM.tick, NONE);
  const ladder = isBelow ? market.alarmsBelow : market.alarmsAbove;
  if (!detach(arena, ladder, tick, alarmInLadder(alarm))) return;
  const nearest = isBelow ? MARKET.highestAlarm : MARKET.lowestAlarm;
  if (arena.int(market.row, nearest) !== tick) return;
  arena.setInt(
    market.row,
    nearest,
    isBelow ? nextBelow(arena, ladder, tick) : nextAbove(arena, ladder, tick),
  );
}

function takeAt(tier: TierShard, ladder: Ladder, tick: Ticks, isBelow: boolean): Ref<"bucket"> {
  const { arena } = tier;
  const alarm = firstAlarm(arena, levelAt(ladder, tick));
  clear(tier, alarm, isBelow);
  return arena.int(alarm, ALARM.bucket);
}

function endOfSlots(tier: TierShard, bucket: Ref<"bucket">): Ref<"position"> {
  return slotAt(tier.arena, bucket, tier.arena.int(bucket, BUCKET.slots));
}

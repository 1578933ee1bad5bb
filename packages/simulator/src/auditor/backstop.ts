/**
 * The backstop takes over what the book does not: as many lots as its limits and its margin allow.
 *
 * @see docs/spec/liquidation.md, step 6
 */
import { absolute, floorDivide, greatest, least } from "./arithmetic.ts";
import { clearTransfer } from "./clearing.ts";
import { equity, leastNetAssets, required } from "./margin.ts";
import { findSlot } from "./room.ts";
import { DAY, HOW, MILLION } from "./terms.ts";

import type { Bucket, Market, Position, Tier, World } from "./venue.ts";
import { backstopFor, emit, isInUse, notionalOf, positionOf, takeBack } from "./world.ts";

/** The smallest part of what its cap allows that the backstop tries. */
const SMALLEST_PART = 64n;

/** Moves lots of an open position to the tier's backstop at a price, if there is one that can carry any. */
export function takeOver(world: World, position: Position, price: number): void {
  const backstop = backstopFor(position.bucket);
  if (backstop === undefined) return;
  const worth = greatest(0n, leastNetAssets(world, backstop));
  const most = lotsWithinLimits(world, position, backstop, worth);
  for (let part = 1n; part <= SMALLEST_PART; part *= 2n) {
    const lots = most / part;
    if (lots === 0n || takes(world, position, backstop, lots, price, worth)) return;
  }
}

/** The most lots of the position that leave the backstop within its limits, or only shrink what it holds. */
function lotsWithinLimits(world: World, { lots, market }: Position, backstop: Bucket, worth: bigint): bigint {
  const held = backstop.positions.get(market.id)?.lots ?? 0n;
  const { backstopCap, backstopInventory } = market.terms;
  const lotValue = notionalOf(market, market.mark, 1n);
  const lotsFor = (value: bigint): bigint => floorDivide(value, lotValue);

  const shrinking = held * lots < 0n ? absolute(held) : 0n;
  const inventory = lotsFor(floorDivide(worth * backstopInventory, MILLION));
  const cap = backstopInventory === 0n ? backstopCap : least(backstopCap, inventory);
  const room = held * lots < 0n ? shrinking + cap : greatest(0n, cap - absolute(held));
  const { backstopDay } = backstop.tier;
  const today = shrinking + lotsFor(leftToday(world, backstop.tier, worth));
  return least(absolute(lots), backstopDay === 0n ? room : least(room, today));
}

/** Value that the backstop may still take over in its day. */
function leftToday(world: World, tier: Tier, worth: bigint): bigint {
  const { backstopDay, backstopBase, backstopTaken } = tier;
  if (isNewDay(world, tier)) return floorDivide(worth * backstopDay, MILLION);
  const share = floorDivide(least(worth, backstopBase) * backstopDay, MILLION);
  return greatest(0n, share - backstopTaken);
}

function isNewDay({ time }: World, { backstopTaken, backstopSince }: Tier): boolean {
  return backstopTaken === 0n || time - backstopSince >= DAY;
}

/** Counts the lots by which the backstop's position grew or turned. */
function countTakeover(world: World, { tier }: Bucket, grown: bigint, market: Market, worth: bigint): void {
  if (tier.backstopDay === 0n || grown === 0n) return;
  const before = isNewDay(world, tier) ? 0n : tier.backstopTaken;
  if (isNewDay(world, tier)) {
    world.journal.set(tier, "backstopSince", world.time);
    world.journal.set(tier, "backstopBase", worth);
  }
  world.journal.set(tier, "backstopTaken", before + notionalOf(market, market.mark, grown));
}

/** Takes over so many lots; if the backstop cannot, nothing has happened. */
function takes(
  world: World,
  position: Position,
  backstop: Bucket,
  lots: bigint,
  price: number,
  worth: bigint,
): boolean {
  const { bucket, market } = position;
  const mark = world.journal.mark;
  const told = world.events.length;
  const held = backstop.positions.get(market.id);
  if (!isInUse(held) && !findSlot(world, backstop)) return false;

  const to = positionOf(world, backstop, market);
  const before = to.lots;
  const moved = position.lots > 0n ? lots : -lots;
  clearTransfer(world, position, to, moved, price);
  const shrank = absolute(to.lots) < absolute(before) && to.lots * before >= 0n;
  if (!shrank && equity(world, backstop) < required(backstop)) {
    takeBack(world, mark, told);
    return false;
  }
  const grown = before * moved < 0n ? greatest(0n, lots - absolute(before)) : lots;
  countTakeover(world, backstop, grown, market, worth);
  emit(world, "positionLiquidated", market.id, bucket.id, moved, HOW.backstop, backstop.id, price, 0);
  return true;
}

/**
 * The backstop takes over what the book does not: as many lots as its cap and its margin allow.
 *
 * @see docs/spec/liquidation.md, step 6
 */
import { absolute, greatest, least } from "./arithmetic.ts";
import { clearTransfer } from "./clearing.ts";
import { equity, required } from "./margin.ts";
import { findSlot } from "./room.ts";
import { HOW } from "./terms.ts";
import type { Bucket, Position, World } from "./venue.ts";
import { backstopFor, emit, isInUse, positionOf, takeBack } from "./world.ts";

/** The smallest part of what its cap allows that the backstop tries. */
const SMALLEST_PART = 64n;

/** Moves lots of an open position to the tier's backstop at a price, if there is one that can carry any. */
export function takeOver(world: World, position: Position, price: number): void {
  const backstop = backstopFor(position.bucket);
  if (backstop === undefined) return;
  const most = lotsWithinCap(position, backstop);
  for (let part = 1n; part <= SMALLEST_PART; part *= 2n) {
    const lots = most / part;
    if (lots === 0n || takes(world, position, backstop, lots, price)) return;
  }
}

/** The most lots of the position that leave the backstop within its cap, or only shrink what it holds. */
function lotsWithinCap({ lots, market }: Position, backstop: Bucket): bigint {
  const held = backstop.positions.get(market.id)?.lots ?? 0n;
  const cap = market.terms.backstopCap;
  const room = held * lots < 0n ? absolute(held) + cap : cap - absolute(held);
  return least(absolute(lots), greatest(0n, room));
}

/** Takes over so many lots; if the backstop cannot, nothing has happened. */
function takes(world: World, position: Position, backstop: Bucket, lots: bigint, price: number): boolean {
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
  emit(world, "positionLiquidated", market.id, bucket.id, moved, HOW.backstop, backstop.id, price, 0);
  return true;
}

/**
 * The end of a bucket that owes more than it has: its positions are closed at the mark, its books are closed, and what it cannot
 * pay is a default.
 *
 * @see docs/spec/liquidation.md, "Insolvent"
 */
import { absolute } from "./arithmetic.ts";
import { takeOver } from "./backstop.ts";
import { mayBeLiquidated, sellOnBook } from "./bookSale.ts";
import { clearResidual } from "./clearing.ts";
import { witnessDefault } from "./defaultClaims.ts";
import { type Health, healthOf, holdingValue } from "./margin.ts";
import { hasRoomForHolding } from "./room.ts";
import { tearUp } from "./tearUp.ts";
import { ENDED, HOW } from "./terms.ts";
import type { Bucket, Position, World } from "./venue.ts";
import { absorbLoss } from "./waterfall.ts";
import { backstopFor, emit, holdsPositions } from "./world.ts";

/** Closes all that may be closed; true if a position is left and the bucket stays in distress. */
export function closeInsolvent(world: World, bucket: Bucket, health: Health): boolean {
  for (const { id } of bucket.tier.markets) {
    const position = bucket.positions.get(id);
    if (position !== undefined && mayBeLiquidated(world, position, health)) closeAtMark(world, position);
  }
  if (holdsPositions(bucket)) return true;

  sellCollateral(world, bucket);
  settleResiduals(world, bucket);
  const { equity } = healthOf(world, bucket);
  if (equity < 0n) witnessDefault(world, bucket, -equity, () => absorbLoss(world, bucket, -equity));
  const outcome = equity < 0n ? ENDED.defaulted : ENDED.closed;
  emit(world, "liquidationEnded", bucket.id, outcome, healthOf(world, bucket).equity);
  return false;
}

/** The book first, then the backstop, then everybody on the other side. */
function closeAtMark(world: World, position: Position): void {
  const { bucket, market, lots } = position;
  const { filled } = sellOnBook(world, position, absolute(lots), market.mark);
  if (filled > 0n) {
    const closed = lots > 0n ? filled : -filled;
    emit(world, "positionLiquidated", market.id, bucket.id, closed, HOW.book, 0, market.mark, 0);
  }
  if (position.lots !== 0n) takeOver(world, position, market.mark);
  if (position.lots !== 0n) tearUp(world, position);
}

/** The backstop buys each holding that it can pay for whole. */
function sellCollateral(world: World, bucket: Bucket): void {
  const { journal, venue } = world;
  const backstop = backstopFor(bucket);
  if (backstop === undefined) return;
  for (const asset of venue.assets) {
    const amount = bucket.holdings.get(asset.id) ?? 0n;
    const value = holdingValue(world, bucket, asset.id, "maintenanceWeight");
    const isBought = value > 0n && backstop.cash >= value && hasRoomForHolding(world, backstop, asset);
    if (!isBought) continue;
    journal.set(backstop, "cash", backstop.cash - value);
    journal.set(bucket, "cash", bucket.cash + value);
    journal.put(bucket.holdings, asset.id, 0n);
    journal.put(backstop.holdings, asset.id, (backstop.holdings.get(asset.id) ?? 0n) + amount);
    emit(world, "collateralSold", bucket.id, asset.id, amount, value);
  }
}

/** Claims are paid out as far as pools go, then debts are paid in as far as the cash goes. */
function settleResiduals(world: World, bucket: Bucket): void {
  const ofMarkets = bucket.tier.markets.flatMap(({ id }) => bucket.positions.get(id) ?? []);
  const claims = ofMarkets.filter(({ cost }) => cost < 0n);
  const debts = ofMarkets.filter(({ cost }) => cost > 0n);
  for (const position of [...claims, ...debts]) {
    const amount = clearResidual(world, position);
    const { market, cost } = position;
    if (amount !== 0n) emit(world, "residualSettled", market.id, bucket.id, amount, cost);
  }
}

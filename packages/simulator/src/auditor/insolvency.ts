/**
 * The end of a bucket that owes more than it has: its positions are offered at the mark, its books are closed, what it cannot pay
 * is a default, and what is still open is torn up.
 *
 * @see docs/spec/liquidation.md, "Insolvent"
 */
import { absolute } from "./arithmetic.ts";
import { takeOver } from "./backstop.ts";
import { mayBeLiquidated, sellOnBook } from "./bookSale.ts";
import { debtOf, payClaim, payOwnDebt, settleFunding } from "./clearing.ts";
import { witnessDefault } from "./defaultClaims.ts";
import { offerToBidders } from "./keepers.ts";
import { type Health, healthOf, holdingValue } from "./margin.ts";
import { hasRoomForHolding } from "./room.ts";
import { tearUp } from "./tearUp.ts";
import { ENDED, HOW } from "./terms.ts";
import type { Bucket, Position, World } from "./venue.ts";
import { absorbLoss } from "./waterfall.ts";
import { backstopFor, emit } from "./world.ts";

/** Closes all that may be closed; true if a position must be kept and the bucket stays in distress. */
export function closeInsolvent(world: World, bucket: Bucket, health: Health): boolean {
  const mayGo = (position: Position): boolean => mayBeLiquidated(world, position, health);
  for (const position of byMarket(bucket)) if (mayGo(position)) offerAtMark(world, position);
  const open = byMarket(bucket).filter(({ lots }) => lots !== 0n);
  if (!open.every(mayGo)) return true;

  for (const position of open) settleFunding(world, position);
  sellCollateral(world, bucket);
  settleResiduals(world, bucket);
  const { equity } = healthOf(world, bucket);
  if (equity < 0n) witnessDefault(world, bucket, -equity, () => absorbLoss(world, bucket, -equity));
  for (const position of open) tearUp(world, position);
  const outcome = equity < 0n ? ENDED.defaulted : ENDED.closed;
  emit(world, "liquidationEnded", bucket.id, outcome, healthOf(world, bucket).equity);
  return false;
}

/** The bucket's positions in ascending order of markets. */
function byMarket({ tier, positions }: Bucket): Position[] {
  return tier.markets.flatMap(({ id }) => positions.get(id) ?? []);
}

/** The book first, then the backstop. */
function offerAtMark(world: World, position: Position): void {
  const { bucket, market, lots } = position;
  const { filled } = sellOnBook(world, position, absolute(lots), market.mark);
  if (filled > 0n) {
    const closed = lots > 0n ? filled : -filled;
    emit(world, "positionLiquidated", market.id, bucket.id, closed, HOW.book, 0, market.mark, 0);
  }
  if (position.lots !== 0n) offerToBidders(world, position);
  if (position.lots !== 0n) takeOver(world, position, market.mark);
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

/** Flat claims are paid out as far as pools go, then debts, realised or at the mark, are paid in as far as the cash goes. */
function settleResiduals(world: World, bucket: Bucket): void {
  const tell = (position: Position, amount: bigint, left: bigint): void => {
    if (amount !== 0n) emit(world, "residualSettled", position.market.id, bucket.id, amount, left);
  };
  for (const position of byMarket(bucket)) {
    if (position.lots !== 0n || position.cost >= 0n) continue;
    tell(position, payClaim(world, position), position.cost);
  }
  for (const position of byMarket(bucket)) {
    tell(position, -payOwnDebt(world, position), debtOf(position));
  }
}

/**
 * Novation: both sides of a fill trade with the market, and only money that is there moves.
 *
 * @see docs/spec/clearing.md
 */
import { absolute, ceilDivide, greatest, least } from "./arithmetic.ts";
import { fundingOwed } from "./margin.ts";
import { MILLION } from "./terms.ts";
import type { Market, Order, Position, World } from "./venue.ts";
import { emit, notionalOf, positionOf } from "./world.ts";

/** What one side of a fill realised and paid. */
interface Booked {
  readonly position: Position;
  readonly realised: bigint;
  readonly fee: bigint;
}

/** Settles a fill of `lots` at the maker's price; the maker first in every step. */
export function clearFill(
  world: World,
  maker: Order,
  taker: Order,
  lots: bigint,
): { readonly maker: Booked; readonly taker: Booked } {
  const { market } = maker;
  const price = taker.uniformPrice ?? maker.price;
  const made = book(world, maker, lots, price, market.terms.makerFee);
  const took = book(world, taker, lots, price, taker.isForced ? forcedFee(market) : market.terms.takerFee);
  settleCash(world, market, [made, took]);
  return { maker: made, taker: took };
}

/** Settles a trade of two orders of a call auction, the seller first in every step: both pay half of what maker and taker pay together. */
export function clearPair(
  world: World,
  buy: Order,
  sell: Order,
  lots: bigint,
  price: number,
): { readonly maker: Booked; readonly taker: Booked } {
  const { market } = sell;
  const rate = ceilDivide(market.terms.makerFee + market.terms.takerFee, 2n);
  const made = book(world, sell, lots, price, rate);
  const took = book(world, buy, lots, price, rate);
  settleCash(world, market, [made, took]);
  return { maker: made, taker: took };
}

/** Fee rate of an order that closes a position in distress: what the maker's rebate costs. */
export function forcedFee({ terms }: Market): bigint {
  return greatest(0n, -terms.makerFee);
}

/** Steps 1 to 4 of a fill, for one side. */
function book(world: World, order: Order, lots: bigint, price: number, feeRate: bigint): Booked {
  const { journal } = world;
  const { market, direction } = order;
  const position = positionOf(world, order.bucket, market);

  settleFunding(world, position);
  const realised = realisedBy(position, direction * lots, price);
  const notional = notionalOf(market, price, lots);
  const fee = ceilDivide(notional * feeRate, MILLION);

  changeLots(world, position, direction * lots);
  journal.set(position, "cost", position.cost + direction * notional + fee);
  journal.set(market, "feeCost", market.feeCost - fee);
  return { position, realised, fee };
}

/** Moves the funding a position owes into its cost. */
export function settleFunding(world: World, position: Position): void {
  const { journal } = world;
  const { market } = position;
  const owed = fundingOwed(position);
  journal.set(position, "fundingEntry", market.fundingIndex);
  if (owed === 0n) return;
  journal.set(position, "cost", position.cost + owed);
  journal.set(market, "fundingCost", market.fundingCost - owed);
  emit(world, "fundingSettled", market.id, position.bucket.id, owed, market.fundingIndex);
}

/** Profit of the part of a position that `change` closes. */
function realisedBy({ market, lots, cost }: Position, change: bigint, price: number): bigint {
  const closes = lots > 0n ? change < 0n : lots < 0n && change > 0n;
  if (!closes) return 0n;
  const closed = least(absolute(change), absolute(lots));
  // BigInt division truncates towards zero, as the spec asks.
  const released = (cost * closed) / absolute(lots);
  const proceeds = notionalOf(market, price, closed);
  return (lots > 0n ? proceeds : -proceeds) - released;
}

/** Changes a position's lots and, with them, the market's open interest: the sum of the long positions. */
function changeLots(world: World, position: Position, change: bigint): void {
  const { market } = position;
  const after = position.lots + change;
  const grown = greatest(after, 0n) - greatest(position.lots, 0n);
  world.journal.set(position, "lots", after);
  world.journal.set(market, "openInterest", market.openInterest + grown);
}

/** Steps 5 to 7: losers pay in what they have, winners take what is there, then the house its fees. */
function settleCash(world: World, market: Market, sides: readonly Booked[]): void {
  payBetween(world, sides);
  payHouse(world, market);
}

function payBetween(world: World, sides: readonly Booked[]): void {
  for (const { position, realised, fee } of sides) payIn(world, position, fee - realised);
  for (const { position, realised, fee } of sides) payOut(world, position, realised - fee);
}

/** Pays up to `due` from the bucket's cash into the pool; returns what was paid. */
function payIn(world: World, position: Position, due: bigint): bigint {
  const { bucket, market } = position;
  const paid = least(due, bucket.cash);
  if (paid <= 0n) return 0n;
  world.journal.set(bucket, "cash", bucket.cash - paid);
  world.journal.set(market, "pool", market.pool + paid);
  world.journal.set(position, "cost", position.cost - paid);
  return paid;
}

/** Pays up to `due` from the pool to the bucket's cash; returns what was paid. */
function payOut(world: World, position: Position, due: bigint): bigint {
  const { bucket, market } = position;
  const paid = least(due, market.pool);
  if (paid <= 0n) return 0n;
  world.journal.set(market, "pool", market.pool - paid);
  world.journal.set(bucket, "cash", bucket.cash + paid);
  world.journal.set(position, "cost", position.cost + paid);
  return paid;
}

function payHouse(world: World, market: Market): void {
  const { tier } = market;
  const paid = least(-market.feeCost, market.pool);
  if (paid <= 0n) return;
  world.journal.set(market, "pool", market.pool - paid);
  world.journal.set(tier, "fees", tier.fees + paid);
  world.journal.set(market, "feeCost", market.feeCost + paid);
}

/** Pays what it can of a flat position's debt or claim; returns what the bucket received, signed. */
export function clearResidual(world: World, position: Position): bigint {
  const { market, cost } = position;
  const amount = cost > 0n ? -payIn(world, position, cost) : payOut(world, position, -cost);
  payHouse(world, market);
  return amount;
}

/** What a position owes, funding settled: its cost less its value at the mark, 0 if that is more. */
export function debtOf({ market, lots, cost }: Position): bigint {
  return greatest(0n, cost - notionalOf(market, market.mark, lots));
}

/** Pays a debt out of the bucket's cash, as far as that goes; returns what was paid. */
export function payOwnDebt(world: World, position: Position): bigint {
  return payIn(world, position, debtOf(position));
}

/** Pays a flat position's claim, as far as the pool goes; returns what was paid. */
export function payClaim(world: World, position: Position): bigint {
  return payOut(world, position, -position.cost);
}

/** Pays a debt of the position with money that is not its bucket's own. */
export function payDebt(world: World, position: Position, amount: bigint): void {
  const { market } = position;
  world.journal.set(position, "cost", position.cost - amount);
  world.journal.set(market, "pool", market.pool + amount);
  payHouse(world, market);
}

/** Moves lots of a position to another bucket at a price, without fees: a fill between the two. */
export function clearTransfer(world: World, from: Position, to: Position, lots: bigint, price: number): void {
  const given = transferSide(world, from, -lots, price);
  const taken = transferSide(world, to, lots, price);
  payBetween(world, [given, taken]);
}

function transferSide(world: World, position: Position, change: bigint, price: number): Booked {
  settleFunding(world, position);
  const realised = realisedBy(position, change, price);
  changeLots(world, position, change);
  const notional = notionalOf(position.market, price, change);
  world.journal.set(position, "cost", position.cost + notional);
  return { position, realised, fee: 0n };
}

/** Closes a position at the final price against the market's settlement account. */
export function clearExpiry(world: World, position: Position): void {
  const { journal } = world;
  const { market, bucket, lots } = position;

  settleFunding(world, position);
  const value = notionalOf(market, market.mark, lots);
  const realised = value - position.cost;

  changeLots(world, position, -lots);
  const settled = market.settledLots + lots;
  const grown = greatest(settled, 0n) - greatest(market.settledLots, 0n);
  journal.set(market, "openInterest", market.openInterest + grown);
  journal.set(market, "settledLots", settled);
  journal.set(market, "settledCost", market.settledCost + value);
  journal.set(position, "cost", position.cost - value);

  settleCash(world, market, [{ position, realised, fee: 0n }]);
  emit(world, "positionSettled", market.id, bucket.id, lots, market.mark, realised);
}

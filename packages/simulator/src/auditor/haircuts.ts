/**
 * The last layer of the waterfall: the house's unpaid fees, then winners' unrealised profit, bear what nobody has paid.
 *
 * @see docs/spec/liquidation.md, "Layer 6"
 */
import { absolute, ceilDivide, floorDivide, greatest, least } from "./arithmetic.ts";
import { debtOf } from "./clearing.ts";
import { equity, unrealised } from "./margin.ts";
import type { DefaultLoss } from "./lossBook.ts";
import { LAYER, MAX_LEVERAGE, MILLION } from "./terms.ts";
import type { Bucket, Market, Position, World } from "./venue.ts";
import { emit, notionalOf } from "./world.ts";

/** Bucket number that stands for the house in a `profitHaircut`. */
const HOUSE = 0;

/** Takes what remains of a deficit from those who are owed money in the markets where the bucket has debts. */
export function cutProfits(world: World, bucket: Bucket, deficit: bigint, loss: DefaultLoss): void {
  let remaining = deficit;
  for (const market of bucket.tier.markets) {
    const debtor = bucket.positions.get(market.id);
    if (debtor === undefined) continue;
    const wanted = least(remaining, debtOf(debtor));
    remaining -= cutMarket(world, debtor, wanted, remaining, loss);
  }
}

/** Takes `wanted` in one market; returns it. */
function cutMarket(
  world: World,
  debtor: Position,
  wanted: bigint,
  remaining: bigint,
  loss: DefaultLoss,
): bigint {
  const { journal } = world;
  const { bucket, market } = debtor;
  const { defaults } = market.tier;
  const ofHouse = least(wanted, greatest(0n, -market.feeCost));
  const cuts = cutWinners(world, market, wanted - ofHouse);
  const borne = [...cuts.values()].reduce((sum, cut) => sum + cut, ofHouse);
  if (wanted === 0n) return 0n;

  journal.set(market, "feeCost", market.feeCost + ofHouse);
  // What is left is what rounding funding up gave the market's funding account.
  journal.set(market, "fundingCost", market.fundingCost + wanted - borne);
  journal.set(debtor, "cost", debtor.cost - wanted);
  emit(world, "lossAbsorbed", defaults, bucket.id, LAYER.winners, wanted, remaining - wanted);
  const note = (from: number, amount: bigint): void =>
    journal.set(loss, "shortfalls", [...loss.shortfalls, { bucket: from, amount }]);
  if (ofHouse > 0n) {
    note(HOUSE, ofHouse);
    emit(world, "profitHaircut", defaults, market.id, HOUSE, ofHouse);
  }
  for (const winner of positionsIn(market)) {
    const cut = cuts.get(winner) ?? 0n;
    if (cut === 0n) continue;
    journal.set(winner, "cost", winner.cost + cut);
    note(winner.bucket.id, cut);
    emit(world, "profitHaircut", defaults, market.id, winner.bucket.id, cut);
  }
  return wanted;
}

/** What each winner of a market loses: open profits by weight, then open profits whole, then claims of those without lots. */
function cutWinners(world: World, market: Market, amount: bigint): Map<Position, bigint> {
  const positions = positionsIn(market);
  const open = positions.filter((each) => each.lots !== 0n && unrealised(each) > 0n);
  const flat = positions.filter((each) => each.lots === 0n && each.cost < 0n);
  const weights = new Map(open.map((each) => [each, weightOf(world, each)]));

  const cuts = new Map<Position, bigint>();
  let left = amount;
  const take = (from: readonly Position[], owed: (from: Position) => bigint, weigh = owed): void => {
    const sharers = from.map((each) => ({ weight: weigh(each), limit: owed(each) }));
    for (const [index, cut] of shareOut(left, sharers).entries()) {
      const winner = from[index];
      if (winner === undefined) continue;
      cuts.set(winner, (cuts.get(winner) ?? 0n) + cut);
      left -= cut;
    }
  };
  const profitLeft = (each: Position): bigint => unrealised(each) - (cuts.get(each) ?? 0n);
  const weight = (each: Position): bigint => weights.get(each) ?? 0n;
  take(
    open.filter((each) => weight(each) > 0n),
    profitLeft,
    weight,
  );
  take(open, profitLeft);
  take(flat, ({ cost }) => -cost);
  return cuts;
}

/** Positions in a market, in ascending order of their buckets. */
function positionsIn({ tier, id }: Market): Position[] {
  return tier.buckets.flatMap((bucket) => bucket.positions.get(id) ?? []);
}

/** One who bears part of a loss: by weight, up to a limit. */
export interface Sharer {
  readonly weight: bigint;
  readonly limit: bigint;
}

/**
 * Shares an amount out by weight. Whoever would bear more than its limit bears its limit, and the others share the rest; what
 * rounding leaves goes unit by unit to those still below their limits, in order.
 */
export function shareOut(amount: bigint, sharers: readonly Sharer[]): bigint[] {
  const shares = new Map<Sharer, bigint>();
  let left = amount;
  let sharing = sharers.filter(({ weight }) => weight > 0n);
  for (;;) {
    const before = left;
    const total = sharing.reduce((sum, { weight }) => sum + weight, 0n);
    const overdrawn = sharing.filter(({ weight, limit }) => before * weight > limit * total);
    if (overdrawn.length === 0) break;
    for (const sharer of overdrawn) {
      shares.set(sharer, sharer.limit);
      left -= sharer.limit;
    }
    sharing = sharing.filter((sharer) => !overdrawn.includes(sharer));
  }

  const rest = left;
  const total = sharing.reduce((sum, { weight }) => sum + weight, 0n);
  for (const sharer of sharing) {
    const share = (rest * sharer.weight) / total;
    shares.set(sharer, share);
    left -= share;
  }
  while (left > 0n && sharing.length > 0) {
    const [first] = sharing.splice(0, 1) as [Sharer];
    const share = shares.get(first) ?? 0n;
    if (share === first.limit) continue;
    shares.set(first, share + 1n);
    left -= 1n;
    sharing.push(first);
  }
  return sharers.map((sharer) => shares.get(sharer) ?? 0n);
}

/** `w`: unhedged profit times leverage. */
export function weightOf(world: World, position: Position): bigint {
  const unhedged = floorDivide(unrealised(position) * (MILLION - hedgeOf(position)), MILLION);
  return floorDivide(unhedged * leverageOf(world, position.bucket), MAX_LEVERAGE);
}

/** Part of a position, ppm, that the bucket holds against in other markets of the same underlying. */
export function hedgeOf({ bucket, market, lots }: Position): bigint {
  const { underlying } = market.terms;
  if (underlying === 0n) return 0n;
  let opposite = 0n;
  for (const other of bucket.positions.values()) {
    if (other.market === market || other.market.terms.underlying !== underlying) continue;
    if (other.lots * lots < 0n) opposite += valueOf(other);
  }
  const own = absolute(notionalOf(market, market.mark, lots));
  return floorDivide(MILLION * least(own, opposite), own);
}

/** Gross position value over equity, in whole times from 1 to 100. */
export function leverageOf(world: World, bucket: Bucket): bigint {
  const own = equity(world, bucket);
  if (own <= 0n) return MAX_LEVERAGE;
  const gross = [...bucket.positions.values()].reduce((sum, position) => sum + valueOf(position), 0n);
  return greatest(1n, least(MAX_LEVERAGE, ceilDivide(gross, own)));
}

function valueOf({ market, lots }: Position): bigint {
  return absolute(notionalOf(market, market.mark, lots));
}

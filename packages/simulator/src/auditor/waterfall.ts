/**
 * A default is absorbed layer by layer, each only for what the one before could not bear.
 *
 * @see docs/spec/liquidation.md, "The waterfall"
 */
import { floorDivide, least } from "./arithmetic.ts";
import { debtOf, payDebt } from "./clearing.ts";
import { cutProfits } from "./haircuts.ts";
import { MUTUAL, type Place, SKIN, assetOf, custody, move } from "./ledger.ts";
import { LAYER, MAX_LAYER, MILLION, MUTUAL_DRAW, QUOTE } from "./terms.ts";
import type { Asset, Bucket, Tier, World } from "./venue.ts";
import { emit } from "./world.ts";

/** Absorbs the deficit of a bucket, realised or at the mark. */
export function absorbLoss(world: World, bucket: Bucket, deficit: bigint): void {
  const { journal } = world;
  const { tier } = bucket;
  const quote = assetOf(world, QUOTE);
  journal.set(tier, "defaults", tier.defaults + 1);

  let remaining = deficit;
  const bear = (layer: number, limit: bigint, draw: (amount: bigint) => void): void => {
    const amount = least(remaining, limit);
    if (amount === 0n) return;
    draw(amount);
    remaining -= amount;
    payDebts(world, bucket, amount);
    emit(world, "lossAbsorbed", tier.defaults, bucket.id, layer, amount, remaining);
  };
  const fromVault = (fund: Place) => (amount: bigint) => move(world, quote, amount, fund, custody(tier.id));

  bear(LAYER.firstTranche, tier.skin, (amount) => journal.set(tier, "skin", tier.skin - amount));
  bear(LAYER.insurance, insuranceLimit(tier), (amount) =>
    journal.set(tier, "insurance", tier.insurance - amount),
  );
  bear(LAYER.secondTranche, quote.skin, fromVault(SKIN));
  bear(LAYER.mutual, mutualLimit(quote), fromVault(MUTUAL));
  cutProfits(world, bucket, remaining);
}

/** What one default may take of the insurance fund. */
export function insuranceLimit({ insurance, insuranceDraw }: Tier): bigint {
  return insuranceDraw === 0n ? insurance : floorDivide(insurance * insuranceDraw, MILLION);
}

/** What one default may take of the mutual fund. */
export function mutualLimit({ mutual }: Asset): bigint {
  return floorDivide(mutual * MUTUAL_DRAW, MILLION);
}

/** What could be paid for one default is noted, for margin to count with. */
export function noteDepth(world: World, tier: Tier): void {
  const quote = world.venue.assets[QUOTE - 1];
  const ofVenue = quote === undefined ? 0n : quote.skin + mutualLimit(quote);
  const layers = [tier.skin + insuranceLimit(tier), 0n, ofVenue];
  world.journal.set(
    tier,
    "depth",
    layers.map((layer) => least(layer, MAX_LAYER)),
  );
}

/** Money of a layer goes to the pools of the markets in which the bucket has debts. */
function payDebts(world: World, bucket: Bucket, amount: bigint): void {
  let left = amount;
  for (const { id } of bucket.tier.markets) {
    const position = bucket.positions.get(id);
    if (position === undefined) continue;
    const paid = least(left, debtOf(position));
    if (paid === 0n) continue;
    payDebt(world, position, paid);
    left -= paid;
  }
}

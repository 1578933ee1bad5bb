/**
 * A default is absorbed layer by layer, each only for what the one before could not bear.
 *
 * @see docs/spec/liquidation.md, "The waterfall"
 */
import { floorDivide, least } from "./arithmetic.ts";
import { debtOf, payDebt } from "./clearing.ts";
import { cutProfits } from "./haircuts.ts";
import { MUTUAL, type Place, SKIN, assetOf, custody, move } from "./ledger.ts";
import { forgetOldest, openLoss, partsOfCovers } from "./recoveries.ts";
import { DAY, LAYER, MAX_LAYER, MILLION, MUTUAL_DRAW, QUOTE } from "./terms.ts";
import type { Asset, Bucket, Tier, World } from "./venue.ts";
import { emit } from "./world.ts";

/** Absorbs the deficit of a bucket, realised or at the mark. */
export function absorbLoss(world: World, bucket: Bucket, deficit: bigint): void {
  const { journal } = world;
  const { tier } = bucket;
  const quote = assetOf(world, QUOTE);
  journal.set(tier, "defaults", tier.defaults + 1);

  const loss = openLoss(world, tier);
  let remaining = deficit;
  const bear = (layer: number, limit: bigint, draw: (amount: bigint) => void): void => {
    const amount = least(remaining, limit);
    if (amount === 0n) return;
    draw(amount);
    remaining -= amount;
    payDebts(world, bucket, amount);
    if (layer !== LAYER.cover) journal.put(loss.layers, layer, amount);
    emit(world, "lossAbsorbed", tier.defaults, bucket.id, layer, amount, remaining);
  };
  const fromVault = (fund: Place) => (amount: bigint) => move(world, quote, amount, fund, custody(tier.id));

  bear(LAYER.firstTranche, tier.skin, (amount) => journal.set(tier, "skin", tier.skin - amount));
  bear(LAYER.insurance, insuranceLimit(tier), (amount) =>
    journal.set(tier, "insurance", tier.insurance - amount),
  );
  for (const { number, borne, paid } of partsOfCovers(world, tier, deficit, remaining)) {
    if (borne === 0n) continue;
    const policy = tier.covers.get(number);
    if (policy === undefined) continue;
    const { account, limit, escrow } = policy;
    journal.put(tier.covers, number, { ...policy, limit: limit - borne, escrow: escrow - paid });
    journal.put(loss.covers, number, { account, paid, owed: borne - paid });
    emit(world, "coverClaimed", tier.defaults, number, account, paid, borne - paid);
    bear(LAYER.cover, paid, () => {});
  }
  bear(LAYER.secondTranche, quote.skin, fromVault(SKIN));
  if (remaining > 0n) beginDay(world, tier, quote);
  bear(LAYER.mutual, mutualLimit(world, tier, quote), (amount) => {
    journal.set(tier, "drawn", tier.drawn + amount);
    fromVault(MUTUAL)(amount);
  });
  cutProfits(world, bucket, remaining, loss);
  forgetOldest(world, tier);
}

/** What one default may take of the insurance fund. */
export function insuranceLimit({ insurance, insuranceDraw }: Tier): bigint {
  return insuranceDraw === 0n ? insurance : floorDivide(insurance * insuranceDraw, MILLION);
}

/** What a default of a tier that has had nothing yet may take of the mutual fund. */
function mutualPart({ mutual }: Asset): bigint {
  return floorDivide(mutual * MUTUAL_DRAW, MILLION);
}

/** What one default may take of the mutual fund: its part, and with what the tier has had within its day its part of the fund before. */
export function mutualLimit(world: World, tier: Tier, quote: Asset): bigint {
  const part = mutualPart(quote);
  return isDayOver(world, tier)
    ? part
    : least(part, floorDivide(tier.drawnBase * MUTUAL_DRAW, MILLION) - tier.drawn);
}

function isDayOver({ time }: World, { drawnSince, drawnBase }: Tier): boolean {
  return drawnBase === 0n || time - drawnSince >= DAY;
}

/** A tier's day of drawing on the mutual fund begins when it asks and the last one is over. */
function beginDay(world: World, tier: Tier, { mutual }: Asset): void {
  if (!isDayOver(world, tier)) return;
  world.journal.set(tier, "drawnSince", world.time);
  world.journal.set(tier, "drawnBase", mutual);
  world.journal.set(tier, "drawn", 0n);
}

/** What could be paid for one default is noted, for margin to count with. */
export function noteDepth(world: World, tier: Tier): void {
  const quote = world.venue.assets[QUOTE - 1];
  const ofVenue = quote === undefined ? 0n : quote.skin + mutualPart(quote);
  const own = least(tier.skin + insuranceLimit(tier), MAX_LAYER);
  const layers = [own, contiguousCover(world, tier, own), ofVenue];
  world.journal.set(
    tier,
    "depth",
    layers.map((layer) => least(layer, MAX_LAYER)),
  );
}

/** Escrow of the policies that follow one another without a gap, from where the tier's own layers end. */
function contiguousCover(world: World, tier: Tier, own: bigint): bigint {
  const byAttachment = [...tier.covers.values()].filter(({ expiry }) => world.time < expiry);
  byAttachment.sort((one, other) => Number(one.attachment - other.attachment));
  let total = 0n;
  for (const { attachment, escrow } of byAttachment) {
    if (attachment > own + total) break;
    total += escrow;
  }
  return total;
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

/**
 * Cover-2: whether what the venue keeps for losses beyond its tiers would bear the failure of the two owners who would leave the largest
 * losses, in extreme but plausible markets. A full sweep; it changes nothing. See docs/spec/funds.md, "Cover-2".
 */
import { minus, plus } from "./kernel/checked.ts";
import { compareProducts, scaleFloor, shareFloor } from "./kernel/mulDiv.ts";
import { rowOf, usedRows } from "./kernel/pool.ts";
import { type MicroUsd, NONE, type Ppm } from "./kernel/units.ts";
import { quoteAsCash } from "./kernel/value.ts";
import { BucketFigures } from "./domain/bucketFigures.ts";
import { MAX_INTEGER, MUTUAL_DRAW, PPM_ONE, QUOTE_ASSET } from "./domain/limits.ts";
import { BUCKET } from "./domain/rows/bucket.ts";
import { ASSET } from "./domain/rows/vault.ts";
import type { TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { UnknownId } from "./queries.ts";
import { residualsOf } from "./risk/stress.ts";

export interface CoverTwoView {
  /** The two owners with the largest losses beyond what they have, the larger first; those without one are left out. */
  readonly owners: readonly { readonly account: number; readonly residual: MicroUsd }[];
  /** The sum of both. */
  readonly needed: MicroUsd;
  /** Second tranche and mutual fund, whole; and what two defaults one after the other may draw of them. */
  readonly available: MicroUsd;
  readonly drawable: MicroUsd;
  /** ⌊available/needed⌋, 1e6 = 1, no more than 2^53 − 1; undefined if nothing is needed. */
  readonly ratio: Ppm | undefined;
}

/**
 * @param tierId - 0 = all tiers, an owner's buckets in all of them added up
 * @param otherwise - how far markets jump whose `stressMove` is 0, ppm
 * @throws {UnknownId}
 */
export function coverTwo(venue: Venue, tierId = 0, otherwise = 0): CoverTwoView {
  const owners = largestOf(tiersOf(venue, tierId), scaleFloor(PPM_ONE, otherwise, PPM_ONE));
  const needed = owners.reduce<MicroUsd>((sum, { residual }) => capped(sum, residual), NONE);
  const { available, drawable } = stockOf(venue);
  const ratio = needed === 0 ? undefined : ratioOf(available, needed);
  return { owners, needed, available, drawable, ratio };
}

function tiersOf(venue: Venue, id: number): readonly TierShard[] {
  if (id === 0) return venue.tiers.slice(0, venue.vault.tierCount);
  const tier = id < 1 ? undefined : venue.tier(id);
  if (tier === undefined) throw new UnknownId("tier", id);
  return [tier];
}

function largestOf(tiers: readonly TierShard[], otherwise: Ppm): CoverTwoView["owners"] {
  const risen = new Map<number, MicroUsd>();
  const fallen = new Map<number, MicroUsd>();
  const figures = new BucketFigures();
  for (const tier of tiers) {
    for (let number = 1; number <= usedRows(tier.arena, tier.buckets); number++) {
      const bucket = rowOf(tier.arena, tier.buckets, number);
      const account = tier.arena.int(bucket, BUCKET.account);
      const { afterRise, afterFall } = residualsOf(tier, bucket, figures, otherwise);
      risen.set(account, capped(risen.get(account) ?? NONE, afterRise));
      fallen.set(account, capped(fallen.get(account) ?? NONE, afterFall));
    }
  }
  const owners = [...risen].map(([account, residual]) => {
    const other = fallen.get(account) ?? NONE;
    return { account, residual: other > residual ? other : residual };
  });
  owners.sort((a, b) => b.residual - a.residual || a.account - b.account);
  return owners.slice(0, 2).filter(({ residual }) => residual > 0);
}

function stockOf({ vault }: Venue): Pick<CoverTwoView, "available" | "drawable"> {
  if (vault.assetCount < QUOTE_ASSET) return { available: NONE, drawable: NONE };
  const row = vault.asset(QUOTE_ASSET);
  const tranche = quoteAsCash(vault.arena.num(row, ASSET.skin));
  const fund = quoteAsCash(vault.arena.num(row, ASSET.mutual));
  const first = shareFloor(fund, MUTUAL_DRAW);
  const second = shareFloor(minus(fund, first), MUTUAL_DRAW);
  return { available: plus(tranche, fund), drawable: plus(tranche, plus(first, second)) };
}

function ratioOf(available: MicroUsd, needed: MicroUsd): Ppm {
  if (compareProducts(available, PPM_ONE, MAX_INTEGER, needed) > 0) return MAX_INTEGER;
  return scaleFloor(PPM_ONE, available, needed);
}

function capped(a: MicroUsd, b: MicroUsd): MicroUsd {
  return a > MAX_INTEGER - b ? MAX_INTEGER : plus(a, b);
}

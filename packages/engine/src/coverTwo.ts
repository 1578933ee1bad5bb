/**
 * Cover-2: whether what the venue keeps for losses beyond its tiers would bear the failure of the two owners who would leave the largest
 * losses, in extreme but plausible markets. A full sweep; it changes nothing. See docs/spec/funds.md, "Cover-2".
 */
import { minus, most, plus, plusUpTo } from "./kernel/checked.ts";
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
import type { BucketRun } from "./riskQueries.ts";
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
  const residuals = openResiduals(otherwise);
  for (const tier of tiersOf(venue, tierId))
    addResiduals(venue, residuals, tier.id, { first: 1, last: usedRows(tier.arena, tier.buckets) });
  return coverTwoOf(venue, residuals);
}

/** What owners would owe beyond what they have, as far as their buckets were looked at. Who would owe nothing is not in it. */
export interface OwnersResiduals {
  readonly otherwise: Ppm;
  /** By account, once all markets have risen, and once they have fallen. */
  readonly risen: Map<number, MicroUsd>;
  readonly fallen: Map<number, MicroUsd>;
  /** The two largest so far: residuals only grow, so nobody who is passed comes back by standing still. */
  largest: CoverTwoView["owners"];
}

/** For a sweep in parts, with commands in between: who asks says from when to when it was made. @param otherwise - as in `coverTwo` */
export function openResiduals(otherwise = 0): OwnersResiduals {
  return {
    otherwise: scaleFloor(PPM_ONE, otherwise, PPM_ONE),
    risen: new Map(),
    fallen: new Map(),
    largest: [],
  };
}

/** Looks at a run of buckets of a tier. @throws {UnknownId} */
export function addResiduals(
  venue: Venue,
  residuals: OwnersResiduals,
  tierId: number,
  { first, last }: BucketRun,
): void {
  const tier = tierAt(venue, tierId);
  const { arena } = tier;
  const { otherwise, risen, fallen } = residuals;
  const figures = new BucketFigures();
  const end = Math.min(last, usedRows(arena, tier.buckets));
  for (let number = first; number <= end; number++) {
    const bucket = rowOf(arena, tier.buckets, number);
    const { afterRise, afterFall } = residualsOf(tier, bucket, figures, otherwise);
    if (afterRise === 0 && afterFall === 0) continue;
    const account = arena.int(bucket, BUCKET.account);
    rank(residuals, account, most(addTo(risen, account, afterRise), addTo(fallen, account, afterFall)));
  }
}

function addTo(sums: Map<number, MicroUsd>, account: number, residual: MicroUsd): MicroUsd {
  const sum = plusUpTo(sums.get(account) ?? NONE, residual);
  sums.set(account, sum);
  return sum;
}

function rank(residuals: OwnersResiduals, account: number, residual: MicroUsd): void {
  const [, second] = residuals.largest;
  if (second !== undefined && second.residual > residual) return;
  const others = residuals.largest.filter((each) => each.account !== account);
  const ranked = [...others, { account, residual }];
  ranked.sort((a, b) => b.residual - a.residual || a.account - b.account);
  residuals.largest = ranked.slice(0, 2);
}

/** Cover-2 of what was looked at. */
export function coverTwoOf(venue: Venue, residuals: OwnersResiduals): CoverTwoView {
  const { largest: owners } = residuals;
  const needed = owners.reduce<MicroUsd>((sum, { residual }) => plusUpTo(sum, residual), NONE);
  const { available, drawable } = stockOf(venue);
  const ratio = needed === 0 ? undefined : ratioOf(available, needed);
  return { owners, needed, available, drawable, ratio };
}

function tiersOf(venue: Venue, id: number): readonly TierShard[] {
  if (id === 0) return venue.tiers.slice(0, venue.vault.tierCount);
  return [tierAt(venue, id)];
}

function tierAt(venue: Venue, id: number): TierShard {
  const tier = id < 1 ? undefined : venue.tier(id);
  if (tier === undefined) throw new UnknownId("tier", id);
  return tier;
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

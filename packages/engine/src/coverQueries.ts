/** Questions about a tier's cover, who bore its defaults, and how deep a failure would reach. They change nothing. */
import { absolute, minus, times } from "./kernel/checked.ts";
import { scaleCeil } from "./kernel/mulDiv.ts";
import { rowOf, usedRows } from "./kernel/pool.ts";
import type { MicroUsd, Ms, Ppm } from "./kernel/units.ts";
import { valueOf } from "./kernel/value.ts";
import { isCover } from "./domain/covers.ts";
import { MAX_COVERS, PPM_ONE } from "./domain/limits.ts";
import { coverAccountAt, coverOwedAt, coverPaidAt, lossOf, shortOf, shortfallsOf } from "./domain/losses.ts";
import { slotAt } from "./domain/positions.ts";
import { BUCKET, POSITION } from "./domain/rows/bucket.ts";
import { COVER, LOSS_BOOK, SHORTFALL } from "./domain/rows/losses.ts";
import { MARKET } from "./domain/rows/market.ts";
import { DEPTH, TIER } from "./domain/rows/tier.ts";
import type { TierShard } from "./domain/tierShard.ts";
import type { Venue } from "./domain/venue.ts";
import { UnknownId } from "./queries.ts";
import { initialMargin, marginBeforeDepth, stressLoss } from "./risk/margin.ts";

/** A layer used up whole costs one part in so many of the margin. */
const PARTS = 4;

/** A policy of purchased cover. */
export interface CoverView {
  readonly cover: number;
  readonly account: number;
  readonly attachment: MicroUsd;
  /** What it may still bear, and how much of that is in escrow. */
  readonly limit: MicroUsd;
  readonly escrow: MicroUsd;
  readonly expiry: Ms;
}

/** What everybody is still short of by a default. */
export interface LossView {
  readonly default: number;
  /** By layer, from 1 to 6. */
  readonly short: readonly MicroUsd[];
  /** Policies that had a part in it. */
  readonly covers: readonly {
    readonly cover: number;
    readonly account: number;
    readonly paid: MicroUsd;
    readonly owed: MicroUsd;
  }[];
  /** Winners, in the order in which they gave up profit; the house is not among them. */
  readonly winners: readonly { readonly bucket: number; readonly amount: MicroUsd }[];
}

/** The policies of a tier, by number. @throws {UnknownId} */
export function coversView(venue: Venue, tierId: number): CoverView[] {
  const tier = tierAt(venue, tierId);
  const { arena } = tier;
  const views: CoverView[] = [];
  for (let number = 1; number <= MAX_COVERS; number++) {
    if (!isCover(tier, number)) continue;
    const cover = tier.cover(number);
    views.push({
      cover: number,
      account: arena.int(cover, COVER.account),
      attachment: arena.num(cover, COVER.attachment),
      limit: arena.num(cover, COVER.limit),
      escrow: arena.num(cover, COVER.escrow),
      expiry: arena.num(cover, COVER.expiry),
    });
  }
  return views;
}

/** A tier's defaults that are remembered, the oldest first. @throws {UnknownId} */
export function lossesView(venue: Venue, tierId: number): LossView[] {
  const tier = tierAt(venue, tierId);
  const { arena, losses } = tier;
  const views: LossView[] = [];
  const first = arena.num(losses.book, LOSS_BOOK.forgotten) + 1;
  for (let id = first; id <= arena.num(tier.row, TIER.defaults); id++) {
    const loss = lossOf(tier, id);
    const numbers = Array.from({ length: MAX_COVERS }, (_, index) => index + 1);
    views.push({
      default: id,
      short: [1, 2, 3, 4, 5, 6].map((layer) => shortOf(tier, loss, layer)),
      covers: numbers
        .filter((number) => arena.int(loss, coverAccountAt(number)) !== 0)
        .map((number) => ({
          cover: number,
          account: arena.int(loss, coverAccountAt(number)),
          paid: arena.num(loss, coverPaidAt(number)),
          owed: arena.num(loss, coverOwedAt(number)),
        })),
      winners: shortfallsOf(tier, loss).map((row) => ({
        bucket: arena.int(row, SHORTFALL.bucket),
        amount: arena.num(row, SHORTFALL.amount),
      })),
    });
  }
  return views;
}

/** How deep the failure of one position would reach. */
export interface DepthView {
  readonly bucket: number;
  readonly market: number;
  /** At the mark. */
  readonly notional: MicroUsd;
  readonly stressLoss: MicroUsd;
  /** Initial margin as if no failure reached beyond the bucket, and as it is. */
  readonly flatMargin: MicroUsd;
  readonly margin: MicroUsd;
  /** Layers used up, and what the margin is multiplied by: 1 + depth/4. Rounded up, 1e6 = 1. */
  readonly depth: Ppm;
  readonly scaling: Ppm;
}

/** What the tier's own layers, its cover and the venue's layers count for in margin, as of the last clock tick. @throws {UnknownId} */
export function depthView(venue: Venue, tierId: number): readonly MicroUsd[] {
  const { arena, depth } = tierAt(venue, tierId);
  return [arena.num(depth, DEPTH.own), arena.num(depth, DEPTH.cover), arena.num(depth, DEPTH.venue)];
}

/** Every open position of a tier, by bucket and market. @throws {UnknownId} */
export function pierceDepth(venue: Venue, tierId: number): DepthView[] {
  const tier = tierAt(venue, tierId);
  const { arena } = tier;
  const views: DepthView[] = [];
  for (let number = 1; number <= usedRows(arena, tier.buckets); number++) {
    const bucket = rowOf(arena, tier.buckets, number);
    for (let slot = 0; slot < arena.int(bucket, BUCKET.slots); slot++) {
      const position = slotAt(arena, bucket, slot);
      const lots = arena.num(position, POSITION.lots);
      if (lots === 0) continue;
      const market = tier.listedMarket(arena.int(position, POSITION.market));
      const notional = absolute(valueOf(lots, arena.num(market.row, MARKET.lotValue)));
      const flatMargin = marginBeforeDepth(arena, market, notional);
      const margin = initialMargin(arena, market, notional);
      views.push({
        bucket: number,
        market: market.id,
        notional,
        stressLoss: stressLoss(arena, market, notional),
        flatMargin,
        margin,
        depth: scaleCeil(times(PPM_ONE, PARTS), minus(margin, flatMargin), flatMargin),
        scaling: scaleCeil(PPM_ONE, margin, flatMargin),
      });
    }
  }
  views.sort((a, b) => a.bucket - b.bucket || a.market - b.market);
  return views;
}

function tierAt(venue: Venue, id: number): TierShard {
  const tier = id < 1 ? undefined : venue.tier(id);
  if (tier === undefined) throw new UnknownId("tier", id);
  return tier;
}
